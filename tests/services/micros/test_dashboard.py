"""The dashboard in a real Chromium, with micrOS's own Load Modules and one that has every widget."""

import json
import shutil

import pytest

from services import browser
from services.clients import PASSWORD as ROOT_PASSWORD
from services.desktop import Line
from services.micros.conftest import PASSWORD
from services.web import Web

pytestmark = pytest.mark.slow

WIDGETS = """
from Types import resolve
state = {"S": 1, "X": 30, "Y": 40}
calls = []
def move(x, y):
    state["X"], state["Y"] = x, y
    calls.append("move %d %d" % (x, y))
def speed(value):
    state["X"] = value
def tune(name):
    calls.append(name)
    return "plays " + name
def fails():
    raise ValueError("no such thing")
def text():
    return {"calls": len(calls), "last": calls[-1] if calls else None}
def numbers():
    return {"a": 1.5, "b": len(calls), "name": "x"}
def status():
    return state
def help(widgets=False):
    return resolve((
        "JOYSTICK move x=<0-100-10> y", "SLIDER speed value=<0-50-5>", 'BUTTON{"result": true} tune name=<one,two>',
        "BUTTON fails", 'TEXTBOX{"refresh": 300} text', 'GRAPH{"refresh": 300} numbers', "STATUS status",
        'EMBED{"callback": "/icon.svg", "title": "picture", "image": true}', "plain x",
    ), widgets)
"""
MODULES = ("rgb", "cct", "neopixel", "dht22", "bme280", "switch", "buzzer", "dimmer")
WORLD = {
    "dht.32.temperature": "21.5",
    "dht.32.humidity": "40",
    "i2c.0.devices": json.dumps({"118": {"chip": "bme280", "temperature": 21.5, "pressure": 1000, "humidity": 40}}),
}


@pytest.fixture
def page(tmp_path, require):
    next(filter(shutil.which, browser.NAMES), None) or require("chromium")
    page = browser.Browser(tmp_path / "profile")
    yield page
    page.close()


@pytest.fixture
def visit(page):
    """Callable: open the dashboard of a board. By way of a port that no browser forbids."""
    lines = []

    def visit(web, path="/dashboard/"):
        lines.append(Line(web.port))
        page.go(f"http://localhost:{lines[-1].port}{path}")

    yield visit
    for line in lines:
        line.cut()
        line.listener.close()


def card(name):
    return f"document.querySelector('article[aria-label={name}]')"


def field(label):
    return f"document.querySelector({json.dumps(f'[aria-label={json.dumps(label)}]')})"


def change(page, found, value):
    """Set a field's value as a user would."""
    page.wait(f"!!{found}")
    page.value(f"{found}.value = {json.dumps(value)}, {found}.dispatchEvent(new Event('input'))")


def test_every_widget_calls_its_module(node, page, visit):
    web = Web(node({"LM_it.py": WIDGETS}, heap="900k").board, hostname="simulator")
    lm = lambda line: web.board.run(f"lm {line}")[0]  # noqa: E731
    assert "usage" not in lm("it status")
    visit(web, "/dashboard")
    page.wait("document.querySelector('#login')?.hidden === false")
    page.fill("#login [name=password]", "wrong")
    page.click("#login button")
    page.wait("document.querySelector('#login-error').textContent.includes('incorrect')")
    page.fill("#login [name=user]", "micros")  # the clients' password does as well as that of a user
    page.fill("#login [name=password]", PASSWORD)
    page.click("#login button")
    page.wait(f"{card('it')} && document.querySelector('#name').textContent === 'simulator'")
    page.wait(f"{field('move')}.getAttribute('aria-valuetext') === 'x 30, y 40'")  # what its status says
    page.value(f"{field('move')}.focus()")
    page.press("ArrowRight", 39)
    page.press("ArrowDown", 40)
    page.wait(f"{card('it')}.innerText.includes('last: move 40 50')")
    change(page, field("speed"), "45")
    page.wait(f"{card('it')}.innerText.includes('x 45, y 50')")
    page.value("[...document.querySelectorAll('button')].find((button) => button.textContent === 'two').click()")
    page.wait(f"{card('it')}.innerText.includes('plays two')")
    page.value("[...document.querySelectorAll('button')].find((button) => button.textContent === 'fails').click()")
    page.wait("document.querySelector('#toasts').textContent.includes('no such thing')")
    page.wait(
        f"{card('it')}.querySelector('.legend').innerText.match(/a\\s+1.5/) && {card('it')}.querySelectorAll('.graph path').length === 2"
    )
    page.wait(f"{card('it')}.querySelector('img').naturalWidth > 0")
    page.fill("#command [name=line]", 'it tune "three - words"')
    page.press("Enter", 13, "\r")
    page.wait("document.querySelector('#command pre').textContent === 'plays three - words'")
    page.click("#config summary")
    page.wait("document.querySelector('#config [name=timirqseq]')?.value === '1000'")
    page.value("document.querySelector('#config [name=timirqseq]').value = '2500'")
    page.click("#config button")
    page.wait("document.querySelector('#toasts').textContent.includes('Config updated')")
    page.value("location.reload()")  # the clients' password is kept nowhere
    page.wait("document.querySelector('#login')?.hidden === false")
    web.board.run("service stop micros")
    page.fill("#login [name=password]", ROOT_PASSWORD)
    page.click("#login button")
    page.wait("document.querySelector('#note').textContent.includes('micros is not running')")
    assert [text for text in page.messages if " 401 " not in text and " 503 " not in text] == []


def test_modules_of_micros_on_a_phone(node, toolkit, page, visit):
    place = toolkit / "micrOS" / "source" / "modules"
    node = node(mount=place, board="esp32-wroom-32", heap="4M", image="mpy", set=WORLD)
    web = Web(node.board, hostname="simulator", micros={"rest": "open"})
    for name in MODULES:
        node.lm(f"{name} help")
    page.resize(390, 844, True)
    visit(web)
    page.wait(f"document.querySelectorAll('article').length === {len(MODULES)}")  # without a login
    page.wait(f"{card('dht22')}.innerText.includes('21.5') && {card('bme280')}.innerText.includes('temp[C] 19')")
    change(page, f"{card('rgb')}.querySelector('[type=color]')", "#ff0080")
    node.board.wait("lm rgb status", "R: 1000")
    page.value(f"{card('rgb')}.querySelector('[aria-label=toggle] button:last-child').click()")
    node.board.wait("lm rgb status", "S: 0")
    page.wait(f"{card('rgb')}.querySelector('[aria-pressed=true]').textContent === 'Off'")
    page.value(f"{field('Load a module')}.value = 'servo', {field('Load a module')}.dispatchEvent(new Event('change'))")
    page.wait(f"![...{field('Load a module')}.options].some((option) => option.value === 'servo')")
    page.wait(f"document.querySelectorAll('article').length >= {len(MODULES)}")
    assert page.value("document.documentElement.scrollWidth") <= 390
    small = "[...document.querySelectorAll('article button, article input')].filter((n) => n.getBoundingClientRect().height < 32).length"
    assert page.value(small) == 0  # a finger hits everything
    assert [text for text in page.messages if "/api/session" not in text] == []
