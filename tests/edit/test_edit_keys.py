"""The effect of edit's keys on a text: (text, keys) and the result, with the cursor."""

import pytest

ALT = "\x1b"
NUMBERS = "1\n2\n3\n4\n5\n"

CASES = [
    ("types", "b\n", "a", "ab\n", 0, 1),
    ("makes-lines-with-the-indent", "  a\n", "\x05\rb", "  a\n  b\n", 1, 3),
    ("no-indent-where-that-is-off", "  a\n", ALT + "i\x05\rb", "  a\nb\n", 1, 1),
    ("empty-file", "", "a\rb", "a\nb\n", 1, 1),
    ("erases", "ab\nc\n", "\x1b[B\x7f\x7f", "ac\n", 0, 1),
    ("deletes", "ab\nc\n", "\x04\x1b[C\x1b[3~\x1b[3~", "b\n", 0, 1),
    ("cuts-and-pastes-lines", NUMBERS, "\x0b\x0b\x1b[B\x15", "3\n1\n2\n4\n5\n", 3, 0),
    ("cuts-apart-are-not-added", NUMBERS, "\x0b\x1b[B\x0b\x15", "2\n3\n4\n5\n", 2, 0),
    ("copies", NUMBERS, ALT + "6" + "\x1b[B\x15", "1\n2\n1\n3\n4\n5\n", 3, 0),
    ("cuts-what-is-marked", "abc\ndef\n", "\x1b[C" + ALT + "a\x1b[B\x0b\x05\x15", "aefbc\nd\n", 1, 1),
    ("cuts-everything", "a\nb\n", "\x0b\x0b\x0b", "", 0, 0),
    ("undoes-typing-at-once", "a\n", "xyz" + ALT + "u", "a\n", 0, 0),
    ("does-again", "a\n", "xyz" + ALT + "u" + ALT + "e\x05!", "xyza!\n", 0, 5),
    ("searches", "one\ntwo\nTwo\n", "\x17two\r" + ALT + "wX", "one\ntwo\nXTwo\n", 2, 1),
    ("searches-backwards", "one\ntwo\none\n", "\x17one\r" + ALT + "qX", "Xone\ntwo\none\n", 0, 1),
    ("searches-as-it-is", "abc\na.c\n", "\x17a.c\rX", "abc\nXa.c\n", 1, 1),
    ("replaces-all", "a b a\nba\n", "\x1ca\rXX\ra", "XX b XX\nbXX\n", 1, 3),
    ("replaces-some", "a a a\n", "\x1ca\rX\ryny", "X a X\n", 0, 5),
    ("replaces-until-told-otherwise", "a a a\n", "\x1ca\rX\ry\x03", "X a a\n", 0, 2),
    ("goes-to-a-line", NUMBERS, "\x1f3\rX", "1\n2\nX3\n4\n5\n", 2, 1),
    ("goes-to-a-column", "a\nbcd\n", "\x1f2,3\rX", "a\nbcXd\n", 1, 3),
    ("moves-by-words", "one two three\n", "\x1b[1;5C\x1b[1;5CX", "one two Xthree\n", 0, 9),
    ("pastes-without-indent", "  a\n", "\x05\x1b[200~\rb\r  c\x1b[201~", "  a\nb\n  c\n", 2, 3),
    ("wide-and-combining", "日e\u0301x\n", "\x1b[C\x1b[C\x7f", "日x\n", 0, 1),
    ("keeps-the-column", "abcdef\nx\nabcdef\n", "\x05\x1b[B\x1b[BX", "abcdef\nx\nabcdefX\n", 2, 7),
]
_results = {}


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_the_keys_of_edit(play, case):
    if not _results:
        cases = [{"editor": "edit", "columns": 80, "rows": 24, "text": one[1], "keys": [one[2]]} for one in CASES]
        for one, found in zip(CASES, play(cases, heap="1M"), strict=True):
            _results[one[0]] = found
    found = _results[case[0]]
    assert (found["text"], found["row"], found["col"]) == (case[3], case[4], case[5])
