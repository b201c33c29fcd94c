"""The line editor: its keys, drawing, history, completion, paste and the window's size, on a screen."""

import subprocess

import pexpect
import pytest
import wcwidth
from harness import SIM

PROMPT = "$: "


@pytest.fixture
def prompt(console):
    """A console at its first prompt."""
    console()
    console.expect(PROMPT)
    return console


def answer(console, keys, end="\r"):
    """Type, and return what the command prints."""
    console.send(keys + end)
    return console.expect(PROMPT).split("\r\n", 1)[1].rsplit("/ ", 1)[0].replace("\r\n", "\n")


def screen(console):
    """The rows from the last prompt on, without empty ones at the end."""
    rows = console.display()
    while rows and not rows[-1]:
        rows.pop()
    first = max([i for i, row in enumerate(rows) if PROMPT.strip() in row], default=0)
    return rows[first:]


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
        ("echo abc\x15\x1f\x02X\x1f", "abc"),
        ("rm -r /\x07echo a", "a"),  # C-g
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


def rows_of(text, columns):
    """How a terminal shows a line: its rows, with a wide character never in two of them."""
    rows = [""]
    used = 0
    for c in text:
        cells = max(wcwidth.wcwidth(c), 0)
        if c == "\n" or used + cells > columns:
            rows.append("")
            used = 0
        if c != "\n":
            rows[-1] += c
            used += cells
        if used == columns:
            rows.append("")
            used = 0
    return [row.rstrip() for row in rows]


def filled(rows):
    """rows without those at the end that are empty."""
    return rows if rows[-1] else rows[:-1]


def shown(console):
    """All rows of the screen down to the last with text, and where the cursor is."""
    rows = console.display()
    cursor = console.screen.cursor
    while rows and not rows[-1]:
        rows.pop()
    return rows, (cursor.y, cursor.x)


PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ"
MIXED = "aä日本b語éc日d本語efgh日ijk本lmn語opqr"


@pytest.mark.parametrize("text", [PLAIN, MIXED], ids=["plain", "mixed"])
@pytest.mark.parametrize("columns", [3, 7, 10, 11, 20, 45, 80])
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
        rows, cursor = shown(console)
        expected = rows_of(prompt + line, columns)
        assert rows == filled(expected), keys
    assert cursor[0] == len(expected) - 1
    assert cursor[1] == sum(max(wcwidth.wcwidth(c), 0) for c in expected[-1])


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


@pytest.fixture
def files(prompt):
    """A console in a directory with files to complete."""
    answer(prompt, "mkdir -p /tmp/c/sub /tmp/c/'two words'; cd /tmp/c; touch alpha.txt alphabet.txt beta.txt .hidden")
    return prompt


@pytest.mark.parametrize(
    "keys, output",
    [
        ("echo be\t", "beta.txt"),
        ("echo al\ta\x7fb\t", "alphabet.txt"),
        ("echo al\t\x7f.txt", "alph.txt"),
        ("echo /tmp/c/be\t", "/tmp/c/beta.txt"),
        ("echo su\t", "sub/"),
        ("cd tw\t; pwd; cd ..", "/tmp/c/two words"),
        ("cd 'tw\t'; pwd; cd ..", "/tmp/c/two words"),
        ('cd "tw\t"; pwd; cd ..', "/tmp/c/two words"),
        ("echo x >be\t; cat beta.txt", "x"),
        ("echo .h\t", ".hidden"),
        ("ech\tx", "x"),
        ("if true; then ech\tx; fi", "x"),
        ("true && ech\tx", "x"),
        ("A=1 ech\tx", "x"),
        ("echo $(ech\tx)", "x"),
        ("myvariable=5\recho $myv\t", "5"),
        ("echo ${HOM\t", "/home"),
        ("echo $HOME/../tmp/c/b\t", "/home/../tmp/c/beta.txt"),
        ("f_function() { echo called; }; f_f\t", None),
        ("cd /tmp/c; cd s\t; pwd; cd ..", "/tmp/c/sub"),
        ("echo one be\t\x01\x06\x06\x06\x06\x06X", "Xone beta.txt"),
        ("echo nothing\t", "nothing"),
    ],
)
def test_completion(files, keys, output):
    if output is None:
        answer(files, keys.split("; ")[0] + "; }")
        keys, output = keys.rsplit("; ", 1)[1], "called"
    files.send(keys + "\r")
    files.expect(output + "\r\n")
    files.expect(PROMPT)


def test_what_is_ambiguous_is_listed(files):
    files.send("echo al\t")
    assert screen(files) == ["/tmp/c $: echo alpha"]
    files.send("\t")
    rows = screen(files)
    assert rows == ["/tmp/c $: echo alpha"]
    assert files.display()[files.screen.cursor.y - 1] == "alpha.txt  alphabet.txt"
    files.send("bet\t\r")
    files.expect("\r\nalphabet.txt\r\n")


@pytest.mark.parametrize(
    "keys, names",
    [
        ("ls --gr\t", ["--group-directories-first "]),
        ("wc -\t\t", ["-c", "-l", "-m", "-w"]),
        ("wifi \t", ["ap", "country", "hostname", "phy_mode", "sta"]),
        ("wifi sta s\t", ["scan", "status"]),
        ("led o\t", ["off", "on"]),
        ("cd \t", ["sub/", "two words/"]),
        ("unset OL\t", ["OLDPWD "]),
        ("help unam\t", ["uname "]),
        ("hist\t", ["history "]),
        ("ll -\t\t", ["-a", "-A"]),
    ],
)
def test_completion_knows_what_a_command_takes(files, keys, names):
    if keys.startswith("ll"):
        answer(files, "alias ll='ls -l'")
    files.send("\x0c" + keys)
    text = "\n".join(files.display())
    for name in names:
        assert name.rstrip() in text


def test_completion_of_jobs(files):
    files.send("sleep 60 &\r")
    files.expect(PROMPT)
    files.send("kill %\t\r")
    files.expect("kill %1 ")
    files.expect(PROMPT)
    files.send("\r")
    files.expect("Terminated")
