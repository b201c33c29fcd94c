"""Random keys: the editor's screen always matches its text and cursor, at any size of the window."""

import random
import unicodedata

import pyte
import pytest
import wcwidth

TEXTS = [
    "",
    "one two three\n  four (five [six] seven)\n\nlast line, here\n",
    "def f(a, b):\n\tif a:\n\t    return b\n\n\nx = {1: 'two'}\n# end\n",
    "äöü ßtest 日本語 text\nfoo.bar(baz)\n\n語語語語語語語語語語\nend e\u0301nd\x01\n",
    "".join(f"line {i} of many words\n" for i in range(60)),
    "x" * 300 + "\n" + "ab\tcd\t" * 20 + "\nend\n",
]
SEQUENCES = ("\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[3~", "\x1b[5~", "\x1b[6~", "\x1b[1;5C")
PASTE = "\x1b[200~pasted\r  text 日本\x1b[201~"
VI = [
    *("j", "k", "l", "h", "w", "b", "e", "0", "$", "gg", "G", "10G", "%", "}", "{", "\x06", "\x02", "\x04", "\x15"),
    *("\x05", "\x19", "x", "dd", "5dd", "yyp", "p", "P", "J", "D", "u", "\x12", ".", "ihello\x1b", "o\x1b", "Onew\x1b"),
    *(
        "a日本\x1b",
        "A\ttab\x1b",
        "i\r\x1b",
        "Vjd",
        "V",
        "v",
        "\x1b",
        ">>",
        "dw",
        "cwword\x1b",
        ":set nu\r",
        ":set nonu\r",
    ),
    *(
        "/e\r",
        "n",
        "N",
        ":%s/o/0/g\r",
        ":s/e/long text/g\r",
        "rü",
        "~",
        "i" + "y" * 90 + "\x1b",
        "\x0c",
        "ie\u0301\x1b",
    ),
    *SEQUENCES,
]
NANO = [
    *("a", "b c", "\r", "\t", "\x7f", "\x0b", "\x15", "\x04", "日本", "ü", "\x1bu", "\x1be", "\x1ba", "\x1b6", "\x1bn"),
    *(
        "\x16",
        "\x19",
        "\x01",
        "\x05",
        "\x17e\r",
        "\x1bw",
        "\x1b/",
        "\x1b\\",
        "\x1f10\r",
        "z" * 90,
        "\x0c",
        PASTE,
        "\x03",
    ),
    *SEQUENCES,
]
SIZES = [(80, 24), (20, 10), (33, 7), (9, 5), (5, 3), (2, 2), (120, 40)]


def case(rng):
    name = rng.choice(["vi", "edit"])
    keys = rng.choices(VI if name == "vi" else NANO, k=rng.randrange(1, 25))
    for _ in range(rng.choice([0, 0, 1, 3])):
        keys.insert(rng.randrange(len(keys)), rng.choice(SIZES))
    columns, rows = rng.choice(SIZES)
    return {"editor": name, "columns": columns, "rows": rows, "text": rng.choice(TEXTS), "keys": keys}


def shown(line):
    """(character as shown, cells) for each character of a line that is not folded."""
    column = 0
    for c in line:
        if c == "\t":
            text = " " * (8 - column % 8)
        elif c < " " or c == "\x7f":
            text = "^" + chr(ord(c) ^ 64)
        else:
            text = c
        cells = max(wcwidth.wcswidth(text), 0)
        column += cells
        yield text, cells


def fold(line, columns):
    """(rows of a line on a screen, positions of its characters and of its end as (row, column))."""
    rows, x, places = [""], 0, []
    for text, cells in shown(line):
        if x + cells > columns:
            if text.isspace() and x < columns:
                text = text[: columns - x]
                cells = len(text)
            elif x:
                rows.append("")
                x = 0
        if cells > columns:
            text = "?"
        places.append((len(rows) - 1, min(x, columns - 1)))
        rows[-1] += text
        x += len(text) if text.isspace() else max(wcwidth.wcswidth(text), 0)
    places.append((len(rows) - 1, x) if x < columns else (len(rows), 0))
    return rows, places


def expected(one, found, columns, rows):
    """The rows of text on the screen, and where the cursor is."""
    bars = 2 if one["editor"] == "edit" and rows > 5 else 0
    height = max(rows - 1 - bars, 1)
    lines = found["text"].split("\n")[:-1] or [""]
    display, cursor = [], None
    for number in range(found["top"], len(lines)):
        parts, places = fold(lines[number], columns)
        if number == found["row"]:
            row, x = places[min(found["col"], len(places) - 1)]
            parts += [""] * (row + 1 - len(parts))
            cursor = (len(display) + row - (found["part"] if number == found["top"] else 0), x)
        display += parts[found["part"] if number == found["top"] else 0 :]
    display += ["~" if one["editor"] == "vi" else ""] * height
    return [unicodedata.normalize("NFC", row).rstrip() for row in display[:height]], cursor


@pytest.mark.parametrize("seed", range(6))
def test_the_screen_shows_the_text(play, seed):
    rng = random.Random(seed)
    cases = [case(rng) for _ in range(25)]
    for one, found in zip(cases, play(cases, heap="1M"), strict=True):
        columns, rows = one["columns"], one["rows"]
        screen = pyte.Screen(columns, rows)
        stream = pyte.Stream(screen)
        if any(not isinstance(key, str) for key in one["keys"]):
            columns, rows = [key for key in one["keys"] if not isinstance(key, str)][-1]
            screen.resize(rows, columns)
            found["out"] = found["out"][found["out"].rindex("\x1b[2J") :]
        stream.feed(found["out"])
        assert "Error" not in found["message"], one
        numbers = [key for key in one["keys"] if key in (":set nu\r", ":set nonu\r", "\x1bn")]
        if found["prompt"] is not None or numbers or found["message"] or found["done"]:
            continue
        display, cursor = expected(one, found, columns, rows)
        got = [unicodedata.normalize("NFC", row).rstrip() for row in screen.display[: len(display)]]
        assert got == display, one
        assert (screen.cursor.y, screen.cursor.x) == cursor, one
