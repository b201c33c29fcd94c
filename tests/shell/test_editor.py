"""The line editor: its keys, drawing, paste and the window's size, on a screen."""

import os
import subprocess

import pexpect.fdpexpect
import pytest
import wcwidth
from harness import PATIENCE, PROMPT, SIM

from shell.screens import answer, filled, rows_of, screen, shown


@pytest.mark.parametrize(
    "keys, line",
    [
        ("hello\x01echo ", "hello"),  # C-a
        ("echo a\x01\x06\x06\x06\x06\x06b", "ba"),  # C-f
        ("echo ab\x02c", "acb"),  # C-b
        ("echo ab\x01\x05c", "abc"),  # C-e
        ("echo ab\x1b[D\x1b[Dc\x1b[Cd", "cadb"),  # arrows
        ("echo ab\x1bOD\x1bOHx\x7f\x1bOFc", "abc"),  # application keys
        ("o\x1b[Hech\x1b[F a\x1b[1~\x1b[4~b\x1b[7~\x1b[8~c", "abc"),  # Home, End
        ("echo abc\x02\x02\x04", "ac"),  # C-d
        ("echo abc\x1b[D\x1b[D\x1b[3~", "ac"),  # Del
        ("echo abc\x08\x7f", "a"),  # C-h, Backspace
        ("echo abc\x02\x02\x0bd", "ad"),  # C-k
        ("junk\x15echo a", "a"),  # C-u
        ("echo a b-c\x17d", "a d"),  # C-w
        ("echo a b-c\x1b\x7fd", "a b-d"),  # M-Backspace
        ("echo one two\x1bbx", "one xtwo"),  # M-b
        ("echo one two\x01\x1bf\x1bfx", "onex two"),  # M-f
        ("echo one two\x1b[1;5D\x1b[1;5Dx\x1b[1;5Cy", "xoney two"),  # Ctrl-arrows
        ("echo one two\x1bb\x1bb\x1bd", "two"),  # M-d
        ("echo one two\x17\x17\x19 \x19", "one two one two"),  # kills one after another are one
        ("echo a b c\x1bb\x1bb\x1bd\x0b\x19", "a b c"),
        ("echo ab\x14", "ba"),  # C-t
        ("echo abc\x02\x02\x14", "bac"),
        ("echo one two\x1bt", "two one"),  # M-t
        ("echo one two three\x1bb\x1bt", "one three two"),
        ("echo one\x1bb\x1bu", "ONE"),  # M-u, M-l, M-c
        ("echo ONE\x1bb\x1bl", "one"),
        ("echo oNE\x1bb\x1bc", "One"),
        ("echo abc \x17\x1f", "abc"),  # undo
        ("echo \x1b12xy", "xxxxxxxxxxxxy"),  # M-1 2
        ("echo a b c d\x1b2\x17\x1b3\x1b[D\x1b1\x1b0.", "a.......... b"),
        ("echo abc\x15\x1f\x02X\x1f", "abc"),
        ("rm -r /\x07echo a", "a"),  # C-g
        ("echo a\x16\x01b | od -An -c | tr -d ' '", "a001b\\n"),  # C-v
        ("echo a\x1b[99;99xb\x1b[24~c", "abc"),  # keys that mean nothing
        ("echo grün €\x7f!", "grün !"),
        ("echo 日本語\x02\x02\x7fx", "x本語"),
        ("echo e\u0301x\x02\x7fa", "ax"),  # a character goes with what combines with it
    ],
)
def test_keys(prompt, keys, line):
    assert answer(prompt, keys) == line + "\n"


def test_clear_keeps_the_line(prompt):
    prompt.send("echo one\r")
    prompt.expect(PROMPT)
    prompt.send("echo two\x02\x0c")
    assert screen(prompt) == ["/ $: echo two"]
    assert prompt.screen.cursor.y == 0
    assert answer(prompt, "") == "two\n"


def test_ctrl_c_gives_up_a_command_of_several_lines(prompt):
    prompt.send("while true; do\r")
    prompt.expect("> ")
    prompt.send("echo never\x03")
    prompt.expect("^C")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo $?") == "130\n"


def test_what_is_typed_ahead_belongs_to_who_reads(prompt):
    prompt.send("read a; read b\rone\rtwo\recho $b $a\r")
    prompt.expect("\r\ntwo one\r\n")


def test_ctrl_c_typed_ahead_interrupts_the_job(prompt):
    prompt.send("sleep 60\r\x03")
    prompt.expect("^C")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo $?") == "130\n"


PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ"
MIXED = "aä日本b語éc日d本語efgh日ijk本lmn語opqr"


@pytest.mark.parametrize("text", [PLAIN, MIXED], ids=["plain", "mixed"])
@pytest.mark.parametrize("columns", [3, 10, 11, 80])
def test_a_line_wraps_at_any_width(console, columns, text):
    console.COLUMNS = columns
    console.LINES = 60
    console()
    console.expect("$:")
    console.send("\x15\x0c")  # an empty screen
    prompt = "/ $: "
    line = undone = ""
    for piece in (text[:3], text[3:10], text[10:]):
        console.send(piece)
        line += piece
        expected = rows_of(prompt + line, columns)
        assert shown(console)[0] == filled(expected)
    for keys, change in (
        ("\x01", lambda t: t),
        ("XY", lambda t: "XY" + t),
        ("\x06\x06\x06Z", lambda t: t[:5] + "Z" + t[5:]),
        ("\x7f\x7f", lambda t: t[:4] + t[6:]),
        ("\x04", lambda t: t[:4] + t[5:]),
        ("\x05\x7f", lambda t: t[:-1]),
        ("\x02\x02\x02\x0b", lambda t: t[:-3]),
        ("\x01\x06\x0b", lambda t: t[:1]),
        ("\x1f\x05", None),
    ):
        console.send(keys)
        line, undone = change(line) if change else undone, line
        expected = rows_of(prompt + line, columns)
        assert shown(console)[0] == filled(expected), keys
    column = sum(max(wcwidth.wcwidth(c), 0) for c in expected[-1])
    assert shown(console)[1] == (len(expected) - 1, column)


def test_a_line_longer_than_the_screen(console):
    console.COLUMNS = 20
    console.LINES = 5
    console()
    console.expect("$:")
    text = "".join([f"{n:03}" for n in range(100)])
    console.send(text)
    rows = rows_of("/ $: " + text, 20)
    assert shown(console) == (rows[-5:], (4, len(rows[-1])))
    console.send("\x01")
    assert shown(console) == (rows[:5], (0, 5))
    console.send("\x06" * 100)
    assert shown(console) == (rows[1:6], (4, 5))
    console.send("\x0b")
    assert shown(console) == (rows[1:5] + [rows[5][:5]], (4, 5))
    console.send("\x7f" * 90 + "\x05")
    assert shown(console)[0][0] == "/ $: " + text[:10]


@pytest.mark.parametrize("columns", [20, 80])
def test_what_another_program_prints_begins_a_row(console, columns):
    console.COLUMNS = columns
    console()
    console.expect("$:")
    answer(console, "sh -c 'sleep 0.3; echo one; echo two' &")
    console.expect("one\r\ntwo\r\n")


def test_colours_in_the_prompt_take_no_room(console):
    console.COLUMNS = 20
    console()
    console.expect("$:")
    console.send("PS1='\\[\\e[31m\\]\\w>\\[\\e[0m\\] '\r")
    console.expect("/>\x1b[0m ")
    console.send("\x0c" + "x" * 17)
    assert shown(console) == (["/> " + "x" * 17], (1, 0))
    console.send("\x7f")
    assert shown(console) == (["/> " + "x" * 16], (0, 19))


def test_pasted_text_is_no_command(prompt):
    prompt.send("\x0c\x1b[200~echo one\recho two\r\x1b[201~")
    assert shown(prompt)[0] == ["/ $: echo one", "echo two"]
    prompt.send("echo three\r")
    prompt.expect("\r\none\r\ntwo\r\nthree\r\n")
    prompt.expect(PROMPT)
    assert answer(prompt, "\x1b[200~echo \x1b[201~four") == "four\n"
    assert answer(prompt, "echo \x1b[200~\tx\x1b[201~'y'") == "xy\n"


def test_a_paste_without_end_is_given_up(prompt):
    prompt.send("\x1b[200~rm -r /\r\x03")
    prompt.expect("^C")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo x") == "x\n"


def test_the_window_is_asked_for_its_size_when_somebody_types(flash):
    board = subprocess.Popen([*SIM, "--flash", str(flash()), "--stack", "rp2", "--pty"], stdout=subprocess.PIPE)
    try:
        path = board.stdout.readline().decode().strip()
        line = pexpect.fdpexpect.fdspawn(os.open(path, os.O_RDWR | os.O_NOCTTY), timeout=PATIENCE)
        line.expect_exact("$: ")
        line.send("e")
        line.expect_exact("\x1b[999;999H\x1b[6n")
        line.send("\x1b[31;97R")
        line.send("cho $COLUMNS $LINES\r")
        line.expect_exact("\r\n97 31\r\n")
        line.send("resize\r")
        line.expect_exact("\x1b[999;999H\x1b[6n")
        line.send("\x1b[40;120R")
        line.expect_exact("120 columns, 40 rows\r\n")
        line.send("echo $COLUMNS $LINES; resize -s 5 30; echo $COLUMNS; export COLUMNS=7; echo $COLUMNS; resize\r")
        line.expect_exact("\r\n120 40\r\n30 columns, 5 rows\r\n30\r\n7\r\n")
        line.expect_exact("resize: no response from the terminal")
        os.close(line.child_fd)
    finally:
        board.terminate()
        board.wait()
        board.stdout.close()


def test_a_terminal_that_disappears_runs_nothing(flash):
    board = subprocess.Popen([*SIM, "--flash", str(flash()), "--stack", "rp2", "--pty"], stdout=subprocess.PIPE)
    try:
        path = board.stdout.readline().decode().strip()
        line = pexpect.fdpexpect.fdspawn(os.open(path, os.O_RDWR | os.O_NOCTTY), timeout=PATIENCE)
        line.expect_exact("$: ")
        line.send("echo x > /home/half")
        line.expect_exact("half")
        os.close(line.child_fd)
    finally:
        board.terminate()
        board.wait()
        board.stdout.close()
    check = subprocess.run([*SIM, "--flash", str(flash()), "-c", "ls /home"], capture_output=True)
    assert check.stdout == b""


def test_a_new_size_of_the_window_draws_the_line_again(prompt):
    answer(prompt, "sh -c 'sleep 0.5; resize -s 24 20 > /dev/null; echo told' &")
    prompt.send("x" * 10)
    prompt.expect("told")
    prompt.screen.resize(24, 20)
    prompt.send("\x15\x0c" + "y" * 30)
    assert shown(prompt) == (["/ $: " + "y" * 15, "y" * 15], (1, 15))
    prompt.send("\x15echo $COLUMNS\r")
    prompt.expect("\r\n20\r\n")


def test_the_python_prompt(prompt):
    prompt.send("python\r")
    prompt.expect(">>> ")
    prompt.send("import os\r")
    prompt.expect(">>> ")
    prompt.send("value = 5\r")
    prompt.expect(">>> ")
    prompt.send("print(val\t * 2, os.getc\t())\r")
    prompt.expect("\r\n10 /\r\n")
    prompt.expect(">>> ")
    prompt.send("for i in range(2):\r")
    prompt.expect("... ")
    prompt.send("\tprint(i)\r")
    prompt.expect("... ")
    prompt.send("\r")
    prompt.expect("\r\n0\r\n1\r\n")
    prompt.expect(">>> ")
    prompt.send("\x1b[200~def f():\r    return 7\r\rprint(f())\x1b[201~\r")
    prompt.expect("\r\n7\r\n")
    prompt.expect(">>> ")
    prompt.send("\x04")
    prompt.expect(PROMPT)
    prompt.send("python\r")
    prompt.expect(">>> ")
    prompt.send("\x10\x10\x10\x10")
    prompt.expect("print(value * 2, os.getcwd())")


def test_an_error_of_the_system_does_not_end_the_session(prompt):
    prompt.send("> raise_it = None\r")
    prompt.expect(PROMPT)
    prompt.send("< 1/0\r")
    prompt.expect("ZeroDivisionError")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo still") == "still\n"


@pytest.mark.parametrize(
    "typed",
    [
        "echo x > /home/half",
        "echo x > /home/half; \x1b[200~rm",
        "echo x > /home/half\x1b",
        "echo x > /home/half\x12ab",
        "if true; then echo x > /home/half\necho",
        "echo 'x > /home/half",
    ],
)
def test_a_terminal_that_disappears_in_the_middle_of_a_line(sim, tmp_path, typed):
    (tmp_path / "typed").write_text("echo one\r\n" + typed)
    here = os.path.dirname(__file__)
    mounts = [f"{here}:/mnt/t", f"{tmp_path}:/mnt/c"]
    result = sim("/mnt/t/session_board /mnt/c/typed; ls -A /home; cat /home/.history", mount=mounts)
    assert "ended 0 True" in result.stdout, result.stdout + result.stderr
    assert result.stdout.endswith("\n.history\necho one\n"), result.stdout


@pytest.mark.parametrize("image", ["mpy", "romfs"])
def test_a_compiled_system(console, image):
    console(image=image)
    console.expect(PROMPT)
    for keys, output in (
        ("echo one two\x17\x19.", "one two."),
        ("\x12one\x1b[F?", "one two.?"),
        ("ech\x09日本\x02x", "日x本"),
        ("led o\t\x15echo \x1b[200~paste\x1b[201~", "paste"),
        ("\x1b[A", "paste"),
        ("PS1='\\w>$: '; echo x", "x"),
        ("python -c 'print(1)'", "1"),
    ):
        console.send(keys + "\r")
        console.expect(f"\r\n{output}\r\n".encode())
        console.expect(PROMPT)
    console.send("ls --gr\t\r")
    console.expect("\x1b[?2004l\r\n")
    console.shows("group")
