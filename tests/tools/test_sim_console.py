"""The simulator's console: raw terminal, resets, host-side keys, pipes, and serial tools."""

import os
import select
import subprocess
import termios
import time

import pytest
from harness import SIM, wait_until


@pytest.fixture
def terminal(console, tree, tmp_path):
    """Callable: a console on the smallest system."""

    def terminal(**options):
        flash = tmp_path / "bare.img"
        console(tree=str(tree), flash=str(flash), **options)
        console.expect("ready power_on\r\n")
        return console

    return terminal


def test_lines_are_taken_raw_and_end_of_input_ends_with_0(terminal):
    console = terminal()
    console.send("print(6 * 7)\r")
    assert console.expect("42") == ""  # no echo from the host
    console.send("\x04")
    assert console.wait() == 0


@pytest.mark.parametrize(
    "call, cause",
    [("reset()", "hard"), ("soft_reset()", "soft"), ("reset('wdt')", "wdt"), ("reset('deepsleep')", "deepsleep")],
)
def test_a_reset_restarts_in_place_and_tells_why(terminal, call, cause):
    console = terminal()
    console.send(f"power.{call}\r")
    console.expect(f"ready {cause}\r\n")


def test_what_is_kept_over_a_reset_is_lost_with_the_power(terminal):
    console = terminal()
    console.send("power.keep('a\\nb'); power.reset()\r")
    console.expect("ready hard")
    console.send("print(repr(power.kept))\r")
    console.expect("'a\\nb'")


def test_all_output_before_a_reset_arrives(terminal):
    console = terminal()
    console.send("sys.stdout.write('x' * 3000 + 'END'); power.reset()\r")
    assert console.expect("END").count("x") == 3000


def test_power_switch_and_reset_button(terminal):
    console = terminal()
    console.send("\x1dr")
    console.expect("ready hard")
    console.send("\x1dr")
    console.expect("ready hard")
    console.send("\x1dq")
    assert console.wait() == 0


def test_kbd_intr_makes_ctrl_c_an_interrupt_on_the_host_stack(terminal):
    console = terminal(stack="host")
    console.send("import micropython; micropython.kbd_intr(3); print('set')\r")
    console.expect("set")
    console.send("print(6 * 7); exec('while 1: pass')\r")
    console.expect("42")
    console.send("\x03")
    console.expect("interrupted")


def test_ctrl_c_is_a_byte_otherwise(terminal):
    console = terminal()
    console.send("print(6 * 7); print(read(1))\r")
    console.expect("42")
    console.send("\x03")
    console.expect("b'\\x03'")


def test_size_of_the_terminal(terminal):
    console = terminal()
    console.send("print([a for a in argv if '=' in a])\r")
    console.expect("['LINES=24', 'COLUMNS=80']")


@pytest.mark.parametrize("end", ["\x1dq", "power.cut()\r", "SIGTERM", "SIGSEGV"])
def test_the_terminal_gets_its_settings_back(terminal, end):
    """Seen on the terminal itself, whose slave this test holds open."""
    console = terminal()
    pid = console.child.pid
    slave = os.open(os.readlink(f"/proc/{pid}/fd/0"), os.O_RDWR | os.O_NOCTTY)
    try:
        assert not termios.tcgetattr(slave)[3] & termios.ICANON
        if end == "SIGTERM":
            os.kill(pid, 15)
        elif end == "SIGSEGV":
            with open(f"/proc/{pid}/task/{pid}/children") as file:
                os.kill(int(file.read()), 11)
        else:
            console.send(end)
        wait_until(lambda: termios.tcgetattr(slave)[3] & termios.ICANON)
        assert termios.tcgetattr(slave)[3] & termios.ECHO
    finally:
        os.close(slave)


def test_a_pipe_as_the_console(bare):
    result = bare(None, stdin=b"print('from a pipe')\r")
    assert result.status == 0
    assert result.stdout == "ready power_on\r\nfrom a pipe\n"


class Serial:
    """A serial tool: opens the port, and closes it."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)

    def send(self, text):
        os.write(self.fd, text.encode())

    def read(self, patience=0.5):
        data = b""
        while select.select([self.fd], [], [], patience)[0]:
            more = os.read(self.fd, 65536)
            if not more:  # the other end has gone
                break
            data += more
        return data.decode()


@pytest.fixture
def port(tree, tmp_path):
    """The path of a simulated serial port."""
    command = [*SIM, "--tree", str(tree), "--flash", str(tmp_path / "bare.img"), "--pty"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip()
        process.terminate()
        assert process.wait(10) == 143


def test_serial_tools_come_and_go(port):
    with Serial(port) as serial:
        serial.read()
        serial.send("print(1 + 1)\r")
        assert serial.read() == "2\n"
    with Serial(port) as serial:
        serial.send("power.reset()\r")
        assert serial.read() == "ready hard\r\n"
        serial.send("print(2 + 2)\r")
        assert serial.read() == "4\n"


def test_a_reader_who_keeps_up_loses_nothing(port):
    with Serial(port) as serial:
        serial.read()
        serial.send("for i in range(30000): write('0123456789')\r")
        data = serial.read(patience=2)
        assert len(data) == 300_000
        assert data == "0123456789" * 30_000


def test_the_board_does_not_wait_for_a_reader_who_has_gone(port):
    with Serial(port) as serial:
        serial.send("for i in range(30000): write('0123456789')\r")
    time.sleep(2)
    with Serial(port) as serial:
        serial.read()
        serial.send("print('alive')\r")
        assert serial.read().endswith("alive\n")
