"""Random keys: the screen always matches the line editor's line, at any width of the window."""

import json
import random
import re
import unicodedata
from pathlib import Path

import pyte
import pytest
import wcwidth

KEYS = [
    *"abcdefghij XYZ012-_.",
    *"äß€",
    *"日本語",
    "e\u0301",
    *("\x01", "\x02", "\x05", "\x06", "\x0b", "\x14", "\x15", "\x17", "\x19", "\x1f", "\x7f", "\x08", "\x0c", "\x07"),
    *("\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[3~", "\x1b[1;5C", "\x1b[1;5D"),
    *("\x1bb", "\x1bf", "\x1bd", "\x1bt", "\x1bu", "\x1bl", "\x1bc", "\x1b\x7f"),
    "\x1b[200~pasted text\x1b[201~",
    "\x1b[200~two\rlines\x1b[201~",
    "\x12a\x12\x1b[C",
    "\x12zz\x07",
    "\x16",
    "\x1b[99z",
]
HISTORY = ["echo first", "cat /etc/motd | grep wide 日本語 characters", "for i in 1 2; do\necho $i\ndone", "x" * 50]


def case(rng, rows):
    plain = rng.random() < 0.5
    keys = [key for key in KEYS if not plain or max(key) < "\x7f" and "\r" not in key]
    history = [entry for entry in HISTORY if not plain or max(entry) < "\x7f" and "\n" not in entry]
    return {
        "columns": rng.choice([2, 5, 9, 10, 20, 33]),
        "rows": rows,
        "prompt": rng.choice(["$ ", "/home/somebody $: ", "> "] if rows > 10 else ["$ ", ">"]),
        "history": history,
        "keys": "".join(rng.choices(keys, k=rng.randrange(1, 80))),
    }


def rows_of(text, columns):
    """How a terminal shows text: its rows; with the row and the column behind the last character."""
    rows = [""]
    used = 0
    for c in text:
        if c < " " and c != "\n":
            shown = "^" + chr(ord(c) ^ 64)
        else:
            shown = c
        for d in shown:
            cells = max(wcwidth.wcwidth(d), 0)
            if d == "\n" or used + cells > columns:
                rows.append("")
                used = 0
            if d != "\n":
                rows[-1 if used or cells else -2] += d  # what combines belongs to the row that is full
                used += cells
            if used == columns:
                rows.append("")
                used = 0
    return rows, len(rows) - 1, used


def composed(row):
    """A row as pyte has it, which composes characters; without accents on the prompt and trailing blanks."""
    return re.sub("(?<=[ >])\u0301+", "", unicodedata.normalize("NFC", row)).rstrip()


def filled(rows):
    """rows without empty ones at the end."""
    while rows and not rows[-1]:
        rows = rows[:-1]
    return rows


def play(sim, tmp_path, cases):
    """The board's results for cases."""
    (tmp_path / "cases").write_text("".join(json.dumps(one) + "\n" for one in cases))
    here = Path(__file__).parent
    result = sim("/mnt/t/editor_board /mnt/c/cases", mount=[f"{here}:/mnt/t", f"{tmp_path}:/mnt/c"], timeout=120)
    assert result.stderr == ""
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(found) == len(cases)
    return found


def screen_of(case, output):
    screen = pyte.Screen(case["columns"], case["rows"])
    pyte.Stream(screen).feed(output)
    return [composed(line) for line in screen.display], (screen.cursor.y, screen.cursor.x)


@pytest.mark.parametrize("seed", range(6))
def test_the_screen_shows_the_line(sim, tmp_path, seed):
    rng = random.Random(seed)
    cases = [case(rng, 150) for _ in range(60)]
    for one, found in zip(cases, play(sim, tmp_path, cases), strict=True):
        assert not found["done"], one
        line = one["prompt"] + found["text"]
        if re.search("[\n日本語]\u0301", line):
            continue  # there is nothing that it could combine with, or pyte does not
        display, cursor = screen_of(one, found["out"])
        rows, _, _ = rows_of(line, one["columns"])
        at = len(one["prompt"]) + found["at"]
        _, y, x = rows_of(line[:at], one["columns"])
        if at < len(line) and x + max(wcwidth.wcwidth(line[at]), 0) > one["columns"]:
            y, x = y + 1, 0
        expected = [composed(row) for row in rows]
        assert filled(display) == filled(expected), one
        assert cursor == (y, x), one


@pytest.mark.parametrize("seed", range(3))
def test_a_small_screen_shows_the_cursor(sim, tmp_path, seed):
    rng = random.Random(1000 + seed)
    cases = [case(rng, 3) for _ in range(60)]
    for one, found in zip(cases, play(sim, tmp_path, cases), strict=True):
        line = one["prompt"] + found["text"]
        if re.search("[\n日本語]\u0301", line):
            continue
        display, (y, x) = screen_of(one, found["out"])
        rows, _, _ = rows_of(line, one["columns"])
        at = len(one["prompt"]) + found["at"]
        _, row, column = rows_of(line[:at], one["columns"])
        if at < len(line) and column + max(wcwidth.wcwidth(line[at]), 0) > one["columns"]:
            row, column = row + 1, 0
        assert x == column, one
        assert display[y] == composed(rows[row]), one
