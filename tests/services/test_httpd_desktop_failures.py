"""The desktop's reaction to failures, in a real Chromium."""

import json

import pytest

from services.clients import PASSWORD
from services.desktop import view

pytestmark = pytest.mark.slow

NAMES = "[...document.querySelectorAll('td a.name')].map((link) => link.textContent)"
HIDDEN = "document.querySelector('.editor-pane')?.hidden"
FAILED = "Failed to load resource"


@pytest.fixture
def server(web):
    return web(heap="512k")


def told(page, text):
    """Wait for a message on the page, and dismiss it."""
    found = (
        f"[...document.querySelectorAll('.toast')].filter((toast) => toast.textContent.includes({json.dumps(text)}))"
    )
    page.wait(f"{found}.length > 0")
    page.value(f"{found}.forEach((toast) => toast.remove())")


def press(page, text, part="document"):
    """Click the element with this name."""
    find = f"[...{part}.querySelectorAll('button, td a.name')].find((node) => node.textContent.trim() === {json.dumps(text)})"
    page.wait(f"!!{find}")
    page.value(f"{find}.click()")


def answer(page, text):
    """Fill in the dialog and send it."""
    page.fill("dialog input", text)
    page.click("dialog button.primary")


def cancel(page):
    page.click("dialog button")
    page.wait("!document.querySelector('dialog')")


def enter(page, name):
    """Open a directory."""
    view(page, "files/" + name)
    page.wait(f"document.querySelector('.crumbs')?.innerText.replace(/\\s/g, '') === '/{name}' && {HIDDEN}")


def in_order(page):
    """No script error: only the expected refusals are left."""
    return [text for text in page.messages if FAILED not in text] == []


def test_every_name_of_a_file_works_and_what_cannot_be_is_said(page, server):
    odd = "a#b%20 c?.txt"
    for name, data in (("a%23b%2520%20c%3F.txt", b"odd"), ("bin.dat", bytes(range(256))), ("crlf.txt", b"a\r\nb\r\n")):
        assert server.ask("PUT", "/fs/home/" + name, data).status == 201
    enter(page, "home")
    press(page, odd)
    page.wait("document.querySelector('.code textarea')?.value === 'odd'")
    page.click(".editor-pane a.button")
    page.wait(f"{HIDDEN} && {NAMES}.includes({json.dumps(odd)})")
    for _ in range(2):  # what is no text is not opened as one, however often
        press(page, "bin.dat")
        page.wait("document.querySelector('dialog h2')?.textContent === 'bin.dat'")
        assert page.value("document.activeElement.value") == "rename"  # and not what would remove it
        cancel(page)
    press(page, "crlf.txt")
    page.wait("document.querySelector('.code textarea')?.value === 'a\\nb\\n'")
    assert page.value("document.querySelector('.editor-pane button.primary').disabled")  # nothing to save
    page.type("new\n")
    page.click(".editor-pane button.primary")
    told(page, "Saved")
    assert server.get("/fs/home/crlf.txt").data == b"new\r\na\r\nb\r\n"
    view(page, "files/etc/shadow")
    told(page, "/etc/shadow is not there")
    view(page, "files/no/such/file")
    told(page, "/no/such/file is not there")
    enter(page, "home")
    press(page, "Folder")
    answer(page, "below")
    page.wait(f"{NAMES}.includes('below')")
    for kind, name, said in (
        ("Folder", "below", "already exists"),
        ("Folder", "x" * 300, "too long"),
        ("File", "crlf.txt", "already exists"),
    ):
        press(page, kind)
        answer(page, name)
        told(page, said)
    press(page, "Folder")
    answer(page, "..")
    page.wait("document.querySelector('dialog input').validity.patternMismatch")
    cancel(page)
    for target, said in (
        ("/home/crlf.txt", "already exists"),
        ("/none/x", "no such directory"),
        ("/rom/x", "read-only file system"),
        ("/home/below", "Moved to /home/below/bin.dat"),
    ):
        page.click("[aria-label='Actions for bin.dat']")
        press(page, "Move")
        page.wait("!!document.querySelector('dialog input')")
        answer(page, target)
        told(page, said)
    assert server.get("/fs/home/below/bin.dat").data == bytes(range(256))
    assert in_order(page)


def test_an_upload_replaces_only_when_told_and_says_what_does_not_fit(page, server):
    server.ask("PUT", "/fs/home/old.txt", b"old")
    enter(page, "home")
    drop = """(...files) => { const data = new DataTransfer();
        for (const [name, text] of files) data.items.add(new File([text], name));
        document.querySelector("table").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})); }"""
    page.value(f"({drop})(['old.txt', 'new'], ['other.txt', 'other'])")
    page.wait("document.querySelector('dialog')?.innerText.includes('old.txt: already exists')")
    cancel(page)
    page.wait(f"{NAMES}.includes('other.txt')")
    assert server.get("/fs/home/old.txt").data == b"old"
    page.value(f"({drop})(['old.txt', 'new'])")
    press(page, "Replace")
    page.wait("!document.querySelector('.job') && !document.querySelector('dialog')")
    page.wait("fetch('/fs/home/old.txt').then((a) => a.text()).then((text) => text === 'new')")
    page.value(f"({drop})(['huge.bin', new Uint8Array(9e6)])")
    told(page, "huge.bin: not enough space")
    assert server.get("/fs/home/huge.bin").status == 404
    assert in_order(page)


def test_settings_say_what_is_wrong_and_keep_the_session_and_secrets(page, server):
    secret = {"env": {"API_KEY": "abc", "COLOR": "red"}}
    assert server.ask("PATCH", "/api/config", secret).status == 204
    view(page, "settings")
    page.wait("!!document.querySelector('.people li')")
    fields = "[...document.querySelectorAll('.forms [autocomplete$=-password]')]"
    for now, new, said in (
        ("wrong", "neues1", "incorrect user name or password"),
        (PASSWORD, "neues1", "has been changed"),
    ):
        page.value(f"{fields}.forEach((field, i) => field.value = [{now!r}, {new!r}, {new!r}][i])")
        press(page, "Change")
        told(page, said)
        assert page.value("document.querySelector('#login').hidden")
    page.fill("[name=host]", "pond")
    page.fill("[name=zone]", "Europe/Berlim")
    press(page, "Save")
    told(page, "TZ: Europe/Berlim is none of the places that are known, such as Europe/Berlin")
    page.fill("[name=zone]", "Europe/Berlin")
    press(page, "Save")
    told(page, "Saved")
    saved = server.board.run("cat /etc/system.conf")[0]
    assert '"abc"' in saved and '"TZ": "Europe/Berlin"' in saved and '"pond"' in saved and "***" not in saved
    press(page, "Connect")
    told(page, "Which network?")
    press(page, "Scan")
    page.wait("[...document.querySelectorAll('#networks option')].map((o) => o.value).join() === 'Diatom,Guest'")
    press(page, "Restart the board")
    page.wait("document.querySelector('dialog')?.innerText.includes('httpd does not start at boot')")
    assert page.value("document.activeElement.textContent") == "Cancel"
    cancel(page)
    assert in_order(page)


def test_a_view_comes_when_the_board_does_again(page, server, line):
    server.ask("PUT", "/fs/home/e.txt", b"abc")
    view(page, "files/home/e.txt")
    page.wait("document.querySelector('.code textarea')?.value === 'abc'")
    line.cut()
    page.type("z")
    page.click(".editor-pane button.primary")
    told(page, "/home/e.txt is not saved")
    page.value("location.hash = '#log'")
    page.wait("document.body.innerText.includes('cannot be loaded')")
    page.wait("document.querySelector('#toasts').innerText.includes('No connection to the board')")
    line.mend()
    page.wait("document.querySelector('.log')?.innerText.includes('logged in')")
    page.wait("!document.querySelector('#toasts').innerText.includes('No connection')")
    view(page, "files/home/e.txt")
    page.click(".editor-pane button.primary")  # what was typed has stayed
    told(page, "Saved")
    assert server.get("/fs/home/e.txt").data == b"zabc"
    assert in_order(page)


def test_a_session_that_has_ended_asks_once_and_goes_on(page, server):
    view(page, "dashboard")
    server.board.run("setauth root other1 other1")
    page.wait("!document.querySelector('#login').hidden")
    page.value(
        "window.stolen = 0; document.querySelector('#login [name=password]').addEventListener('focus', () => stolen++)"
    )
    page.value("window.asked = performance.getEntriesByType('resource').length")
    page.fill("#login [name=user]", "root")
    page.fill("#login [name=password]", "other1")
    page.click("#login button")
    page.wait("!document.querySelector('#app').hidden")
    assert page.value("stolen") <= 1  # by this test
    page.wait("performance.getEntriesByType('resource').slice(asked).some((e) => e.name.endsWith('/api/status'))")
    assert in_order(page)
