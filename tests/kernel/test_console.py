"""The console: line editing, Ctrl-C, Ctrl-D, jobs, UTF-8, and output that nobody reads."""

import os
import subprocess

import pexpect
import pytest
from harness import PROMPT, SIM, wait_until

from kernel import hog


def answer(console, keys):
    """Type a line, and return the output between its echo and the next prompt."""
    console.send(keys + "\r")
    return console.expect(PROMPT).split("\r\n", 1)[1]


@pytest.mark.parametrize(
    "keys, output",
    [
        ("echo hello", "hello\r\n"),
        ("echo hallo\x1b[D\x1b[D\x1b[D\x7fe", "hello\r\n"),
        ("hello\x01echo ", "hello\r\n"),
        ("echo a\x1b[Hecho \x1b[F!", "echo a!\r\n"),
        ("echo one two\x17three", "one three\r\n"),
        ("junk\x15echo clean", "clean\r\n"),
        ("echo ab\x1b[D\x0bc", "ac\r\n"),
        ("echo x\x1b[D\x1b[3~y", "y\r\n"),
        ("echo grün €\x7f!", "grün !\r\n"),
    ],
)
def test_a_line_is_edited(prompt, keys, output):
    assert answer(prompt, keys) == output + "/ "


def test_history(prompt):
    answer(prompt, "echo first")
    answer(prompt, "echo second")
    assert answer(prompt, "\x1b[A\x1b[A").startswith("first")
    assert answer(prompt, "\x10").startswith("first")


def test_a_command_over_several_lines(prompt):
    prompt.send("for i in 1 2; do\r")
    prompt.expect("> ")
    prompt.send("echo line $i\r")
    prompt.expect("> ")
    assert answer(prompt, "done") == "line 1\r\nline 2\r\n/ "


def test_ctrl_c_clears_the_line(prompt):
    prompt.send("echo never\x03")
    prompt.expect("^C")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo next") == "next\r\n/ "


@pytest.mark.parametrize(
    "command", ["sleep 60", "yes > /dev/null", "while true; do :; done", "cat", "sh -c 'sleep 60'", "sleep 60 | cat"]
)
def test_ctrl_c_ends_the_foreground_job(prompt, command):
    prompt.send(command + "\r")
    prompt.expect("\r\n")
    prompt.send("\x03")  # wherever the job is by now
    prompt.expect(PROMPT)
    assert answer(prompt, "echo $?").startswith("130")


def test_ctrl_c_ends_a_plain_function_that_sleeps(prompt):
    answer(prompt, "echo 'import time' > /tmp/p.py; echo 'def __main__(a): time.sleep(60)' >> /tmp/p.py")
    prompt.send("/tmp/p\r")
    prompt.expect("\r\n")
    prompt.send("\x03")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo $?").startswith("130")


def test_ctrl_z_stops_a_job_and_fg_goes_on(prompt):
    prompt.send("sleep 1\r")
    prompt.expect("\r\n")
    prompt.send("\x1a")
    prompt.expect("Stopped")
    prompt.expect(PROMPT)
    assert "Stopped" in answer(prompt, "jobs")
    assert answer(prompt, "fg; echo over").endswith("over\r\n/ ")


def test_ctrl_d_ends_the_session(prompt):
    prompt.send("\x04")
    assert prompt.wait() == 0


@pytest.mark.parametrize("command", ["sh", "sh -i", "bash"])
def test_a_shell_in_the_shell_has_a_prompt(prompt, command):
    answer(prompt, "x=outer; export e=seen")
    prompt.send(command + "\r")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo [$x] $ee\x7f") == "[] seen\r\n/ "
    assert answer(prompt, "cd /etc; echo $0 $-") == f"{command.split()[0]} i\r\n/etc "
    prompt.send("\x04")
    prompt.expect("/ ")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo $x $?") == "outer 0\r\n/ "


def test_a_program_reads_lines_with_echo_and_erase(prompt):
    prompt.send("read -p va''lue: v\r")
    prompt.expect("value:")
    prompt.send("abx\x7fc\r")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo [$v]").startswith("[abc]")


def test_the_end_of_a_background_job_is_told(prompt):
    prompt.send("sleep 0.2 &\r")
    prompt.expect("[1]")
    prompt.expect(PROMPT)
    wait_until(lambda: "Done" in answer(prompt, ""), "Done")


def test_output_that_nobody_reads_holds_nobody_up(flash):
    run = subprocess.Popen([*SIM, "--flash", str(flash()), "--stack", "rp2", "--pty"], stdout=subprocess.PIPE)
    try:
        line = os.open(run.stdout.readline().decode().strip(), os.O_RDWR | os.O_NOCTTY)
        os.write(line, b"yes | head -n 20000; echo over$((6 * 7)) > /home/over\r")
        wait_until(lambda: b"over42" in flash().read_bytes(), "over")  # nobody reads: the terminal gives up waiting
        os.close(line)
    finally:
        run.terminate()
        run.wait()
    check = subprocess.run([*SIM, "--flash", str(flash()), "-c", "cat /home/over"], capture_output=True)
    assert check.stdout == b"over42\n"


@pytest.fixture
def host_prompt(console):
    """A prompt whose Ctrl-C reaches code that never waits: a host signal, delivered only to the main thread."""
    console(stack="host")
    console.expect(PROMPT)
    return console


@pytest.mark.parametrize(
    "code", [r"> print(6*7)\nwhile True: pass", "/tmp/spin.py", "/tmp/spin.py | cat", "python /tmp/spin.py x"]
)
def test_ctrl_c_stops_code_that_never_waits(host_prompt, code):
    prompt = host_prompt
    answer(
        prompt,
        r"printf 'import sys\ndef __main__(args):\n print(42, file=sys.stderr)\n while True: pass\n' > /tmp/spin.py",
    )
    prompt.send(code + "\r")
    prompt.expect("42")
    prompt.send("\x03")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo $((6*7))").startswith("42")


def test_python_prompt(host_prompt):
    prompt = host_prompt
    prompt.send("python\r")
    for line, shown in (
        ("def f(x):", "... "),
        ("  return x + 1", "... "),
        ("", ">>> "),
        ("f(41)", "42\r\n>>> "),
        ("nothing", "NameError"),
        ("(1,", "... "),
        ("2)", "(1, 2)\r\n>>> "),
    ):
        prompt.send(line + "\r")
        prompt.expect(shown)
    prompt.send("def g():\r\tprint(6*7)\r\twhile True: pass\r\rg()\r")
    prompt.expect("42")
    prompt.send("\x03")
    prompt.expect(">>> ")
    prompt.send("import time; print(6*7); time.sleep(50)\r")
    prompt.expect("42")
    prompt.send("\x03")
    prompt.expect(">>> ")
    prompt.send("\x04")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo back").startswith("back")


def test_a_window_whose_size_changes_is_followed(prompt):
    prompt.send("echo $COLUMNS.\r")
    prompt.expect("\r\n80.\r\n")
    prompt.child.setwinsize(15, 50)
    prompt.send("until [ $COLUMNS = 50 ]; do sleep .02; done; echo $COLUMNS x $LINES\r")
    prompt.expect("\r\n50 x 15\r\n")


def fill(console, line, prompt):
    """Take memory until another line does not fit, including what the system can evict at first."""
    for _ in range(10):
        console.send(line)
        if console.child.expect_exact(["variables are given up", prompt]) == 0:
            console.expect(prompt)
            return
    raise AssertionError("there is always room")


@pytest.mark.parametrize("image", ["romfs", "mpy", "source"])
def test_a_session_outlives_a_lack_of_memory(console, image):
    """Python variables of a session take all memory: they are discarded, and everything works again."""
    console(image=image, heap="320k")
    console.expect("$: ")
    for size in (256, 1):
        console.send("> hog = None\r")
        console.expect("$: ")
        fill(console, f"> while True: hog = hog, bytearray({size})\r", "$: ")
        console.send("ls /etc | sort | head -n 1; echo en''d $?\r")
        console.expect("end 0")
        console.expect("$: ")


def test_a_session_keeps_what_leaves_room_for_a_line(console):
    """A program may run out of memory, but the session's variables belong to the user and stay."""
    console(image="mpy", heap="320k")
    console.expect("$: ")
    console.send("> import gc; gc.collect(); hog = bytearray(gc.mem_free() // 2)\r")
    console.expect("$: ")
    for share in (2, 3, 4):
        console.send(f"> gc.collect(); more = (hog, bytearray(gc.mem_free() // {share}))\r")
        console.expect("$: ")
    console.send("> print('have', len(hog) > 60000)\r")
    console.expect("have True")


@pytest.mark.parametrize("image", ["romfs", "mpy"])
def test_the_python_prompt_outlives_a_lack_of_memory(console, image):
    console(image=image, heap="320k")
    console.expect("$: ")
    console.send("python\r")
    console.expect(">>> ")
    console.send("hog = None\r")
    console.expect(">>> ")
    for _ in range(2):
        fill(console, "while True: hog = (hog,)\r\r", ">>> ")
        console.send("hog = [6 * 7]; hog\r")
        console.expect("42")
        console.expect(">>> ")
    console.send("\x04")
    console.expect("$: ")
    console.send("ls /etc | sort | head -n 1; echo en''d $?\r")
    console.expect("end 0")


@pytest.mark.parametrize("free", [6000, 10000, 14000, 18000, 22000])
def test_a_pipeline_for_which_memory_is_too_short_leaves_no_process(console, free):
    console(image="mpy", heap="320k")
    console.expect("$: ")
    console.send(
        f"> import gc; gc.collect(); hog = [bytearray(1000) for _ in range((gc.mem_free() - {free}) // 1056)]\r"
    )
    console.expect("$: ")
    for _ in range(3):
        console.send("ls / | grep etc | wc -l\r")
        console.expect("$: ")
    console.send("> hog = None\r")
    console.expect("$: ")
    console.send("ps | grep -cv ps; echo en''d\r")
    console.expect("\r\n3\r\nend")  # kernel, sh, grep


@pytest.mark.parametrize("left", [3000, 8000, 12000, 24000])
@pytest.mark.parametrize("image, heap", [("romfs", "240k"), ("mpy", "320k")])
def test_a_console_outlives_a_job_that_holds_all_memory(console, image, heap, left):
    """`kill` works even if there is no memory for it; if not even a key can be read, the job ends."""
    console(image=image, heap=heap)
    console.expect("$: ")
    console.send(f"cat > /tmp/hog.py <<'END'\r{hog.SOURCE}END\r".replace("\n", "\r"))
    console.expect("$: ")
    console.send(f"/tmp/hog {left} &\r")
    console.expect("[1]")
    for _ in range(6):
        console.send("ls / | sort | tail -n 1; echo to''ld $?\r")
        console.child.expect(["told [0-9]+", "out of memory", pexpect.TIMEOUT], timeout=3)  # a key may be lost
    console.send("\x15kill %1\r")

    def runs():
        console.send("\x15ls / | sort | head -n 1; echo en''d $?\r")
        return console.child.expect_exact(["end 0", pexpect.TIMEOUT], timeout=3) == 0

    wait_until(runs, "the end of a command")


def test_a_size_that_is_told_among_keys(console):
    """xterm may report its size at any time, even between two keys of a pasted line."""
    terminal = console()
    terminal.expect("$: ")
    terminal.child.send("echo size\x1b[8;30;100t=$COLUMNS,$LINES\r")
    terminal.expect("size=100,30")
