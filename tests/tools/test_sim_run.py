"""The simulator as a command: commands and scripts, streams, exit statuses, memory, stack and mounts."""

import os
import signal
import subprocess
import time

import pytest
from harness import PATIENCE, SIM


@pytest.fixture
def sleeping_reader(tree, tmp_path):
    """A board that prints each piece of its input."""
    code = "while True: print(read(256))"
    command = [*SIM, "--tree", str(tree), "--flash", str(tmp_path / "bare.img"), "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_output_goes_to_stdout_and_errors_to_stderr(bare):
    result = bare("print('out'); sys.stderr.write('err')")
    assert (result.stdout, result.stderr, result.status) == ("out\n", "err", 0)


@pytest.mark.parametrize(
    "code, status", [("pass", 0), ("sys.exit(7)", 7), ("sys.exit()", 0), ("sys.exit('why')", 1), ("1 / 0", 1)]
)
def test_exit_status(bare, code, status):
    assert bare(code).status == status


def test_standard_input_belongs_to_the_commands(bare):
    assert bare("print(read_all())", stdin=b"words").stdout == "b'words'\n"


def test_a_read_takes_what_is_there(sleeping_reader):
    for word in (b"one", b"two"):
        sleeping_reader.stdin.write(word)
        sleeping_reader.stdin.flush()
        assert sleeping_reader.stdout.readline() == b"%r\n" % word


def test_kernel_command_line(bare):
    result = bare(
        "print(argv)", recovery=True, board="pico", cwd="/tmp", env={"A": "b c", "D": "é"}, port_offset=5, stack="host"
    )
    expected = "-r -q --board pico --cwd /tmp --port-offset 5 --env|A=b c|--env|D=é|-c|print(argv)"
    assert eval(result.stdout) == expected.replace(" ", "|").replace("b|c", "b c").split("|")


def test_script_of_the_host_with_arguments(bare, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("print(argv[argv.index('-f') + 1:])")
    assert bare(None, str(script), "a", "-b", "c d").stdout == "['/.host/script.py', 'a', '-b', 'c d']\n"


def test_long_command(bare):
    assert bare("x = '%s'\nprint(len(x))" % ("y" * 60_000), heap="1M").stdout == "60000\n"


def test_heap_is_limited(bare):
    assert "MemoryError" in bare("bytearray(200_000)", heap="150k").stderr
    assert bare("bytearray(200_000)", heap="400k").status == 0


DEPTH = """
depth = 0
def deeper():
    global depth
    depth += 1
    deeper()
try:
    deeper()
except RuntimeError:
    print(depth)
"""


@pytest.mark.parametrize("stack, least, most", [("rp2", 27, 31), ("esp32", 56, 64), ("host", 150, 1000)])
def test_stack_is_limited_as_on_the_chip(bare, stack, least, most):
    assert least <= int(bare(DEPTH, stack=stack).stdout) <= most


def test_mounted_directory_of_the_host(bare, tmp_path):
    (tmp_path / "shared").mkdir()
    code = "open('/mnt/x/new', 'w').write('from the board')"
    assert bare(code, mount=f"{tmp_path}/shared:/mnt/x").status == 0
    assert (tmp_path / "shared" / "new").read_text() == "from the board"


def test_reset_ends_a_command_with_status_0(bare):
    result = bare("print(power.cause); power.reset(); print('never')")
    assert (result.stdout, result.status) == ("power_on\n", 0)


def test_power_off_from_any_thread(bare):
    code = "import _thread, time; _thread.start_new_thread(power.off, (5,)); time.sleep(30)"
    assert bare(code, stack="rp2").status == 5


@pytest.mark.parametrize(
    "words",
    [
        ["--nonsense"],
        ["-c"],
        ["--heap", "much"],
        ["--stack", "none"],
        ["--mount", "here"],
        ["--cut-power-at", "0"],
        ["-x"],
    ],
)
def test_nonsense_on_the_command_line_is_one_sentence_and_status_2(words):
    run = subprocess.run([*SIM, *words], capture_output=True, text=True, timeout=PATIENCE)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith("sim: ") and run.stderr.count("\n") == 1


def children(pid):
    """The processes that a process has started."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


@pytest.fixture
def sleeping(tree, tmp_path):
    """A simulator in the middle of a long command, and the process of its interpreter."""
    command = [
        *SIM,
        "--tree",
        str(tree),
        "--flash",
        str(tmp_path / "bare.img"),
        "-c",
        "print(1)\nimport time\ntime.sleep(60)",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "1\n"
        yield process, children(process.pid)[0]
        process.kill()


def gone(pid):
    """Wait for the end of a process."""
    for _ in range(100):
        if not os.path.exists(f"/proc/{pid}") or open(f"/proc/{pid}/stat").read().split()[2] == "Z":
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_interpreter_too(sleeping, number):
    process, engine = sleeping
    process.send_signal(number)
    assert process.wait(10) == 128 + number
    assert gone(engine)


def test_the_interpreter_does_not_outlive_a_killed_simulator(sleeping):
    process, engine = sleeping
    process.kill()
    process.wait(10)
    assert gone(engine)


def test_death_of_the_interpreter_is_reported(sleeping):
    process, engine = sleeping
    os.kill(engine, signal.SIGSEGV)
    assert process.wait(10) == 128 + signal.SIGSEGV
    assert "killed by signal 11" in process.stderr.read()


def test_two_simulators_do_not_share_a_flash(sleeping, bare):
    result = bare("pass")
    assert result.status == 1
    assert "another simulator runs on it" in result.stderr
