"""InterCon over TCP: two nodes with a key, frames that are forged or replayed, and plain text only where it is allowed."""

import base64
import hashlib
import hmac
import os
import socket
import threading
import urllib.request

import pytest
from harness import PATIENCE, wait_until

from services.clients import is_closed, receive
from services.micros.conftest import END, KEY, PORT, call, give_key

COUNTER = (
    "n = 0\ndef up(step=1):\n    global n\n    n += step\n    return n\ndef text(count):\n    return 'x' * count\n"
)
OFF = "InterCon is off"


@pytest.fixture(scope="module")
def both(nodes):
    return nodes("first", heap="645k"), nodes("second", {"LM_it.py": COUNTER})


@pytest.fixture
def pair(both):
    """Two nodes without keys and calls so far, and what follows a command to call the second from the first."""
    for node in both:
        node.board.configure(login_ms=20, hostname="node", micros={})
        node.board.run("micros key remove; service restart micros; dmesg -c")
    return *both, f">>127.0.0.1:{both[1].board.port(PORT)}"


class Peer:
    """This computer as a node with a key, at the socket shell of another: docs/micros.md has the form of its frames."""

    def __init__(self, node, key=KEY):
        self.key = bytes.fromhex(key)
        self.sock = node.board.connect(PORT)
        receive(self.sock, END)

    def tag(self, key, data):
        return hmac.new(key, data, hashlib.sha256).digest()[:16]

    def derived(self, use):
        return hmac.new(self.key, use + b"\1", hashlib.sha256).digest()

    def ask(self):
        head = b"\xd1" + os.urandom(8) + b"tester"
        return head + self.tag(self.derived(b"greeting"), head)

    def send(self, frame, end=END):
        """The frame that the node answers to a frame, or b"" for none."""
        self.sock.sendall(b"intercon " + base64.b64encode(frame) + b"\n")
        answer = receive(self.sock, end)
        return base64.b64decode(answer.split()[1]) if answer.startswith(b"intercon ") else b""

    def refusal(self, frame):
        """The number for why a frame is refused; the node ends the connection then."""
        answer = self.send(frame, b"Bye!\n")
        assert answer[0] == 0xD5 and is_closed(self.sock)
        return answer[-1]


def test_a_key_is_made_and_shown_once_and_no_service_serves_it(pair):
    node = pair[0]
    assert node.board.run("micros key") == ("no key\n", 1)
    key, status = node.board.run("micros key new")
    key = key.strip()
    assert status == 0 and len(bytes.fromhex(key)) == 32
    fingerprint = node.board.run("micros key")[0]
    assert fingerprint.strip() not in key and len(fingerprint) == 9
    assert "micros key remove" in node.board.run("micros key new 2>&1")[0]
    assert "64 hexadecimal digits" in node.board.run("echo 12 | micros key set 2>&1")[0]
    assert node.board.run("micros key remove; micros key") == ("no key\n", 1)
    assert give_key(node, key).endswith(fingerprint)
    refused = node.board.run(
        "python -c \"from services import protected; print(protected.unreadable('/etc/fleet.key'))\""
    )
    assert refused == ("permission denied\n", 0)


def test_nodes_with_the_same_key_call_each_other_sealed(pair):
    first, second, at = pair
    assert OFF in first.lm(f"'it up {at}'")[0]
    give_key(first)
    assert "no fleet key there" in call(first, f"it up {at}")
    give_key(second)
    assert call(first, f"it up {at}") == "1"
    assert call(first, f"it up step=5 >json {at}") == "6"
    assert call(first, f"hello {at}").startswith("hello:node:micr") == call(first, at).startswith("hello:")
    assert len(call(first, f"it text 3000 {at}")) == 3000
    assert call(first, f"it text 5000 {at}") == "answer longer than 4096 bytes"
    assert call(first, f'it text "{"y" * 1500}" {at}').startswith("Core error: LM_it->text:")


def test_every_way_in_calls_other_nodes(pair):
    first, second, at = pair
    give_key(first)
    give_key(second)
    sock = first.open()
    assert first.ask(sock, f"it up {at}") == f"{{'con.0.1:{second.board.port(PORT)}.it': 'Starting'}}"
    wait_until(lambda: second.lm("it up 0")[0] == "1")
    first.board.run(f"lm it up '{at}'")
    wait_until(lambda: second.lm("it up 0")[0] == "2")
    first.board.configure(auth="none", login_ms=20, micros={})
    assert first.board.run("uhttpd start")[1] == 0
    url = f"http://127.0.0.1:{first.board.port(80)}/rest/it/up/%3E%3E127.0.0.1:{second.board.port(PORT)}"
    with urllib.request.urlopen(url, timeout=PATIENCE) as reply:
        assert b"Starting" in reply.read()
    wait_until(lambda: second.lm("it up 0")[0] == "3")
    first.board.run("uhttpd stop")
    first.board.configure(micros={"boothook": f"it up {at}"})
    first.board.run("service restart micros")
    wait_until(lambda: second.lm("it up 0")[0] == "4")


def test_another_key_is_refused_and_logged(pair):
    first, second, at = pair
    give_key(first)
    give_key(second, "ab" * 32)
    assert "refused: another fleet key" in call(first, f"it up {at}")
    assert "another fleet key" in second.board.run("dmesg")[0]
    assert second.lm("it up 0")[0] == "0"


def test_replayed_and_altered_frames_are_refused(pair):
    first, second, at = pair
    give_key(first)
    give_key(second)
    recorded = record(first, second, "it up")
    assert second.lm("it up 0")[0] == "1"
    for frames in (recorded, recorded[1:]):
        peer = Peer(second)
        for frame in frames[:-1]:
            peer.send(frame)
        assert peer.refusal(frames[-1]) in (1, 2)
    for at in (0, 1, 9, 10, 12, 30, -1):
        peer = Peer(second)
        peer.send(peer.ask())
        frame = bytearray(recorded[-1])
        frame[at] ^= 1
        assert peer.refusal(bytes(frame)) == 2
    assert second.lm("it up 0")[0] == "1"
    assert "intercon: 127.0.0.1: refused: " in second.board.run("dmesg")[0]
    second.board.run("service restart micros")
    peer = Peer(second)
    peer.send(recorded[0])
    assert peer.refusal(recorded[1]) == 2


def record(first, second, line):
    """The frames of a call, as somebody between the nodes sees them."""
    frames = []
    listener = socket.create_server(("127.0.0.1", 0))

    def carry():
        here = listener.accept()[0]
        there = second.board.connect(PORT)
        threading.Thread(target=copy, args=(there, here), daemon=True).start()
        copy(here, there, frames)

    def copy(source, target, kept=None):
        while data := source.recv(4096):
            if kept is not None:
                kept += [base64.b64decode(line.split()[1]) for line in data.splitlines()]
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)

    threading.Thread(target=carry, daemon=True).start()
    assert call(first, f"{line} >>127.0.0.1:{listener.getsockname()[1]}") == "1"
    assert [frame[0] for frame in frames] == [0xD1, 0xD3]
    return frames


def test_plain_text_only_where_it_is_allowed(pair):
    first, second, at = pair
    first.board.configure(micros={"intercon": "plain"})
    assert "asks for a password" in call(first, f"it up {at}")
    second.board.configure(micros={"auth": False})
    second.board.run("service restart micros")
    assert call(first, f"it up {at}") == "1"
    give_key(first)
    assert call(first, f"it up {at}") == "2"  # the other one has no key
    first.board.configure(micros={})
    assert "no fleet key there" in call(first, f"it up {at}")
