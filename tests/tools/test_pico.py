"""tools/pico: MicroPython's own firmware, and Diatom on it, on an emulated RP2040."""

import os
import re
import select
import shutil
import struct
import subprocess
import sys
from random import Random

import pytest
from harness import ROOT

from emulator import shell, system
from emulator.machine import EmulatorError, Machine

PICO = [sys.executable, "-I", "-S", str(ROOT / "tools" / "pico")]
REPL = r">>> $"
STACK = 8192  # bytes that MicroPython has on an RP2040
MARGIN = 1024


@pytest.fixture(scope="module")
def bare(tmp_path_factory, require):
    """A flash with MicroPython alone."""
    require("node")
    path = tmp_path_factory.mktemp("pico") / "bare"
    system.bare(path, system.firmware())
    return path


@pytest.fixture(scope="module")
def installed(tmp_path_factory, require):
    """A flash with Diatom."""
    require("node")
    path = tmp_path_factory.mktemp("pico") / "diatom"
    system.make(path, system.firmware(), "packed", "minimal")
    return path


@pytest.fixture(scope="module")
def diatom(installed, tmp_path_factory):
    """A board at Diatom's prompt, as its user finds it."""
    path = tmp_path_factory.mktemp("pico") / "flash"
    shutil.copyfile(installed, path)
    with Machine(path, held=True) as machine:
        machine.boot = machine.expect("", shell.PROMPT, 60)
        yield machine


@pytest.fixture
def python(bare, tmp_path):
    """A board at MicroPython's prompt; call it with an expression for what it prints."""
    path = tmp_path / "flash"
    shutil.copyfile(bare, path)
    with Machine(path, held=True) as machine:
        machine.expect("", REPL)
        machine.ask = lambda line: (
            machine.expect(line + "\r", REPL, 60).output.split("\r\n", 1)[1].rpartition("\r\n")[0]
        )
        yield machine


def run(machine, line):
    """What a command prints at Diatom's prompt."""
    text = re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]|\x1b[78]", "", shell.run(machine, line).output)
    return text.split("\r\n", 1)[1].rpartition("\r\n")[0].replace("\r", "")


def test_firmware_says_what_it_is(python):
    assert python.ask("import sys; sys.implementation._machine") == "'Raspberry Pi Pico W with RP2040'"


def test_floats_are_those_of_ieee_754(python):
    python.ask("import struct")
    python.ask('exec(\'def f(b): return struct.unpack("<f", struct.pack("<I", b))[0]\')')
    python.ask('exec(\'def i(x): return struct.unpack("<I", struct.pack("<f", x))[0]\')')
    random = Random(1)
    for _ in range(30):
        x, y = bits(random.uniform(-2, 2) * 10.0 ** random.randrange(-30, 30)), bits(random.uniform(-2, 2))
        a, b = of_bits(x), of_bits(y)
        words = python.ask("[i(z) for z in (f(%d)+f(%d), f(%d)-f(%d), f(%d)*f(%d), f(%d)/f(%d))]" % ((x, y) * 4))
        assert words == str([bits(z) for z in (a + b, a - b, a * b, a / b)])


def bits(value):
    """A float of 32 bits as an int; a double holds each sum, difference, product and quotient well enough to round once."""
    return struct.unpack("<I", struct.pack("<f", value))[0]


def of_bits(number):
    return struct.unpack("<f", struct.pack("<I", number))[0]


def test_file_survives_reset_and_power_cut(bare, tmp_path):
    path = tmp_path / "flash"
    shutil.copyfile(bare, path)
    with Machine(path, held=True) as machine:
        machine.expect("", REPL)
        machine.expect("f = open('kept', 'w'); f.write('x' * 5000); f.close()\r", REPL)
        machine.expect("import machine; machine.reset()\r", r"MicroPython[^$]*>>> $")
        assert machine.figures()["resets"] == 1
        assert "\r\n5000\r\n" in machine.expect("len(open('kept').read())\r", REPL).output
    with Machine(path, held=True) as machine:
        machine.expect("", REPL)
        assert "\r\n5000\r\n" in machine.expect("len(open('kept').read())\r", REPL).output


def test_time_passes_for_the_board_alone(python):
    answer = python.expect("import time; time.sleep(100)\r", REPL, 200)
    assert 100_000 <= answer.ms < 100_500


def test_same_requests_take_the_same_time(bare, tmp_path):
    took = []
    for name in ("one", "two"):
        shutil.copyfile(bare, tmp_path / name)
        with Machine(tmp_path / name, held=True) as machine:
            took.append((machine.expect("", REPL).ms, machine.expect("sum(range(1000))\r", REPL).ms))
    assert took[0] == took[1]


def test_heap_seen_from_outside_is_what_micropython_counts(python):
    python.ask("import gc; kept = [bytes(100) for i in range(100)]")
    heap = python.heap()
    python.ask("gc.collect()")
    free, used = eval(python.ask("gc.mem_free(), gc.mem_alloc()"))
    assert heap["size"] == free + used
    assert abs(heap["live"] - used) < 512  # what the REPL itself holds at either moment


def test_stack_is_measured_at_its_deepest(python):
    python.ask("exec('def f(n):\\n if n: f(n - 1)')")
    shallow, deep = (python.expect(f"f({depth})\r", REPL).stack for depth in (5, 15))
    assert 8 * 100 < deep - shallow < STACK / 2


def test_power_fails_after_a_number_of_flash_operations(bare, tmp_path):
    path = tmp_path / "flash"
    shutil.copyfile(bare, path)
    with Machine(path, held=True) as machine:
        machine.expect("", REPL)
        machine.request("cut", operations=2)
        machine.exchange("f = open('lost', 'w'); f.write('x' * 5000); f.close()\r", REPL)
        figures = machine.figures()
        assert figures["ended"] == "the power was cut"
        assert figures["erased"] + figures["programmed"] == 2


def test_what_is_no_firmware_is_refused(tmp_path):
    (tmp_path / "no.uf2").write_bytes(b"x" * 512)
    with pytest.raises(EmulatorError):
        Machine(tmp_path / "flash", [tmp_path / "no.uf2"])


def test_diatom_comes_to_its_prompt(diatom):
    assert "Diatom 0.1.0 on Raspberry Pi Pico W, MicroPython 1.27.0" in diatom.boot.output


def test_memory_at_the_prompt_and_after_a_command_is_what_it_was(installed, tmp_path):
    """Some hundred bytes above what docs/benchmarks.md says: a change that takes more has to say why."""
    path = tmp_path / "flash"
    shutil.copyfile(installed, path)
    with Machine(path, held=True) as machine:
        shell.boot(machine)
        machine.exchange(seconds=1)
        assert machine.heap()["live"] <= 46_000
        shell.run(machine, "echo hi")
        assert machine.heap()["live"] <= 106_000


def test_programs_find_the_assembler_that_is_unloaded_after_the_boot(diatom):
    assert run(diatom, "> import rp2; print(rp2.PIO(0), rp2.asm_pio() is not None)") == "PIO(0) True"


@pytest.mark.parametrize(
    ("line", "output"),
    [
        ("echo hello", "hello"),
        ("pwd", "/"),
        ("echo b a | tr ' ' '\\n' | sort", "a\nb"),
        ("for i in 1 2 3; do echo $((i * i)); done", "1\n4\n9"),
        ("echo kept > /tmp/f && cat /tmp/f && rm /tmp/f", "kept"),
        ("< 2 ** 0.5", "1.4142135"),
        ("nonsense; echo $?", "nonsense: not found\n127"),
    ],
)
def test_commands(diatom, line, output):
    assert run(diatom, line) == output


def test_deepest_command_leaves_a_margin_of_the_stack(installed, tmp_path):
    path = tmp_path / "flash"
    shutil.copyfile(installed, path)
    with Machine(path, held=True) as machine:  # a fresh boot: modules are imported on the way
        shell.boot(machine)
        command = shell.run(machine, "find / -name '*.sh'")
        deepest = "\n".join("%6d %s %s" % frame for frame in machine.frames())
    assert "/etc/init.sh" in command.output
    assert command.stack <= STACK - MARGIN, deepest


def test_functions_on_the_stack_are_named(python):
    python.ask("exec('def f(n):\\n if n: f(n - 1)')")
    with pytest.raises(EmulatorError):
        python.frames()
    python.ask("f(20)")
    assert [name for _, name, _ in python.frames()].count("f") == 21


def test_names_are_counted(python):
    before = python.names()["names"]
    python.ask("first_new = second_new = 1")
    assert python.names()["names"] == before + 2


def test_heap_is_cut_for_a_stress(installed, tmp_path):
    path = tmp_path / "flash"
    shutil.copyfile(installed, path)
    with Machine(path, held=True) as machine:
        shell.boot(machine)
        live = machine.heap()["live"]
        shell.cut_heap(machine, 160 << 10)
        machine.request("reset")
        shell.boot(machine)
        heap = machine.heap()
        assert abs(heap["size"] - heap["live"] - ((160 << 10) - live)) < 2048


def test_command_reads_a_pipe_and_prints_figures(installed, tmp_path):
    path = tmp_path / "flash"
    shutil.copyfile(installed, path)
    words = [*PICO, "--flash", str(path), "--figures"]
    done = subprocess.run(words, input="echo $((6 * 7))\r", capture_output=True, text=True, timeout=120)
    assert done.returncode == 0
    assert "\n42\n" in done.stdout
    assert re.search(r"^stack +\d+ bytes", done.stderr, re.M)
    assert re.search(r"^heap +\d+ bytes live", done.stderr, re.M)


@pytest.mark.slow
def test_diatom_deploys_through_its_pseudo_terminal(bare, tmp_path):
    path = tmp_path / "flash"
    shutil.copyfile(bare, path)
    board = subprocess.Popen([*PICO, "--flash", str(path), "--pty"], stdout=subprocess.PIPE, text=True)
    try:
        address = board.stdout.readline().strip()
        remote = [sys.executable, "-I", "-S", str(ROOT / "tools" / "diatom"), "-b", address]
        subprocess.run([*remote, "deploy", "--minimal", "--as", "packed"], check=True, timeout=280)
        wait_for_prompt(address)
        ran = subprocess.run([*remote, "run", "-c", "echo $((6 * 7))"], capture_output=True, text=True, timeout=100)
        assert ran.stdout == "42\n"
    finally:
        board.terminate()
        board.wait()
        board.stdout.close()


def wait_for_prompt(address):
    """Read the serial line until Diatom has booted: a tool that connects earlier interrupts that."""
    fd = os.open(address, os.O_RDWR | os.O_NOCTTY)
    seen = b""
    try:
        while b"$: " not in seen:
            assert select.select([fd], [], [], 60)[0], seen
            seen += os.read(fd, 4096)
    finally:
        os.close(fd)
