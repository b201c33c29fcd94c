"""screen: shells that survive the loss of their line, over telnet and on the console."""

import os
import select
import subprocess
import time
import tty

import pyte
import pytest
from harness import PATIENCE, SIM

from services.clients import receive
from services.conftest import Board
from services.telnet.talk import HELLO, open_session, window

HEAP = "640k"


@pytest.fixture
def telnetd(board):
    """A board with a telnetd that asks for no password."""
    board = board(heap=HEAP)
    board.start("utelnetd", auth=False)
    return board


class Seen:
    """A telnet client with a screen."""

    def __init__(self, board, columns=100, rows=30):
        hello = HELLO.replace(window(100, 30), window(columns, rows))
        self.sock = open_session(board, hello)
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)

    def type(self, text):
        self.sock.sendall(text.encode())

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def until(self, *wanted, timeout=PATIENCE):
        """Read until all of the texts are on the screen."""
        return self.read(lambda lines: all(any(text in line for line in lines) for text in wanted), wanted, timeout)

    def until_gone(self, text, timeout=PATIENCE):
        """Read until no line is this text alone or begins with it: the program has drawn itself again."""
        return self.read(lambda lines: not any(line.startswith(text) for line in lines), "absence of " + text, timeout)

    def prompt(self, timeout=PATIENCE):
        """Read until the last line is a prompt: keys typed earlier might go to the program that is ending."""
        return self.read(
            lambda lines: any(lines) and [line for line in lines if line][-1].endswith("$:"), "prompt", timeout
        )

    def read(self, done, wanted, timeout):
        end = time.monotonic() + timeout
        self.sock.settimeout(0.1)
        while not done(self.lines()):
            assert time.monotonic() < end, "\n".join([f"{wanted} missing:", *self.lines()])
            try:
                data = self.sock.recv(4096)
            except TimeoutError:
                continue
            assert data, "\n".join([f"{wanted} missing at the end:", *self.lines()])
            self.stream.feed(data)
        return self

    def press(self, keys, *wanted):
        """Type keys, and read until all of the texts are on the screen."""
        self.type(keys)
        return self.until(*wanted)

    def start(self, line, *wanted):
        return self.press(line + "\r\0", *wanted)

    def drop(self):
        self.sock.close()


def test_a_shell_survives_the_loss_of_its_line(telnetd):
    first = Seen(telnetd)
    first.start("screen -S work", "$:")
    first.start("x=41; cd /etc; echo $STY $((x+1))", "work 42")
    first.start("sleep 1000 &", "[")
    first.drop()
    telnetd.wait("screen -ls", "work\t(Detached, windows: 1)")
    assert "sleep 1000" in telnetd.run("ps")[0]
    second = Seen(telnetd)
    second.start("screen -r", "work 42")
    second.start("echo still $((x+2)) in $(pwd)", "still 43 in /etc")
    second.press("\x01d", "[detached]")
    second.start("echo out$((1+1))", "out2")
    second.start("screen -r wo", "still 43 in /etc")
    second.start("kill %1; exit", "[screen is terminating]")
    second.start("screen -ls", "No screens.")


def test_windows(telnetd):
    seen = Seen(telnetd)
    seen.start("screen", "$:")
    seen.start("echo one$((1))", "one1")
    seen.type("\x01c")
    seen.until_gone("one1").prompt()
    seen.start("echo two$((2)) $WINDOW", "two2 1")
    assert not any("one1" in line for line in seen.lines())
    seen.press("\x01p", "one1")
    seen.press("\x01n", "two2 1")
    seen.press("\x01w", "0  sh", "1* sh")
    seen.press("x\x010", "one1")
    seen.start("screen sleep 100", "")
    seen.press("\x01w", "0  sh", "1  sh", "2* sleep")
    seen.press("x\x01k", "Kill window 2 (sleep)?")
    seen.press("y", "one1")
    seen.press("\x01?", "Ctrl-A and then", "detach; the shells continue")
    seen.press("q", "one1")
    seen.press("\x01\x01", "two2 1")
    seen.start("exit", "one1")
    seen.start("exit", "[screen is terminating]")


def test_a_full_screen_program_draws_itself_again_in_the_new_size(telnetd):
    telnetd.run("seq 1 100 > /tmp/numbers")
    first = Seen(telnetd, 80, 20)
    first.start("screen", "$:")
    first.start("vi /tmp/numbers", "19")
    first.press("ihello\x1b", "hello1")
    first.drop()
    telnetd.wait("screen -ls", "Detached")
    second = Seen(telnetd, 60, 12)
    second.start("screen -r", "hello1", "11").until_gone("12")
    second.drop()
    telnetd.wait("screen -ls", "Detached")
    third = Seen(telnetd, 60, 12)
    third.start("screen -r", "hello1", "11")
    third.sock.sendall(window(90, 25))
    third.screen.resize(25, 90)
    third.until("hello1", "24")
    third.press(":wq\r", "$:")
    third.start("head -1 /tmp/numbers; echo $COLUMNS x $LINES", "hello1", "90 x 25")


def test_the_size_changes_while_a_client_attaches(telnetd):
    first = Seen(telnetd, 60, 12)
    first.start("screen", "$:")
    first.start("vi /tmp/numbers", "~")
    first.drop()
    telnetd.wait("screen -ls", "Detached")
    second = Seen(telnetd, 60, 12)
    second.type("screen -r\r\0")
    receive(second.sock, b"\x1b[2J")  # a moment later the program is told to draw itself again
    second.sock.sendall(window(90, 25))
    second.screen.resize(25, 90)
    second.until('"numbers" [new]')
    telnetd.run("sleep .2")  # on the board, where that moment passes
    second.press(":q\r", "$:")
    second.start("echo $COLUMNS x $LINES", "90 x 25")


def test_what_has_been_said_before(telnetd):
    seen = Seen(telnetd)
    seen.start("screen", "$:")
    seen.start("seq 1 200; echo en''d", "end")
    seen.press("\x01[", "q: back")
    seen.press("\x1b[5~\x1b[5~\x1b[5~", "100")
    seen.press("q", "200", "end")
    seen.start("seq 1 200 | tail -n 1; echo en''d1", "end1")  # what a pipeline loads stays
    size = telnetd.heap()
    seen.start("seq 1 20000 | tail -n 1; seq 1 20000; echo en''d2", "end2")
    assert telnetd.heap() - size < 12_000


def test_somebody_else_takes_it_over(telnetd):
    first = Seen(telnetd)
    first.start("screen -S a", "$:")
    first.start("echo he''re", "here")
    second = Seen(telnetd)
    second.start("screen -r a", "a: already attached; use screen -d -r to take it over").prompt()
    second.start("screen -d -r a", "echo he''re")
    first.until("[remote detached]").prompt()
    first.start("screen -d a", "$:")
    second.until("[remote detached]")
    assert telnetd.run("screen -ls") == ("There is a screen:\n\ta\t(Detached, windows: 1)\n", 0)


def test_output_goes_on_while_nobody_looks(telnetd):
    assert telnetd.run("screen -d -m -S job sh -c 'seq 1 3000; echo fin > /tmp/done; sleep 100'") == ("", 0)
    telnetd.wait("cat /tmp/done 2>&1", "fin")
    seen = Seen(telnetd)
    seen.start("screen -r job", "3000")


def test_wrong_words(telnetd):
    said = [
        ("screen -ls", "No screens.\n", 1),
        ("screen -r", "screen: no screens\n", 1),
        ("screen -d x", "screen: x: no such screen\n", 1),
        ("screen -S a -d -m sleep 100", "", 0),
        ("screen -S a -d -m", "screen: a: name already in use\n", 1),
        ("screen -dmS ab sleep 100", "", 0),
        ("screen -r ''", "screen: ambiguous, matches: a ab\n", 1),
        ("true | screen -r ab", "screen: must be run from a terminal\n", 1),
    ]
    for words, text, status in said:
        assert telnetd.run(words) == (text, status)
    assert telnetd.run("screen -q")[1] == 2


def test_it_costs_nothing_when_the_last_one_has_gone(telnetd):
    def after_a_screen():
        telnetd.run("screen -d -m true")
        telnetd.wait("screen -ls", "No screens.")
        return telnetd.heap()

    # At times 10 kB of the last one, its module among them, are still reachable: a coroutine's stack keeps values until others
    # take their place. So the largest of the first is what the smallest of the last may exceed by little.
    heaps = [after_a_screen() for _ in range(12)]
    assert min(heaps[6:]) - max(heaps[:3]) < 1000
    assert max(heaps) - min(heaps[:3]) < 12000
    assert "screens" not in telnetd.run("lsmod")[0]


def test_on_the_console(console):
    console(heap=HEAP)
    console.expect("$: ")
    console.send("screen -S c\r")
    console.expect("\x1b[2J")
    console.expect("$: ")
    console.send("echo $STY$((6*7))\r")
    console.expect("c42")
    console.send("\x01a\x01d")
    console.expect("[detached]")
    console.send("screen -r\r")
    console.expect("c42")
    console.send("exit\r")
    console.expect("[screen is terminating]")


class Serial:
    """A user at a serial port of this computer."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self.fd)
        self.data = b""

    def type(self, text):
        os.write(self.fd, text.encode())

    def until(self, wanted, timeout=PATIENCE):
        """Read until a text comes; what is behind it stays for the next."""
        end = time.monotonic() + timeout
        while wanted.encode() not in self.data:
            ready = select.select([self.fd], [], [], max(end - time.monotonic(), 0))[0]
            assert ready, f"{wanted!r} missing: {self.data!r}"
            self.data += os.read(self.fd, 4096)
        self.data = self.data.partition(wanted.encode())[2]

    def press(self, keys, wanted):
        """Type keys, and read until a text comes."""
        self.type(keys)
        self.until(wanted)

    def drop(self):
        os.close(self.fd)


@pytest.fixture
def serial(flash, port_offset):
    """(path of the console's serial port, Board for its services)"""
    words = ["--flash", str(flash()), "--stack", "rp2", "--heap", HEAP, "--port-offset", str(port_offset), "--pty"]
    with subprocess.Popen([*SIM, *words], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip(), Board(None, port_offset)
        finally:
            process.kill()


def test_from_a_serial_line_to_telnet_and_back(serial):
    path, board = serial
    first = Serial(path)
    first.press("\r", "$: ")
    first.type(
        "echo '{\"auth\": \"none\"}' > /etc/system.conf; loadconfig; utelnetd start; seq 50 > /tmp/n; echo re''ady\r"
    )
    first.until("ready")
    first.press("screen -S line\r", "\x1b[2J")
    first.until("$: ")
    first.press("vi /tmp/n\r", "22")
    first.press("iserial\x1b", "serial1")
    first.drop()
    second = Seen(board, 70, 15)
    second.start("screen -ls", "line    (Attached, windows: 1)").prompt()
    second.start("screen -d -r line", "serial1", "14").until_gone("15")
    second.drop()
    third = Serial(path)
    third.press("\r", "$: ")
    third.press("screen -r\r", "serial1")
    third.until("22")
    third.press(":wq\r", "$: ")
    third.press("head -1 /tmp/n; echo $COLUMNS\r", "serial1")
    third.until("80")
    third.drop()


def test_a_terminal_on_a_modem(console):
    console(heap=HEAP, set=["uart.1.modem=esp-at"], packages="modem,screen")
    console.expect("$: ")
    console.send("atmodem -c 1 115200 4 5; screen modem0\r")
    console.expect("Ctrl+Q to exit")
    console.send("AT+CWMODE?\r")
    console.expect("+CWMODE:1")
    console.expect("OK")
    console.send("\x11")
    console.expect("$: ")
    console.send("printf 'AT+NONSENSE\\n' | screen modem0\r")
    console.expect("ERROR")
