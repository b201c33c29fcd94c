"""The desktop in a real Chromium: services, signals, pins, several shells, logging out."""

import json
import socket
import time

import pytest
from harness import PATIENCE

from services.clients import PASSWORD
from services.desktop import view

pytestmark = pytest.mark.slow

SHOWN = (
    "[...document.querySelectorAll('.pane:not([hidden]) .xterm-rows > div')].map((row) => row.textContent).join('\\n')"
)
TOASTS = "document.querySelector('#toasts').textContent"
TABS = "[...document.querySelectorAll('.tab')].map((tab) => tab.textContent + '*'.repeat(tab.matches('.active')))"


@pytest.fixture
def server(web):
    return web(heap="1M")


def row(label):
    """The text of the table row with this name."""
    return f"document.querySelector({json.dumps(f'[aria-label={json.dumps(label)}]')})?.closest('tr').innerText"


def enter(page, line):
    page.type(line)
    page.press("Enter", 13, "\r")


def choose(page, label, value):
    """Set a field's value as a user would."""
    page.value(
        f"(() => {{ const field = document.querySelector({json.dumps(f'[aria-label={json.dumps(label)}]')}); "
        f"field.value = {json.dumps(value)}; for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind)); }})()"
    )


def test_services_are_started_and_stopped(page, server):
    view(page, "processes")
    page.click('[aria-label="Start telnetd"]')
    page.wait(f"({row('Stop telnetd')})?.includes('running')")
    server.board.connect(23).close()
    first = server.get("/api/services/telnetd").json["pid"]
    page.click('[aria-label="Restart telnetd"]')
    page.wait(f"fetch('/api/services/telnetd').then((a) => a.json()).then((s) => s.pid && s.pid !== {first})")
    page.wait(f"({row('Stop telnetd')})?.includes('running')")
    page.click('[aria-label="Start telnetd at boot"]')
    page.wait("fetch('/api/services/telnetd').then((a) => a.json()).then((s) => s.enabled)")
    page.click('[aria-label="Stop telnetd"]')
    page.wait(f"({row('Start telnetd')})?.includes('stopped')")
    assert server.get("/api/services/telnetd").json["enabled"]
    for label in ("Stop httpd", "Restart httpd"):
        assert page.value(f"document.querySelector('[aria-label=\"{label}\"]').disabled")  # it serves this page
    assert page.messages == []


def test_a_service_that_does_not_start_says_why_and_can_be_stopped(page, server):
    view(page, "processes")
    with socket.create_server(("127.0.0.1", server.board.port(21))):
        page.click('[aria-label="Start ftpd"]')
        page.wait(f"{TOASTS}.includes('Address already in use')")
        page.click('[aria-label="Stop ftpd"]')  # it would be tried again and again
        page.wait(f"({row('Start ftpd')})?.includes('stopped')")


def test_a_process_gets_signals(page, server):
    view(page, "terminal")
    page.wait(f"({SHOWN}).includes('$:')")
    enter(page, "sleep 1000")
    view(page, "processes")
    page.wait("document.body.innerText.includes('sleep 1000')")
    (entry,) = [entry for entry in server.get("/api/processes").json if entry["name"] == "sleep"]
    label = f"Signal for process {entry['pid']}"
    for value, wanted in (("STOP", "held"), ("CONT", "running")):
        page.click(f'[aria-label="{label}"]')
        page.click(f"dialog button[value={value}]")
        page.wait(f"({row(label)})?.includes('{wanted}')")
        if value == "STOP":
            page.wait(
                "[...document.querySelectorAll('tr')].some((row) => row.innerText.match(/%1\\s+\\d+\\s+Stopped/))"
            )
    page.click(f'[aria-label="{label}"]')
    page.press("Escape", 27)  # nothing happens
    page.wait("!document.querySelector('dialog')")
    page.click(f'[aria-label="{label}"]')
    page.click("dialog button[value=TERM]")
    page.wait(f"!document.querySelector('[aria-label=\"{label}\"]')")
    httpd = server.get("/api/services/httpd").json["pid"]
    assert page.value(f"document.querySelector('[aria-label=\"Signal for process {httpd}\"]').disabled")
    assert page.messages == []


def test_several_shells(page, server):
    view(page, "terminal")
    for number in range(1, 5):
        page.wait(f"({SHOWN}).includes('$:')")
        enter(page, f"A=shell{number}; echo $A$A")
        page.wait(f"({SHOWN}).includes('shell{number}shell{number}')")
        if number < 4:
            page.click("[aria-label='New shell']")
            page.wait(f"document.querySelectorAll('.tab').length === {number + 1}")
    for number in (2, 4, 1, 3):
        page.value(f"document.querySelectorAll('.tab [role=tab]')[{number - 1}].click()")
        enter(page, "echo $A-")
        page.wait(f"({SHOWN}).includes('shell{number}-')")
    enter(page, "exit")
    page.wait(f"({SHOWN}).includes('Press a key to close')")
    page.press("x", 88, "x")
    page.wait(f"JSON.stringify({TABS}) === JSON.stringify(['Shell 1', 'Shell 2', 'Shell 4*'])")
    for number in range(4, 9):
        page.click("[aria-label='New shell']")
        page.wait(f"document.querySelectorAll('.tab').length === {number} && ({SHOWN}).includes('$:')")
    page.click("[aria-label='New shell']")
    page.wait(f"{TOASTS}.includes('No more than eight shells')")
    assert len(server.get("/api/terminal").json) == 8
    assert page.messages == []


def test_pins_are_set(page, server):
    def pin(number):
        return server.get(f"/api/gpio/{number}").json

    def until(number, text):
        page.wait(f"fetch('/api/gpio/{number}').then((a) => a.json()).then((now) => {text})")

    view(page, "gpio")
    page.wait("document.querySelectorAll('.pin').length > 20")
    choose(page, "Mode of GPIO 4", "out")
    page.click('[aria-label="GPIO 4 is low"]:enabled')
    page.wait("!!document.querySelector('[aria-label=\"GPIO 4 is high\"]')")
    assert pin(4)["value"] == 1
    choose(page, "Mode of GPIO 6", "up")
    page.wait("!!document.querySelector('[aria-label=\"GPIO 6 is high\"]')")
    choose(page, "Mode of GPIO 5", "pwm")
    page.wait("document.querySelector('[aria-label=\"Duty of GPIO 5\"]').value === '50'")
    choose(page, "Duty of GPIO 5", "25")
    until(5, "now.duty === 0.25 && now.frequency === 1000")
    choose(page, "Frequency of GPIO 5, Hz", "440")
    until(5, "now.duty === 0.25 && now.frequency === 440")
    page.resize(390, 760, True)  # nothing of a pin stands beside its card
    beside = (
        "[...document.querySelectorAll('.pin')].filter((card) => [...card.querySelectorAll('*')].some((part) => "
        "part.getBoundingClientRect().right > card.getBoundingClientRect().right)).map((card) => card.innerText)"
    )
    assert page.value(beside) == []
    page.resize(1280, 800)
    choose(page, "Mode of GPIO 5", "in")
    until(5, "now.mode === 'in' && now.duty === undefined")
    assert page.messages == []


def test_what_was_asked_before_a_choice_does_not_undo_it(page, server):
    """The user makes a choice while the levels of all pins arrive slowly."""
    view(page, "gpio")
    page.wait("document.querySelectorAll('.pin').length > 20")
    choose(page, "Mode of GPIO 5", "pwm")
    duty = "document.querySelector('[aria-label=\"Duty of GPIO 5\"]')"
    page.wait(f"{duty}.value === '50'")
    page.value(
        "window.held = [], window.real = fetch, window.fetch = (path, options) => path !== '/api/gpio' ? real(path, options) "
        ": real(path, options).then((answer) => new Promise((go) => held.push(() => go(answer))))"
    )
    page.wait("held.length > 0")  # it says 50
    choose(page, "Duty of GPIO 5", "25")
    page.wait("real('/api/gpio/5').then((a) => a.json()).then((now) => now.duty === 0.25)")
    page.value("held.splice(0).forEach((go) => go())")
    page.wait("held.length > 0")  # that was looked at, and the next one is under way
    assert page.value(f"{duty}.value") == "25"


def test_the_light_has_the_chosen_color(page, server):
    def wait(color):
        look = {"command": "> import simulator; print(simulator.get('neopixel.8'))"}
        end = time.monotonic() + PATIENCE
        while color not in (found := server.ask("POST", "/api/run", look).text):
            assert time.monotonic() < end, found

    view(page, "gpio")
    page.wait("!!document.querySelector('[aria-label=\"Color of the LED\"]')")
    choose(page, "Color of the LED", "#ff8001")
    wait("[(255, 128, 1)]")
    page.value(
        "document.querySelector('[aria-label=\"Color of the LED\"]').parentElement.querySelector('button').click()"
    )
    wait("[(0, 0, 0)]")
    assert page.value("document.querySelector('[aria-label=\"Color of the LED\"]').value") == "#000000"
    assert page.messages == []


def test_what_a_pin_cannot_is_said(page, server):
    view(page, "gpio")
    page.wait("document.querySelectorAll('.pin').length > 20")
    mode = "document.querySelector('[aria-label=\"Mode of GPIO 34\"]')"
    page.value(f"{mode}.focus()")
    choose(page, "Mode of GPIO 34", "out")
    page.wait(f"{TOASTS}.includes('pin can only be input')")
    page.wait(f"{mode}.value === ''")  # what it is, not what was wanted
    choose(page, "Mode of GPIO 4", "pwm")
    page.wait("document.querySelector('[aria-label=\"Duty of GPIO 4\"]').value === '50'")
    choose(page, "Frequency of GPIO 4, Hz", "99999999")
    page.wait(f"{TOASTS}.includes('frequency: expected 1 to 40000000')")
    page.wait("document.querySelector('[aria-label=\"Frequency of GPIO 4, Hz\"]').value === '1000'")


def test_logging_out_ends_what_the_page_may(page, server):
    view(page, "terminal")
    page.wait(f"({SHOWN}).includes('$:')")
    enter(page, "A=secret; echo $A$A")
    page.wait(f"({SHOWN}).includes('secretsecret')")
    page.click("#logout")
    page.wait("document.querySelector('#login')?.hidden === false")
    assert page.value("fetch('/api/processes').then((answer) => answer.status)") == 401
    assert "secret" not in page.value("document.documentElement.innerHTML")
    page.messages.clear()
    page.fill("#login [name=password]", PASSWORD)
    page.click("#login button")
    page.wait("document.querySelector('#app')?.hidden === false")
    page.wait(f"document.querySelector('.xterm') && ({SHOWN}).includes('$:')")
    assert page.messages == []


def test_a_logout_in_another_window_asks_who_is_there(page, server):
    page.wait("document.querySelector('#views a[aria-current]')?.hash === '#dashboard'")
    view(page, "about")  # where nothing is asked again and again
    page.value(
        "fetch('/api/session').then((a) => a.json()).then((now) => "
        "fetch('/api/logout', { method: 'POST', headers: { 'X-CSRF-Token': now.csrf } })).then((a) => a.status)"
    )
    view(page, "terminal")
    page.wait("document.querySelector('#login')?.hidden === false")
    page.fill("#login [name=password]", PASSWORD)
    page.click("#login button")
    page.wait(f"document.querySelector('#app')?.hidden === false && ({SHOWN}).includes('$:')")
