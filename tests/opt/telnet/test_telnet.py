"""telnet, the client, against the server of the system itself and that of Debian."""

import socket
import subprocess
import threading

import pytest

from services.clients import PASSWORD


@pytest.fixture
def telnetd(board):
    machine = board()
    machine.start("utelnetd")
    return machine


def test_a_session_on_a_terminal(telnetd):
    child = telnetd.console.child
    child.send(f"telnet 127.0.0.1 {telnetd.port(23)}\r")
    child.expect_exact("ogin: ")
    child.send("root\r")
    child.expect_exact("assword: ")
    child.send(PASSWORD + "\r")
    child.expect_exact("$: ")
    assert PASSWORD.encode() not in child.before
    child.send("echo t''here $TERM; sleep 30\r")
    child.expect_exact("there ")
    child.send("\x03")
    child.expect_exact("$: ")
    child.send("exit\r")
    child.expect_exact("Connection closed.")
    child.expect_exact("$: ")
    assert telnetd.run("echo b''ack") == ("back\n", 0)


def test_the_way_out(telnetd):
    child = telnetd.console.child
    child.send(f"telnet 127.0.0.1 {telnetd.port(23)}\r")
    child.expect_exact("ogin: ")
    child.send("\x1d\x1d")  # the simulator takes one for itself
    child.send("q")
    child.expect_exact("Connection closed.")
    child.expect_exact("$: ")
    assert telnetd.run("echo b''ack") == ("back\n", 0)


def test_without_a_terminal_it_moves_lines(telnetd):
    for words in ("echo root", "sleep .3", f"echo {PASSWORD}", "sleep 1", "echo expr 40 + 2", "sleep .2", "echo exit"):
        telnetd.run(f"echo '{words}' >> /tmp/s")
    output, status = telnetd.run(f"(sleep .5; . /tmp/s) | telnet localhost {telnetd.port(23)} 2>&1 | cat")
    assert status == 0 and "\n42\n" in output and output.endswith("Connection closed.\n")


@pytest.mark.parametrize("words", ["", "a b c", "a b", "a 0", "-e xyz a"])
def test_wrong_words(sim, words):
    result = sim("telnet " + words)
    assert result.status == 2 and "usage: telnet" in result.stderr


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


@pytest.fixture
def peer(require, tmp_path, free_port):
    """The port of a telnetd behind which a program answers."""
    program = require("telnetd")
    script = tmp_path / "greet"
    script.write_text('#!/bin/sh\nstty size; echo $TERM; read word; echo "it is $word"; exec cat > /dev/null\n')
    script.chmod(0o755)
    listener = socket.create_server(("127.0.0.1", free_port))
    running = []

    def serve():
        with listener:
            sock, _ = listener.accept()
            with sock:
                running.append(
                    subprocess.Popen([program, "-h", "-E", str(script)], stdin=sock, stdout=sock, stderr=sock)
                )

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield free_port
    for process in running:
        process.kill()
        process.wait(10)


def test_a_server_of_debian(prompt, peer):
    prompt.send(f"export TERM=vt220; telnet 127.0.0.1 {peer}\r")
    prompt.expect("24 80")
    prompt.expect("vt220")
    prompt.send("reef\r")
    prompt.expect("it is reef")
    prompt.send("\x03")  # ends the program at the other end, and with it the session
    prompt.expect("$: ")
