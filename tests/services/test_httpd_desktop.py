"""The desktop in a real Chromium."""

import json
import shutil
import time
from unittest.mock import ANY

import pytest
from harness import PATIENCE

from services import browser
from services.clients import PASSWORD
from services.desktop import view

pytestmark = pytest.mark.slow

VIEWS = ("dashboard", "terminal", "files", "processes", "gpio", "log", "settings", "about")


@pytest.fixture
def server(web):
    return web(heap="512k")


def test_a_wrong_password_is_told(server, tmp_path, require):
    next(filter(shutil.which, browser.NAMES), None) or require("chromium")
    page = browser.Browser(tmp_path / "profile")
    try:
        page.go(f"http://localhost:{server.port}/")
        page.wait("document.querySelector('#login')?.hidden === false")
        page.fill("#login [name=password]", "wrong")
        page.click("#login button")
        page.wait("document.querySelector('#login-error').textContent.includes('incorrect')")
        assert page.value("document.querySelector('#app').hidden")
    finally:
        page.close()


def test_all_views_without_a_complaint(page):
    for name in VIEWS:
        view(page, name)
    view(page, "dashboard")
    page.wait("document.body.innerText.includes('MicroPython')")
    assert page.messages == []
    assert page.value("document.cookie") == ""  # no script sees the session
    sizes = "[document.documentElement.scrollWidth, innerWidth]"
    for width in (1280, 390, 320):
        page.resize(width, 760, width < 600)
        for name in VIEWS:
            view(page, name)
            content, window = page.value(sizes)
            assert content <= window, (name, width)
            assert page.value("document.querySelectorAll('#views a').length") == len(VIEWS)
    assert page.messages == []


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline


def test_a_page_that_is_left_leaves_its_shell(page, server):
    """Chromium keeps the page, with its connections, for "back": then the shell is there again."""
    shown = "[...document.querySelectorAll('.pane:not([hidden]) .xterm-rows > div')].map((row) => row.textContent).join('\\n')"
    view(page, "terminal")
    page.wait(f"({shown}).includes('$:')")
    (before,) = server.get("/api/terminal").json
    assert before["looked_at"]
    page.go("about:blank")
    wait_for(lambda: server.get("/api/terminal").json == [{**before, "looked_at": False}])
    page.back()
    wait_for(lambda: server.get("/api/terminal").json == [before])
    page.wait(f"({shown}).includes('$:')")
    for key in "id":
        page.press(key, ord(key.upper()), key)
    page.press("Enter", 13, "\r")
    page.wait(f"({shown}).includes('uid=0')")
    page.go("about:blank")
    wait_for(lambda: server.get("/api/terminal").json == [])


def test_what_is_typed_before_a_shell_is_connected_reaches_it(page, line):
    shown = "[...document.querySelectorAll('.pane:not([hidden]) .xterm-rows > div')].map((row) => row.textContent).join('\\n')"
    view(page, "terminal")
    page.wait(f"({shown}).includes('$:')")
    line.hold()
    page.click("[aria-label='New shell']")
    page.wait("document.querySelectorAll('.tab').length === 2")
    page.type("echo $((6*7))")
    page.type("x")
    page.press("Enter", 13, "\r")
    line.go_on()
    page.wait(f"({shown}).includes('42x')")


def test_the_terminal(page, server):
    shown = "[...document.querySelectorAll('.pane:not([hidden]) .xterm-rows > div')].map((row) => row.textContent).join('\\n')"
    view(page, "terminal")
    page.wait(f"({shown}).includes('$:')")
    page.type("echo $((6*7))x; A=kept")
    page.press("Enter", 13, "\r")
    page.wait(f"({shown}).includes('42x')")
    page.call("Page.reload")  # the session lives on
    page.wait(f"document.querySelector('.xterm') && ({shown}).includes('42x')")
    page.click(".xterm textarea")
    page.value("document.querySelector('.xterm textarea').focus()")
    page.type("echo $A-$A")
    page.press("Enter", 13, "\r")
    page.wait(f"({shown}).includes('kept-kept')")
    page.click("[aria-label='New shell']")
    page.wait("document.querySelectorAll('.tab').length === 2")
    page.wait(f"({shown}).includes('$:') && !({shown}).includes('kept')")
    page.click(".tab.active .cross")
    page.wait("document.querySelectorAll('.tab').length === 1")
    assert page.messages == []


def test_a_shell_outlives_a_broken_network(page, server, line):
    shown = "[...document.querySelectorAll('.pane:not([hidden]) .xterm-rows > div')].map((row) => row.textContent).join('\\n')"
    view(page, "terminal")
    page.wait(f"({shown}).includes('$:')")
    page.type("A=alive; sleep 2; echo done-$A")
    page.press("Enter", 13, "\r")
    page.wait(f"({shown}).includes('sleep 2')")
    line.cut()
    page.wait("document.querySelector('.lost')?.hidden === false")
    assert "lost" in page.value("document.querySelector('.lost').textContent")
    line.mend()
    page.wait("document.querySelector('.lost').hidden")
    page.wait(f"({shown}).includes('done-alive')")  # what came meanwhile
    page.type("echo still-$A")
    page.press("Enter", 13, "\r")
    page.wait(f"({shown}).includes('still-alive')")
    assert server.get("/api/terminal").json == [{"terminal": ANY, "looked_at": True}]


def test_a_shell_has_the_size_of_its_window(page):
    shown = "[...document.querySelectorAll('.pane:not([hidden]) .xterm-rows > div')].map((row) => row.textContent).join('\\n')"
    view(page, "terminal")
    page.wait(f"({shown}).includes('$:')")
    for width in (1280, 700):
        page.resize(width, 800)
        page.wait(
            f"Math.abs(document.querySelector('.xterm-screen').clientWidth - ({width} - {216 * (width > 760)})) < 60"
        )
        page.type(f"echo $LINES $COLUMNS w$(({width}+0))")
        page.press("Enter", 13, "\r")
        rows, columns = page.wait(f"({shown}).match(/(\\d+) (\\d+)\\s+w{width}/)?.slice(1)")
        assert int(rows) > 20 and abs(int(columns) - (width - (216 if width > 760 else 0)) / 8.4) < 8


def test_files_are_dropped_with_progress_and_moved(page, server):
    view(page, "files/home")
    page.wait("document.querySelector('.crumbs')?.innerText.includes('home')")
    page.value(
        "window.seen = []; new MutationObserver(() => document.querySelectorAll('.job').forEach((job) => "
        "seen.push(job.textContent + job.querySelector('progress').value))).observe(document.body, "
        "{subtree: true, childList: true, characterData: true, attributes: true})"
    )
    drop = """(target) => { const data = new DataTransfer();
        data.items.add(new File(["x".repeat(300000)], "big.txt")); data.items.add(new File(["small"], "small.txt"));
        for (const kind of ["dragover", "drop"])
            target.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true})); }"""
    page.value(f"({drop})(document.querySelector('table'))")
    names = "[...document.querySelectorAll('td a.name')].map((link) => link.textContent)"
    page.wait(f"{names}.includes('small.txt') && {names}.includes('big.txt')")
    assert server.get("/fs/home/big.txt").data == b"x" * 300_000 and server.get("/fs/home/small.txt").data == b"small"
    assert any("big.txt" in text and "%" in text for text in page.value("seen"))
    server.ask("PUT", "/fs/home/below/", b"")
    for action, name in (("rename", "other.txt"), ("move", "/home/below/moved.txt")):
        page.click(f"[aria-label='Actions for {'small.txt' if action == 'rename' else 'other.txt'}']")
        page.click(f"dialog button[value={action}]")
        page.wait("!!document.querySelector('dialog input')")
        page.fill("dialog input", name)
        page.click("dialog button.primary")
        page.wait(
            f"!document.querySelector('dialog') && {names}.includes('other.txt') === {json.dumps(action == 'rename')}"
        )
    assert server.get("/fs/home/below/moved.txt").data == b"small"
    assert page.messages == []


def test_all_of_it_can_be_reached_by_keyboard(page):
    """TAB visits all controls in the order of the page, with a visible focus."""
    path = "[document.activeElement.tagName, document.activeElement.hash || document.activeElement.id]"
    view(page, "about")
    page.value("document.activeElement.blur()")
    found = []
    for _ in range(14):
        page.press("Tab", 9)
        found.append(page.value(path))
        outline = page.value(
            "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).boxShadow"
        )
        assert found[-1][0] == "BODY" or outline != "nonenone", found
    links = [place for tag, place in found if tag == "A" and place.startswith("#")]
    assert links[-len(VIEWS) :] == ["#" + name for name in VIEWS] and ["BUTTON", "logout"] in found
    page.value("document.querySelector('#views a[href=\"#log\"]').focus()")
    page.press("Enter", 13, "\r")
    page.wait("document.querySelector('#views a[aria-current]').hash === '#log'")


def test_everything_has_a_name(page):
    """What a screen reader would say: the browser's own accessibility tree."""
    page.call("Accessibility.enable")
    for name in VIEWS:
        view(page, name)
        page.wait(
            "document.querySelector('main > section:not([hidden])').innerText.length > 10 || location.hash === '#terminal'"
        )
        for node in page.call("Accessibility.getFullAXTree")["nodes"]:
            role = node.get("role", {}).get("value")
            if role in ("button", "link", "textbox", "checkbox", "switch", "combobox", "slider", "tab", "spinbutton"):
                assert node["ignored"] or node.get("name", {}).get("value"), (name, node)


def test_users_are_added_and_removed(page, server):
    view(page, "settings")
    page.wait("!!document.querySelector('.people li')")
    page.value("[...document.querySelectorAll('button')].find((button) => button.textContent === 'Add a user').click()")
    page.fill("dialog [name=name]", "ann")
    page.fill("dialog [name=password]", "for ann 1")
    page.fill("dialog [name=current]", PASSWORD)
    page.click("dialog button.primary")
    page.click("[aria-label='Remove ann']")
    answer, fields = server.login("for ann 1", "ann")
    assert answer.status == 200
    other = server.ask("PUT", "/api/users/root", {"password": "taken", "current": "for ann 1"}, fields, auth=False)
    assert other.status == 403
    page.click("dialog button.danger")
    page.wait("document.querySelectorAll('.people li').length === 1")
    assert server.login("for ann 1", "ann")[0].status == 401
    assert page.messages == []


def test_a_file_is_made_edited_and_removed(page, server):
    view(page, "files/home")
    page.wait("document.body.innerText.includes('Upload')")
    assert server.ask("PUT", "/fs/home/test.py", b"import os\nx = 5  # five\n").status == 201
    view(page, "files/home/test.py")
    page.wait("document.querySelector('.code textarea')?.value.includes('five')")
    assert page.value("[...document.querySelectorAll('.code .t-k')].map((n) => n.textContent)") == ["import"]
    assert page.value("document.querySelector('.code .t-c').textContent") == "# five"
    page.type("y = 6\n")
    page.click(".editor-pane button.primary")
    page.wait("document.body.innerText.includes('Saved')")
    assert server.get("/fs/home/test.py").text == "y = 6\nimport os\nx = 5  # five\n"
    server.ask("PUT", "/fs/home/test.py", b"theirs\n")  # somebody else writes
    page.value("document.querySelector('.code textarea').focus()")
    page.type("mine ")
    page.click(".editor-pane button.primary")
    page.wait("document.querySelector('dialog')?.innerText.includes('Changed meanwhile')")
    page.click("dialog button[value=reload]")
    page.wait("document.querySelector('.code textarea').value === 'theirs\\n'")
    page.messages[:] = [text for text in page.messages if "412" not in text]
    view(page, "files/home")
    page.click("[aria-label='Actions for test.py']")
    page.click("dialog button[value=erase]")
    page.wait("document.querySelector('dialog h2')?.textContent === 'Delete?'")
    page.click("dialog button.danger")
    page.wait("!document.body.innerText.includes('test.py')")
    assert server.get("/fs/home/test.py").status == 404
    assert page.messages == []


def test_an_upload_shows_in_the_directory(page, server, tmp_path):
    file = tmp_path / "up load.txt"
    file.write_text("from the browser")
    view(page, "files/home")
    page.wait("document.querySelector('.crumbs')?.innerText.includes('home')")
    root = page.call("DOM.getDocument")["root"]["nodeId"]
    node = page.call("DOM.querySelector", nodeId=root, selector="input[type=file]")["nodeId"]
    page.call("DOM.setFileInputFiles", nodeId=node, files=[str(file)])
    page.wait("[...document.querySelectorAll('td a.name')].some((link) => link.textContent === 'up load.txt')")
    assert server.get("/fs/home/up%20load.txt").text == "from the browser"


def test_no_name_becomes_markup(page, server):
    """File names, process names and log lines may come from anywhere."""
    evil = "%3Cimg%20src=x%20onerror=%22document.title='evil'%22%3E"
    assert server.ask("PUT", "/fs/home/" + evil, b"x").status == 201
    server.login(user="<img src=x onerror=\"document.title='evil'\">", password="x")
    view(page, "files/home")
    page.wait("document.body.innerText.includes('<img src=x')")
    view(page, "log")
    page.wait("document.querySelector('.log').innerText.includes('<img src=x')")
    assert "evil" not in page.value("document.title") and not page.value("document.querySelectorAll('main img').length")


def test_pins_services_and_processes(page, server):
    view(page, "gpio")
    page.wait("document.querySelectorAll('.pin').length > 3")
    page.value("const s = document.querySelector('.pin select'); s.value = 'out'; s.dispatchEvent(new Event('change'))")
    page.wait("!document.querySelector('.pin .level').disabled")
    page.click(".pin .level")
    page.wait("document.querySelector('.pin .level').getAttribute('aria-checked') === 'true'")
    number = page.value("document.querySelector('.pin strong').textContent").split()[1]
    assert server.get(f"/api/gpio/{number}").json["value"] == 1
    view(page, "processes")
    page.wait("document.body.innerText.includes('ftpd')")
    row = "[...document.querySelectorAll('tr')].find((row) => row.innerText.startsWith('ftpd'))"
    page.value(f"{row}.querySelector('td.act button').click()")
    page.wait(f"{row}.innerText.includes('running')")
    assert server.board.run("uftpd status")[1] == 0


def test_dark_and_light_and_logout(page):
    page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    color = "getComputedStyle(document.body).backgroundColor"
    page.wait(f"{color} === 'rgb(13, 20, 23)'")
    page.click("#theme")
    page.wait(f"{color} === 'rgb(243, 246, 246)'")
    page.click("#logout")
    page.wait("document.querySelector('#login')?.hidden === false")
