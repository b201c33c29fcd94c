"""telnet, the client, against the server of the system itself."""

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
    output, status = telnetd.run(f"(sleep .5; . /tmp/s) | telnet localhost {telnetd.port(23)} 2>&1 | cat", timeout=30)
    assert status == 0 and "\n42\n" in output and output.endswith("Connection closed.\n")


@pytest.mark.parametrize("words", ["", "a b c", "a b", "a 0", "-e xyz a"])
def test_wrong_words(sim, words):
    result = sim("telnet " + words)
    assert result.status == 2 and "usage: telnet" in result.stderr
