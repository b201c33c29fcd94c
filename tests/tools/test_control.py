"""The control channel of the simulated board: valid and refused requests."""

import json
import random
import socket
import subprocess
import time

import pytest
from harness import PATIENCE, SIM

from simulator.control import ControlError


@pytest.fixture
def board(flash, control):
    """A client of a board on which nothing runs for a while."""
    words = ["--stack", "rp2", "--control", control.address, "--set", "here=1", "-c", "read line"]
    command = [*SIM, "--flash", str(flash()), *words]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert control.get("here") == 1
    yield control
    process.communicate(b"\n", timeout=PATIENCE)
    assert process.returncode == 0  # whatever came, the system has ended as it should


@pytest.fixture
def line(board):
    """Callable: the reply to the bytes of one line."""
    host, _, port = board.address.rpartition(":")
    with socket.create_connection((host, int(port)), 10) as stream, stream.makefile("rb") as answers:

        def line(data):
            stream.sendall(data + b"\n")
            return json.loads(answers.readline())

        yield line


@pytest.mark.parametrize("value", [0, -1.5, True, None, "é\n", [1, [2]], {"a": {"b": []}}, "x" * 4000])
def test_values_come_back_as_they_were(board, value):
    assert board.set("some.path", value) is None
    assert board.get("some.path") == value
    assert board.tree("some.") == {"some.path": value}


def test_what_is_not_there_is_null(board):
    assert board.get("nothing") is None
    assert board.tree("nothing") == {}


def test_wait_answers_at_once_later_or_never(board):
    board.set("a", 1)
    assert board.wait("a", 1) == 1
    with pytest.raises(ControlError, match="a is 1"):
        board.wait("a", 2, timeout_ms=20)
    with socket.create_connection(tuple(board.address.split(":")), 10) as waiting:
        waiting.sendall(b'["wait", "a", 2, 10000]\n["get", "a"]\n')
        board.set("a", 2)
        with waiting.makefile("rb") as answers:
            assert [json.loads(answers.readline()) for _ in range(2)] == [{"ok": 2}, {"ok": 2}]


@pytest.mark.parametrize(
    "data, error",
    [
        (b"[", "JSON"),
        (b"hello", "JSON"),
        (b'"get"', "array"),
        (b"[]", "array"),
        (b'{"get": "a"}', "array"),
        (b"[1, 2]", "get, tree, set or wait"),
        (b'["delete", "a"]', "get, tree, set or wait"),
        (b'["_values", "a"]', "get, tree, set or wait"),
        (b'["get"]', "1 arguments"),
        (b'["set", "a"]', "2 arguments"),
        (b'["get", 5]', "path"),
        (b'["get", ""]', "path"),
        (b'["get", "' + b"a" * 121 + b'"]', "path"),
        (b'["wait", "a", 1, "soon"]', "time"),
        (b'["wait", "a", 1, -1]', "time"),
        (b'["wait", "a", 1, 1e99]', "time"),
        (b'["set", "a", "' + b"x" * 70_000 + b'"]', "at most 65536 bytes"),
        (b"[" * 5_000, ""),
        (b"\x00\xff\xfe", ""),
    ],
)
def test_a_wrong_request_is_answered_and_the_next_one_works(line, data, error):
    assert error in line(data)["error"]
    assert line(b'["get", "here"]') == {"ok": 1}


def test_noise_is_answered_line_by_line(line):
    noise = random.Random(7)
    for length in (1, 10, 100, 1_000, 10_000):
        data = noise.randbytes(length).replace(b"\n", b"").replace(b"\r", b"") or b"?"
        assert "error" in line(data)
    assert line(b'["get", "here"]') == {"ok": 1}


def test_a_device_may_refuse_what_the_world_sets(line):
    assert "error" in line(b'["set", "rtc.offset", "tomorrow"]')
    assert line(b'["get", "here"]') == {"ok": 1}


def test_clients_come_and_go(board):
    address = tuple(board.address.split(":"))
    streams = [socket.create_connection(address, PATIENCE) for _ in range(3)]
    with socket.create_connection(address, PATIENCE) as one_too_many:
        assert one_too_many.makefile().readline() == '{"error": "too many clients"}\n'
    streams[0].sendall(b'["wait", "never", 1, 60000]\n["get", ')  # it leaves in the middle of everything
    for stream in streams:
        stream.close()
    end = time.monotonic() + PATIENCE
    while True:  # the board notices that they have gone
        with socket.create_connection(address, PATIENCE) as stream:
            stream.sendall(b'["get", "here"]\n')
            answer = stream.makefile().readline()
        if answer == '{"ok": 1}\n' or time.monotonic() > end:
            break
    assert answer == '{"ok": 1}\n'


def test_a_client_that_takes_no_answers_holds_nobody_up(board):
    board.set("long", "x" * 4000)
    with socket.create_connection(tuple(board.address.split(":")), 10) as deaf:
        deaf.settimeout(0.2)
        with pytest.raises(TimeoutError):
            while True:
                deaf.sendall(b'["get", "long"]\n' * 100)
        assert board.get("here") == 1


@pytest.mark.parametrize(
    "words, message",
    [
        (["--control", "/tmp/socket"], "--control: /tmp/socket: HOST:PORT expected"),
        (["--control", "localhost:0"], "--control: localhost:0: HOST:PORT expected"),
        (["--set", "word"], "--set: word: PATH=VALUE expected"),
        (["--set", "=1"], "--set: =1: PATH=VALUE expected"),
    ],
)
def test_options_that_make_no_sense(words, message):
    run = subprocess.run([*SIM, *words, "-c", "true"], capture_output=True, text=True, timeout=PATIENCE)
    assert run.returncode == 2
    assert message in run.stderr


def test_a_port_that_is_taken_is_one_sentence(flash, control):
    with socket.socket() as other:
        host, _, port = control.address.rpartition(":")
        other.bind((host, int(port)))
        other.listen()
        command = [*SIM, "--flash", str(flash()), "--control", control.address, "-c", "true"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert run.returncode == 1
    assert run.stderr.startswith("sim: --control: cannot listen at " + control.address)
    assert len(run.stderr.splitlines()) == 1
