"""Notifications over Telegram, ntfy and MQTT, and by Load Modules."""

import http.server
import json
import subprocess
import threading
import time

import pytest
from harness import PATIENCE

MODULE = """
from Notify import Notify
from Common import notify

class Own(Notify):
    def send_msg(self, text, *args, **named):
        print(self._DEVFID, text)

def load():
    return Notify.add_subscriber(Own())

def tell(text):
    return notify(text)

def run(secure):
    return str(Notify.lm_execute(["system", "heartbeat"], secure=secure))
"""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.found.append((self.path, self.headers["Title"], body))
        if "slow" in self.path:
            self.server.slow.wait(PATIENCE)
        self.send_response(404 if "none" in self.path else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        pass


@pytest.fixture
def web():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.found = []
    server.slow = threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.slow.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def broker(require, tmp_path, port_offset):
    """The port of mosquitto, and what its subscriber prints."""
    port = 1883 + port_offset
    (tmp_path / "broker.conf").write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n")
    server = subprocess.Popen([require("mosquitto"), "-c", str(tmp_path / "broker.conf")], stderr=subprocess.DEVNULL)
    listener = None
    try:
        for _ in range(100):
            words = [require("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(port), "-t", "#", "-v"]
            listener = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            time.sleep(0.3)
            if listener.poll() is None:
                break
        yield port, listener.stdout
    finally:
        listener.kill()
        server.kill()


def wait(found, count):
    end = time.monotonic() + PATIENCE
    while len(found) < count:
        assert time.monotonic() < end, found
        time.sleep(0.05)
    return found


def test_channels(node, web, broker):
    port, lines = broker
    settings = {
        "telegram": "123:abc/42",
        "telegram_api": web.url,
        "ntfy": web.url + "/topic",
        "mqtt": f"mqtt://127.0.0.1:{port}/home/notes",
    }
    node = node({"LM_own.py": MODULE}, settings)
    assert node.lm("system notify 'it rains'") == ("Sent over Telegram, MQTT, Ntfy (3/3) client(s) - errors: (0)", 0)
    assert lines.readline() == "home/notes it rains\n"
    (path, _, body), ntfy = sorted(wait(web.found, 2))
    assert path == "/bot123:abc/sendMessage"
    assert json.loads(body) == {"chat_id": "42", "text": "simulator: it rains"}
    assert ntfy == ("/topic", "simulator", "it rains")

    assert "(1/3)" in node.lm("system notify 'dry' channels=MQTT topic=other")[0]
    assert lines.readline() == "other dry\n"
    assert node.lm("own load")[0] == "True"
    assert node.lm("own tell wet") == ("simulator wet\nTrue", 0)
    wait(web.found, 4)
    assert "heartbeat" in node.lm("own run False")[0]
    assert node.lm("system notifications") == ("Notifications[Own, Telegram, MQTT, Ntfy]: enabled", 0)
    assert "disabled" in node.lm("system notifications enable=False")[0]
    assert node.lm("system notify x") == ("Notifications disabled", 0)


def test_failures_are_logged_and_nobody_waits(node, web):
    node = node({}, {"ntfy": web.url + "/slow", "telegram": "t/1", "telegram_api": web.url + "/none"})
    start = time.monotonic()
    assert "(1/2)" in node.lm("system notify one channels=Ntfy")[0]
    wait(web.found, 1)  # the server does not answer
    with node.open() as sock:
        assert "heartbeat" in node.ask(sock, "system heartbeat")
        assert node.ask(sock, "conf") == ""
        for key in ("ntfy", "telegram"):
            assert node.ask(sock, key).endswith("********")
    for _ in range(7):
        node.lm("system notify more channels=Ntfy")
    assert "errors: (1)" in node.lm("system notify more channels=Ntfy")[0]
    assert time.monotonic() - start < PATIENCE / 2
    web.slow.set()
    wait(web.found, 8)
    node.lm("system notify two channels=Telegram")
    text = node.board.wait("dmesg", "over Telegram: status 404")
    assert "bot" not in text
