"""The desktop in a real Chromium."""

import shutil

import pytest

from services import browser
from services.clients import PASSWORD

pytestmark = pytest.mark.slow

VIEWS = ("dashboard", "terminal", "files", "processes", "gpio", "log", "settings", "about")


@pytest.fixture
def server(web):
    return web(heap="512k")


@pytest.fixture
def page(server, tmp_path, require):
    """A page with the desktop, logged in."""
    next(filter(shutil.which, browser.NAMES), None) or require("chromium")
    page = browser.Browser(tmp_path / "profile")
    try:
        page.go(f"http://localhost:{server.port}/")
        page.wait("document.querySelector('#login')?.hidden === false")
        page.fill("#login [name=password]", PASSWORD)
        page.click("#login button")
        page.wait("document.querySelector('#app')?.hidden === false")
        page.messages.clear()  # the 401 that led to the login
        yield page
    finally:
        page.close()


def view(page, name):
    page.value(f"location.hash = '#{name}'")
    page.wait(f"document.querySelector('#views a[aria-current]')?.hash === '#{name.split('/')[0]}'")
    page.wait("[...document.querySelectorAll('main > section')].some((s) => !s.hidden && s.childElementCount)")


def test_a_wrong_password_is_told(server, tmp_path, require):
    next(filter(shutil.which, browser.NAMES), None) or require("chromium")
    page = browser.Browser(tmp_path / "profile")
    try:
        page.go(f"http://localhost:{server.port}/")
        page.wait("document.querySelector('#login')?.hidden === false")
        page.fill("#login [name=password]", "wrong")
        page.click("#login button")
        page.wait("document.querySelector('#login-error').textContent.includes('wrong')")
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
    """Names of files, of processes and lines of the log come from anywhere."""
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
