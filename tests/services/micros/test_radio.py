"""InterCon over ESP-NOW: three nodes in one air, long answers, losses, frames of strangers, micrOS's form, and the cluster."""

import select
import shutil
import socket
import tempfile
import threading
from pathlib import Path

import pytest
from harness import wait_until

from services.micros.conftest import KEY, PORT, call, give_key

COUNTER = (
    "n = 0\ndef up(step=1):\n    global n\n    n += step\n    return n\ndef text(count):\n    return 'x' * count\n"
)
NAMES = ("reef", "kelp", "tide")
STRANGER = bytes.fromhex("020000000099")


def address(number):
    return bytes.fromhex(f"02d1a75e00{number:02x}")


class Air:
    """The directory in which the radios of the simulators are, and a radio of this computer in it."""

    def __init__(self, path):
        self.path = path
        self.own = self.open(STRANGER.hex())
        self.sent = []
        threading.Thread(target=self.listen, args=(self.open("monitor"),), daemon=True).start()

    def listen(self, monitor):
        monitor.settimeout(None)
        while frame := monitor.recv(4096):
            self.sent.append((frame[:6], frame[6:12], frame[12:]))

    def open(self, name):
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        sock.bind(str(self.path / name))
        sock.settimeout(5)
        return sock

    def heard(self):
        """[(to, from, message)] of what has been sent since the last call."""
        found, self.sent = self.sent, []
        return found

    def send(self, number, message, sender=STRANGER):
        """Send to the node of a number, as if from an address; answers to what was sent before are dropped."""
        while select.select([self.own], [], [], 0)[0]:
            self.own.recv(4096)
        self.own.sendto(address(number) + sender + message, str(self.path / address(number).hex()))

    def answer(self):
        """The next message to the stranger that is not the question who it is."""
        while (message := self.own.recv(4096)[12:])[0] == 0xD1:
            pass
        return message


@pytest.fixture(scope="module")
def air():
    path = Path(tempfile.mkdtemp(prefix="air-"))  # a short one: the name of a socket has at most 108 bytes
    yield Air(path)
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def three(nodes, air):
    """Nodes 1, 2 and 3 with the radio on; the last one is of another fleet."""
    found = []
    for number, name in enumerate(NAMES, 1):
        place = {"espnow.air": air.path, "wifi.mac": address(number).hex()}
        made = nodes(name, {"LM_it.py": COUNTER}, {"espnow": True}, set=place)
        give_key(made, KEY if number < 3 else "ab" * 32)
        made.board.run("service restart micros")
        made.board.wait("lm task list", "espnow.server")
        found.append(made)
    return found


def settings(node, **changes):
    """Change settings of a node without its radio forgetting anything."""
    node.board.configure(login_ms=20, hostname=NAMES[0], micros={"espnow": True, **changes})


def is_logged(node, text, again):
    """Whether a node logs a text, of which it has a line in a second, however often it happens."""

    def true():
        again()
        return text in node.board.run("dmesg")[0]

    return wait_until(true, text)


def test_a_node_is_found_by_its_name_and_called_sealed(three, air):
    first, second, _ = three
    air.heard()
    assert call(first, "it up >>kelp") == "1"
    assert call(first, "it up >>KELP.local") == "2"
    assert call(second, "hello >>reef").startswith("hello:reef:")
    sent = air.heard()
    assert {frame[0] for _, _, frame in sent} <= {0xD1, 0xD2, 0xD3, 0xD4}
    assert not [frame for _, _, frame in sent if b"it up" in frame]


def test_what_is_longer_than_a_frame_comes_in_fragments(three, air):
    first = three[0]
    air.heard()
    assert call(first, "it text 4000 >>kelp") == "x" * 4000
    answers = [frame for _, _, frame in air.heard() if frame[0] == 0xD4]
    assert len(answers) == 20 and max(map(len, answers)) <= 250
    assert call(first, "it text 5000 >>kelp") == "answer longer than 4096 bytes"
    assert call(first, f'it up "{"y" * 900}" >>kelp').startswith("Core error: LM_it->up:")


def test_lost_frames_are_sent_again_and_a_command_runs_once(three):
    first, second, _ = three
    before = int(second.lm("it up 0")[0])
    for node in (first, second):
        node.board.run("python -c 'import simulator; simulator.set(\"espnow.loss\", 40)'")
    try:
        assert call(first, "it text 2000 >>kelp") == "x" * 2000
        for count in range(1, 5):
            assert call(first, "it up >>kelp") == str(before + count)
    finally:
        for node in (first, second):
            node.board.run("python -c 'import simulator; simulator.set(\"espnow.loss\", 0)'")


def test_another_fleet_is_refused(three):
    first, _, third = three
    first.board.run("dmesg -c")
    third.board.run("dmesg -c")
    assert "reef" in call(third, "it up >>reef")  # neither in the air nor, after that, in the network
    assert is_logged(first, "another fleet key", lambda: third.lm("cluster members"))  # which asks all


def test_replayed_altered_and_senseless_frames_do_nothing(three, air):
    first, second, _ = three
    assert int(call(first, "it up >>kelp")) > 0
    air.heard()
    call(first, "it up 0 >>kelp")
    frames = [frame for to, _, frame in air.heard() if to == address(2) and frame[0] in (0xD1, 0xD3)]
    second.board.run("dmesg -c")
    asked, command = frames[0], frames[-1]
    air.send(2, asked)
    assert air.answer()[0] == 0xD2  # a challenge, which the stranger cannot meet
    air.send(2, command)
    assert air.answer()[::9] == bytes([0xD5, 2])
    air.send(2, command[:20] + bytes([command[20] ^ 1]) + command[21:], address(1))
    for frame in (b"\xd3", b"\xd1" * 250, b"\xd4" + bytes(100), b"\xd5", b"\xd2" + bytes(40), b"\x00", b"hello"):
        air.send(2, frame)
    assert is_logged(second, "plain text is not allowed", lambda: air.send(2, b"a|REQ|it up|x$"))
    second.board.run("service restart micros")
    second.board.wait("lm task list", "espnow.server")
    air.send(2, command, address(1))
    assert second.lm("it up 0")[0] == "0"
    assert call(first, "it up >>kelp") == "1"


def test_the_cluster(three):
    first, second, _ = three
    first.board.wait("lm cluster members", "kelp: espnow 02:d1:a7:5e:00:02")
    host = f"127.0.0.1:{second.board.port(PORT)}"
    settings(first, cluster=f"{host}; 127.0.0.1:1")
    assert f"{host}: network" in first.lm("cluster members")[0]
    assert (
        "'con.kelp.hello': 'Starting'"
        in first.lm("cluster health")[0].replace("con.kelp.hello: S", "'con.kelp.hello': 'S") + "'"
    )
    wait_until(lambda: "con.kelp.hello: hello:kelp:" in first.lm("task show 'con.*'")[0])
    wait_until(lambda: f"con.0.1:{second.board.port(PORT)}.hello: hello:kelp:" in first.lm("task show 'con.*'")[0])
    wait_until(lambda: "con.0.1:1.hello: 127.0.0.1:1: " in first.lm("task show 'con.*'")[0])
    before = int(second.lm("it up 0")[0])
    first.lm("cluster run 'it up 5'")
    wait_until(lambda: int(second.lm("it up 0")[0]) == before + 10)  # over each way
    assert "espnow: True" in first.lm("cluster status")[0]
    settings(first)


def test_micros_own_form_where_it_is_allowed(three, air, toolkit):
    first = three[0]
    assert is_logged(first, "plain text is not allowed", lambda: air.send(1, b"0011|REQ|hello|lamp$"))
    settings(first, intercon="plain")
    air.send(1, b"0011|REQ|hello|lamp$")
    assert air.answer() == b"0011|RSP|hello lamp|reef$"
    air.send(1, b"0012|REQ|system heartbeat|lamp$")
    assert b"NotAllowed system" in air.answer()
    first.lm("system heartbeat")
    air.send(1, b"0013|REQ|system heartbeat|lamp$")
    assert air.answer() == b"0013|RSP|<3 heartbeat <3|reef$"
    first.lm("'it up >>lamp'")
    tid, kind, text, name = air.answer().split(b"|")
    assert (kind, text, name) == (b"REQ", b"it up", b"reef$")
    air.send(1, tid + b"|RSP|42|lamp$")
    first.board.wait("lm task show con.lamp.it", "42")
    settings(first)


def test_the_load_module_espnow_of_micros(three, toolkit):
    first, second, _ = three
    source = (toolkit / "micrOS" / "source" / "modules" / "LM_espnow.py").read_text()
    first.board.console.send("cat > /local/modules/LM_espnow.py\r")
    first.board.console.send(source.replace("\n", "\r") + "\x04")
    first.board.console.expect("$: ")
    assert "handshake peer=<mac-address>" in first.lm("espnow help")[0]
    assert first.lm("espnow handshake 02:d1:a7:5e:00:02") == (" con.espnow.handshake: Starting", 0)
    first.board.wait("lm task show con.espnow.handshake", "Handshake: hello reef from kelp [OK]")
    assert "kelp" in first.lm("espnow members")[0]
    first.lm("espnow send kelp 'it up 0'")
    first.board.wait("lm task show con.espnow.kelp.it", second.lm("it up 0")[0])
    assert "ready: True" in first.lm("espnow stats")[0]
