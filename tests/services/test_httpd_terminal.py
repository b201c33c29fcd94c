"""Terminals in a browser: shells on a WebSocket that survive their connection."""

import json
import time

import pytest
import websocket
from harness import PATIENCE

from services.clients import Talk
from services.web import BASIC


def lines(fields):
    return [f"{name}: {value}" for name, value in fields.items()]


HEADER = lines(BASIC)


PROMPT = b"$: \x1b[?2004h"


class Terminal(Talk):
    """A WebSocket to a shell."""

    def __init__(self, web, query="columns=80&rows=24", path="/api/terminal", header=HEADER):
        self.socket = websocket.create_connection(f"ws://{web.host}{path}?{query}", header=header, timeout=PATIENCE)
        self.seen = 0
        self.name = None

    def step(self):
        """Take one message; False at the end."""
        opcode, data = self.socket.recv_data()
        if opcode == websocket.ABNF.OPCODE_TEXT:
            found = json.loads(data)
            self.name, self.seen = found["terminal"], found["position"]
        elif opcode == websocket.ABNF.OPCODE_BINARY:
            self.text += data
            self.seen += len(data)
        else:
            return False
        return True

    def run(self, line):
        """Run a line at the prompt; returns its output."""
        self.wait(PROMPT)
        self.socket.send_binary(line.encode() + b"; echo e''nd\r")
        self.wait(b"\r\n")
        return self.wait(b"end\r\n").decode().replace("\r\n", "\n")


@pytest.fixture
def server(web):
    return web()


def test_a_shell(server):
    terminal = Terminal(server)
    assert terminal.run("echo $((6*7))") == "42\n"
    assert terminal.run("echo ä日本") == "ä日本\n"
    assert terminal.run("echo $USER $COLUMNS $LINES") == "root 80 24\n"


def test_the_size_of_the_window_follows(server):
    terminal = Terminal(server)
    terminal.run("true")
    terminal.socket.send(json.dumps({"columns": 100, "rows": 40}))
    assert terminal.run("echo $COLUMNS $LINES") == "100 40\n"
    for bad in (
        "{}",
        "x",
        '{"columns": -1, "rows": 2}',
        '{"columns": 1e9, "rows": 2}',
        "[]",
        '{"columns": null, "rows": 1}',
    ):
        terminal.socket.send(bad)
    assert terminal.run("echo $COLUMNS $LINES") == "100 40\n"


def test_sessions_are_apart(server):
    one, two = Terminal(server), Terminal(server)
    one.run("cd /etc; A=one")
    two.run("cd /home; A=two")
    assert (one.run("pwd; echo $A"), two.run("pwd; echo $A")) == ("/etc\none\n", "/home\ntwo\n")
    assert len(server.get("/api/terminal").json) == 2


def test_interrupt_and_end(server):
    terminal = Terminal(server)
    terminal.wait(PROMPT)
    terminal.socket.send_binary(b"sleep 100\r")
    terminal.wait(b"sleep 100")
    server.board.wait("ps", "sleep")
    terminal.socket.send_binary(b"\x03")
    assert terminal.run("echo $?") == "130\n"
    terminal.socket.send_binary(b"exit\r")
    while terminal.step():
        pass
    deadline = time.monotonic() + PATIENCE
    while server.get("/api/terminal").json:
        assert time.monotonic() < deadline


def test_who_comes_back_gets_what_he_has_missed(server):
    terminal = Terminal(server)
    terminal.run("A=kept")
    terminal.wait(PROMPT)
    terminal.socket.send_binary(b"sleep 0.3; echo la''ter\r")
    terminal.wait(b"\r\n")
    name, seen = terminal.name, terminal.seen
    terminal.socket.sock.close()  # without a word
    back = Terminal(server, f"terminal={name}&seen={seen}")
    back.wait(b"later\r\n")
    assert back.name == name
    assert back.run("echo $A") == "kept\n"
    other = Terminal(server, f"terminal={name}&seen=0")  # another window takes it over
    other.wait(b"kept\r\n")
    assert other.run("echo $A") == "kept\n"


@pytest.mark.slow(15)
def test_a_closed_page_ends_what_runs_in_its_shell_where_memory_is_short(server):
    """A third of this board's heap is never free while it serves a shell."""
    terminal = Terminal(server)
    terminal.wait(PROMPT)
    terminal.socket.send_binary(b"sleep 1000\r")
    terminal.wait(b"sleep 1000")
    server.board.wait("ps", "sleep")
    closed = time.monotonic()
    terminal.socket.close()
    while "sleep" in server.board.run("ps")[0]:
        assert time.monotonic() < closed + PATIENCE
    assert time.monotonic() - closed > 8  # a reload of the page would have found it


def test_who_has_logged_out_elsewhere_types_nothing_any_more(server):
    """The shell itself waits for its user, as after a broken connection."""
    (_, gone), (_, stays) = server.login(), server.login()
    left, other = (Terminal(server, header=lines(fields)) for fields in (gone, stays))
    assert left.run("A=kept; echo $A") == "kept\n" and other.run("echo here") == "here\n"
    assert server.ask("POST", "/api/logout", headers=gone, auth=False).status == 204
    with pytest.raises((websocket.WebSocketException, ConnectionError)):
        while True:
            left.step()
    assert other.run("echo here") == "here\n"
    _, again = server.login()
    back = Terminal(server, f"terminal={left.name}&seen={left.seen}", header=lines(again))
    back.socket.send_binary(b"echo $A\r")
    back.wait(b"kept")


def test_a_new_password_closes_the_terminals_of_its_user(server):
    _, fields = server.login()
    terminal = Terminal(server, header=lines(fields))
    assert terminal.run("echo here") == "here\n"
    server.board.run("setauth root other1 other1")
    with pytest.raises((websocket.WebSocketException, ConnectionError)):
        while True:
            terminal.step()


def test_a_terminal_stays_where_nobody_has_a_password(web):
    server = web(auth=False)
    terminal = Terminal(server, header=[])
    assert terminal.run("echo here > /tmp/x; cat /tmp/x") == "here\n"
    server.board.run("touch /home/x; loadconfig; sleep 2.5")
    assert terminal.run("echo there") == "there\n"


def test_a_session_that_is_not_there(server):
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        Terminal(server, "terminal=0000000000000000")
    assert refused.value.status_code == 404


def test_sessions_have_a_limit(web):
    server = web(heap="800k")
    held = [Terminal(server) for _ in range(8)]
    for terminal in held:
        terminal.wait(b"$: ")
    more = websocket.create_connection(f"ws://{server.host}/api/terminal", header=HEADER, timeout=PATIENCE)
    opcode, data = more.recv_data()
    assert opcode == websocket.ABNF.OPCODE_CLOSE and data[:2] == b"\x03\xf0"  # 1008: policy
    assert server.ask("DELETE", "/api/terminal/" + held[0].name).status == 204
    deadline = time.monotonic() + PATIENCE
    while len(server.get("/api/terminal").json) == 8:
        assert time.monotonic() < deadline
    assert Terminal(server).run("echo ok") == "ok\n"


def test_much_output_and_a_long_paste(server):
    terminal = Terminal(server)
    assert terminal.run("seq 3000") == "".join(f"{n}\n" for n in range(1, 3001))
    terminal.wait(PROMPT)
    terminal.socket.send_binary(b"cat > /tmp/paste\r")
    terminal.wait(b"\r\n")
    lines = [b"line %d of the paste\r" % n for n in range(300)]
    data = b"".join(lines)
    for at in range(0, len(data), 1024):
        terminal.socket.send_binary(data[at : at + 1024])
    terminal.wait(b"line 299 of the paste")
    terminal.socket.send_binary(b"\x04")
    assert terminal.run("wc -l < /tmp/paste").strip() == "300"


def test_a_stalled_window_holds_nobody_up(server):
    stalled = Terminal(server)
    stalled.socket.send_binary(b"while true; do echo yes; done\r")
    other = Terminal(server)
    for _ in range(5):
        began = time.monotonic()
        assert other.run("echo ok") == "ok\n"
        assert time.monotonic() - began < 2
    assert (
        server.ask(
            "DELETE", "/api/terminal/" + (stalled.name or server.get("/api/terminal").json[0]["terminal"])
        ).status
        == 204
    )


@pytest.mark.parametrize(
    "frame",
    [
        b"\x82\x03abc",  # not masked
        b"\x82\xff" + b"\x7f" + b"\xff" * 7 + b"\0\0\0\0",  # a very long one
        b"\x82\xfe\xff\xff\0\0\0\0",
        b"\xf2\x80\0\0\0\0",  # reserved bits
        b"\x83\x80\0\0\0\0",  # no such opcode
        b"\x89\xfe\x01\x00\0\0\0\0" + b"x" * 256,  # a ping that is too long
        b"\x81\x82\0\0\0\0\xff\xff",  # no UTF-8
        b"\x88\x80\0\0\0\0",
    ],
)
def test_broken_frames_end_that_connection_only(server, frame):
    good = Terminal(server)
    bad = Terminal(server)
    bad.socket.sock.sendall(frame + b"\x82\x80\0\0\0\0" * 3)
    assert good.run("echo ok") == "ok\n"
    bad.socket.sock.close()
    assert good.run("echo ok") == "ok\n"


@pytest.mark.parametrize(
    "frame, code",
    [
        (b"\x88\x82\0\0\0\0\x03\xe8", 1000),
        (b"\x82\x03abc", 1002),  # not masked
        (b"\x80\x81\0\0\0\0x", 1002),  # the rest of no message
        (b"\x02\x81\0\0\0\0x\x82\x81\0\0\0\0y", 1002),  # another one before the end of the first
        (b"\x09\x80\0\0\0\0", 1002),  # half a ping
        (b"\x82\xfe\x08\x01\0\0\0\0", 1009),
    ],
)
def test_the_closing_code(server, frame, code):
    """RFC 6455, 7.4.1."""
    terminal = Terminal(server)
    terminal.wait(b"$: ")
    terminal.socket.sock.sendall(frame)
    while True:
        opcode, data = terminal.socket.recv_data(control_frame=True)
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            break
    assert int.from_bytes(data[:2], "big") == code


def test_a_message_in_fragments(server):
    """With a ping between them, and a new mask in each."""
    terminal = Terminal(server)
    terminal.wait(b"$: ")
    mask = b"\x01\x80\xff\x7e"
    typed = (b"echo fr", b"", b"agments\r")
    parts = [bytes(c ^ mask[i % 4] for i, c in enumerate(part)) for part in typed]
    heads = (b"\x02\x87", b"\0\x80", b"\x80\x88")
    frames = [head + mask + part for head, part in zip(heads, parts, strict=True)]
    terminal.socket.sock.sendall(frames[0] + b"\x89\x80\0\0\0\0" + frames[1] + frames[2])
    terminal.wait(b"\nfragments\r\n")


def test_empty_messages_end_nothing(server):
    terminal = Terminal(server)
    for frame in (b"\x81\x80\0\0\0\0", b"\x82\x80\0\0\0\0", b"\x8a\x80\0\0\0\0"):  # text, binary, a pong
        terminal.socket.sock.sendall(frame)
    assert terminal.run("echo here") == "here\n"


def test_pings_are_answered(server):
    terminal = Terminal(server)
    terminal.wait(b"$: ")
    terminal.socket.ping(b"here")
    while True:
        opcode, data = terminal.socket.recv_data(control_frame=True)
        if opcode == websocket.ABNF.OPCODE_PONG:
            assert data == b"here"
            break


def test_the_serial_terminal_of_circuitpython(server):
    """Text both ways, and one at a time."""
    url = f"ws://{server.host}/cp/serial/"
    socket = websocket.create_connection(url, header=HEADER, timeout=PATIENCE)
    text = ""
    socket.send("echo h''ello\r")
    while "hello" not in text:
        text += socket.recv()
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(url, header=HEADER, timeout=PATIENCE)
    assert refused.value.status_code == 409
    socket.close()
    assert server.get("/cp/serial/").status == 302  # in a browser the desktop has it


def test_stopping_the_server_ends_its_shells(server):
    terminal = Terminal(server)
    terminal.wait(b"$: ")
    assert server.board.run("uhttpd stop")[1] == 0
    with pytest.raises((websocket.WebSocketException, ConnectionError)):
        while terminal.step():
            pass
        raise ConnectionError
    server.board.wait("ps | grep -c 'sh 12[7]'; true", "0\n")
