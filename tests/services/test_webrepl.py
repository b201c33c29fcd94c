"""webrepld: a prompt and files for clients of MicroPython's WebREPL."""

import hashlib
import struct
import subprocess
import sys
import time
import urllib.request
from errno import EACCES, EINVAL, EISDIR, ENOENT, ENOSPC
from pathlib import Path

import pytest
import websocket
from harness import PATIENCE, ROOT

from services.clients import PASSWORD, Talk

CLIENT = "https://raw.githubusercontent.com/micropython/webrepl/1e09d9a1d90fe52aba11d1e659afbc95a50cf088/webrepl_cli.py"
CLIENT_DIGEST = "0f479fc40cc8ef06a663c8d9e3590558690460441f7623d57fb45a3a0c36e445"
PORT = 8266
PUT, GET, VERSION = 1, 2, 3
REQUEST = "<2sBBQLH64s"


class Client(Talk):
    """A WebSocket to the service."""

    def __init__(self, board, password=PASSWORD, **options):
        url = f"ws://127.0.0.1:{board.port(PORT)}/"
        options.setdefault("suppress_origin", True)
        self.socket = websocket.create_connection(url, timeout=PATIENCE, **options)
        self.data = b""
        if password is not None:
            self.wait(b"Password: ")
            self.socket.send(password + "\r")

    def step(self):
        """Take one message; False at the end."""
        opcode, data = self.socket.recv_data()
        if opcode == websocket.ABNF.OPCODE_TEXT:
            self.text += data
        elif opcode == websocket.ABNF.OPCODE_BINARY:
            self.data += data
        else:
            return False
        return True

    def ask(self, line):
        """Run a line at the prompt: its output."""
        self.socket.send(line + "\r")
        self.wait(b"\r\n")
        return self.wait(b">>> ").decode().replace("\r\n", "\n")

    def take(self, size):
        while len(self.data) < size:
            assert self.step(), self.data
        found, self.data = self.data[:size], self.data[size:]
        return found

    def request(self, kind, name="", size=0):
        self.socket.send_binary(struct.pack(REQUEST, b"WA", kind, 0, 0, size, len(name), name.encode()))

    def result(self):
        mark, status = struct.unpack("<2sH", self.take(4))
        assert mark == b"WB"
        return status

    def put(self, name, data):
        """Put a file: the status of the request, and that of the file."""
        self.request(PUT, name, len(data))
        status = self.result()
        if status:
            return status, None
        for at in range(0, len(data), 1000):
            self.socket.send_binary(data[at : at + 1000])
        return 0, self.result()

    def get(self, name):
        """Get a file: its content, or the status of the request."""
        self.request(GET, name)
        status = self.result()
        if status:
            return status
        found = b""
        while True:
            self.socket.send_binary(b"\0")
            size = int.from_bytes(self.take(2), "little")
            if not size:
                assert self.result() == 0
                return found
            found += self.take(size)

    def is_over(self):
        try:
            while self.step():
                pass
        except (websocket.WebSocketException, ConnectionError):
            pass
        return True

    def close(self):
        self.socket.close()


@pytest.fixture
def webrepld(board):
    board = board()
    board.start("uwebrepld")
    return board


@pytest.fixture(scope="session")
def webrepl_cli():
    """MicroPython's own client, downloaded once for all runs. No package has it, so a computer without GitHub skips its test."""
    path = ROOT / ".sim" / f"webrepl_cli-{CLIENT_DIGEST[:8]}.py"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        try:
            with urllib.request.urlopen(CLIENT, timeout=30) as answer:
                data = answer.read()
        except OSError as e:
            pytest.skip(f"{CLIENT}: {e}")
        assert hashlib.sha256(data).hexdigest() == CLIENT_DIGEST
        path.write_bytes(data)
    return path


def run(*words):
    """Run a client: its output."""
    done = subprocess.run([sys.executable, *map(str, words)], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_prompt_and_its_modes(webrepld):
    client = Client(webrepld)
    client.wait(b"WebREPL connected\r\n")
    assert client.wait(b">>> ") == b""
    assert client.ask("6 * 7") == "42\n"
    assert client.ask("x = 'a'") == ""
    assert client.ask("print(x); import os; os.getcwd()") == "a\n'/'\n"
    assert client.ask("import builtins; builtins.print(x, end='')") == "a"
    assert "NameError" in client.ask("y")
    assert client.ask("print('\xe4' * 3000)").count("\xe4") == 3000
    client.socket.send("import time; time.sleep(100)\r")
    webrepld.wait("ps", "python")
    client.socket.send("\x03")
    client.wait(b"KeyboardInterrupt\r\n>>> ")

    client.socket.send("\x01")
    client.wait(b"raw REPL; CTRL-B to exit\r\n>")
    client.socket.send("x = 6\nprint(x * 7)\x04")
    assert client.wait(b">") == b"OK42\r\n\x04\x04"
    client.socket.send("1/0\x04")
    assert b"ZeroDivisionError" in client.wait(b"\x04>")
    client.socket.send("\x02")
    assert b"MicroPython" in client.wait(b">>> ")
    assert client.ask("x") == "6\n"

    client.socket.send("\x05")
    client.wait(b"=== ")
    client.socket.send("def f():\r\n  return 5\r\r")
    client.wait(b"def f():\r\n===   return 5\r\n=== \r\n=== ")
    client.socket.send("print(\nf())\x04")
    assert client.wait(b">>> ") == b"print(\nf())\r\n5\r\n"
    client.socket.send("\x05x = \x03")
    client.wait(b">>> ")
    assert client.ask("f()") == "5\n"

    client.socket.send("\x04")
    client.wait(b"soft reboot")
    assert client.is_over()
    webrepld.wait("uwebrepld status", "clients 0")


def test_files(webrepld):
    client = Client(webrepld)
    data = bytes(range(256)) * 40
    client.request(VERSION)
    assert client.take(3)[0] == 1
    assert client.put("/tmp/a.bin", data) == (0, 0)
    assert client.get("tmp/a.bin") == data
    assert client.put("/tmp/empty", b"") == (0, 0)
    assert client.get("/tmp/empty") == b""
    assert client.get("/none") == ENOENT
    assert client.get("/tmp") == EISDIR
    assert client.put("/none/a", b"x") == (ENOENT, None)
    for name in ("/etc/shadow", "/tmp/../etc/shadow", "/dev/../etc/./shadow"):
        assert client.get(name) == EACCES
        assert client.put(name, b"x") == (EACCES, None)
    assert client.put("/tmp/../boot.py", b"x") == (EACCES, None)
    client.request(PUT, "/tmp/big", 100_000_000)
    assert client.result() == ENOSPC
    client.request(9, "/tmp/a.bin")
    assert client.result() == EINVAL

    client.request(PUT, "/tmp/a.bin", 5000)
    assert client.result() == 0
    client.socket.send_binary(b"x" * 4000)
    client.close()  # in the middle of a file
    webrepld.wait("uwebrepld status", "clients 0")
    assert webrepld.run("wc -c < /tmp/a.bin; ls -A /tmp")[0].split() == ["10240", "a.bin", "empty"]
    assert "/none/a" in webrepld.run("dmesg")[0]


def test_logins_and_rules_of_users(webrepld):
    client = Client(webrepld, "wrong")
    client.wait(b"Access denied")
    assert client.is_over()
    assert "wrong password for root" in webrepld.run("dmesg")[0]
    webrepld.run("mkdir -p /home/pub /home/secret; echo in > /home/pub/a; echo out > /home/secret/a")
    for options, prompts, reads, writes in (
        ("ro", False, True, False),
        ("root=/home/pub", False, True, True),
        ("noshell", False, True, True),
        ("command=date", False, False, False),
    ):
        line = f"useradd -o '{options}' ann; printf 'pw\\npw\\n' | passwd ann; uwebrepld stop; uwebrepld start"
        webrepld.configure(login_ms=20, webrepld={"user": "ann"})
        output, status = webrepld.run(line)
        assert status == 0, output
        client = Client(webrepld, "pw")
        if not (prompts or reads):
            client.wait(b"Not for this user")
            assert client.is_over()
            continue
        client.wait(b"connected")
        client.socket.send("print(1)\r")
        place = "/a" if "root" in options else "/home/pub/a"
        assert client.get(place) == b"in\n"
        assert client.put(place, b"in\n") == ((0, 0) if writes else (EACCES, None))
        if "root" in options:
            assert client.get("/../secret/a") == ENOENT
        assert b">>>" not in client.text
        client.close()
        webrepld.run("userdel ann")


def test_wrong_bytes(webrepld):
    """What is no WebREPL ends its connection, and the service stays."""
    port = webrepld.port(PORT)
    for request in (
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x00" * 5000,
        b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
    ):
        with webrepld.connect(PORT) as sock:
            sock.sendall(request)
            assert sock.recv(100).startswith(b"HTTP/1.1 4")
    for frames in (b"\x81\x7f" + b"\xff" * 8, b"\x83\x00", b"\x81\x7e\x10\x00" + b"x" * 4096):
        client = Client(webrepld, None)
        client.socket.sock.sendall(frames)
        assert client.is_over()
    client = Client(webrepld)
    client.wait(b">>> ")
    client.socket.send_binary(b"XX" + bytes(80) + bytes(40))  # no request, and half of one
    assert client.ask("1") == "1\n"
    webrepld.configure(auth="none")
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(f"ws://127.0.0.1:{port}/", origin="http://elsewhere")


def test_a_password_is_required(sim):
    result = sim("uwebrepld start; service start webrepld")
    assert result.status == 1 and "no password is set for root" in result.stderr


def test_webrepl_cli(webrepld, webrepl_cli, tmp_path):
    host = f"127.0.0.1:{webrepld.port(PORT)}"
    source, copy = tmp_path / "source.bin", tmp_path / "copy.bin"
    source.write_bytes(bytes(range(256)) * 21)
    assert "Remote WebREPL version: (1, " in run(webrepl_cli, "-p", PASSWORD, source, host + ":/tmp/")
    run(webrepl_cli, "-p", PASSWORD, host + ":/tmp/source.bin", copy)
    assert copy.read_bytes() == source.read_bytes()


def test_other_clients(webrepld, installed):
    """The module of PyPI, and Thonny."""
    place = installed("webrepl")
    script = (
        f"import sys; sys.path.insert(0, {str(place)!r}); import webrepl;"
        f"c = webrepl.Webrepl(host='127.0.0.1', port={webrepld.port(PORT)}, password={PASSWORD!r});"
        "open('/dev/stdout', 'w').write(repr((c.connected, c.get_ver()[0], c.get_file_content('/etc/profile')[:1])))"
    )
    assert run("-c", script) == "(True, 1, b'#')"
    thonny = Path(__file__).with_name("thonny.py")
    found = run(thonny, place, f"ws://127.0.0.1:{webrepld.port(PORT)}/", PASSWORD)
    assert "data='42" in found and repr(b"x = 1\n" * 300) in found and "'etc'" in found


def test_memory(webrepld):
    """An idle service keeps little, and all of it when its client has gone."""
    webrepld.run("uwebrepld stop")
    none = webrepld.heap()
    webrepld.run("uwebrepld start")
    idle = webrepld.heap()
    client = Client(webrepld)
    client.wait(b">>> ")
    one = webrepld.heap()
    client.close()
    webrepld.wait("uwebrepld status", "clients 0")
    time.sleep(4)
    after = webrepld.heap()
    print(none, idle - none, one - none, after - idle)
    assert idle - none < 8_000
    assert one - none < 60_000
    assert after - idle < 2_000
