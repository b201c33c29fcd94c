"""What the keys of vi do to a text: (text, keys) and what comes out, with the cursor; as other vis have it."""

import pytest

T = "one two three\n  four (five [six] seven)\n\nlast line, here\n"
NUMBERS = "a1\nb\na2\nc\na3\n"

CASES = [
    ("delete-word", "one two\nx\n", "dw", "two\nx\n", 0, 0),
    ("delete-words-with-counts", "a b c d e f g h\n", "2d3w", "g h\n", 0, 0),
    ("delete-last-word-stays-in-line", "one two\nthree\n", "wdw", "one \nthree\n", 0, 3),
    ("change-word-keeps-the-blank", "one two\n", "cwX\x1b", "X two\n", 0, 0),
    ("change-to-end", "one two\n", "wCX\x1b", "one X\n", 0, 4),
    ("delete-lines", NUMBERS, "2ddj", "a2\nc\na3\n", 1, 0),
    ("delete-to-end-of-text", NUMBERS, "jdG", "a1\n", 0, 0),
    ("delete-to-begin-of-text", NUMBERS, "2jdgg", "c\na3\n", 0, 0),
    ("exchange-characters", "ab\n", "xp", "ba\n", 0, 1),
    ("exchange-lines", "a\nb\n", "ddp", "b\na\n", 1, 0),
    ("put-several-times", "a\nb\n", "yy3p", "a\na\na\na\nb\n", 1, 0),
    ("put-before", "a\nb\n", "jyyP", "a\nb\nb\n", 1, 0),
    ("put-part-of-lines", "ab\n", "yl$3p", "abaaa\n", 0, 4),
    ("register", "a\nb\n", '"ayyjdd"ap', "a\na\n", 1, 0),
    ("insert-with-count", "x\n", "3iab\x1b", "abababx\n", 0, 5),
    ("open-below-with-indent", "  a\n", "ob\x1b", "  a\n  b\n", 1, 2),
    ("open-above", "a\n", "Ob\x1b", "b\na\n", 0, 0),
    ("append-and-insert-at-ends", "  a\n", "AX\x1bIY\x1b", "  YaX\n", 0, 2),
    ("substitute-characters", "abc\n", "2sX\x1b", "Xc\n", 0, 0),
    ("change-lines", "a\nb\nc\n", "2ccX\x1b", "X\nc\n", 0, 0),
    ("replace", "abc\n", "2rx", "xxc\n", 0, 1),
    ("replace-by-line-end", "a b\n", "lr\r", "a\nb\n", 1, 0),
    ("replace-mode", "abcd\n", "lRXY\x1b", "aXYd\n", 0, 2),
    ("join", "a\n  b\nc\n", "3J", "a b c\n", 0, 3),
    ("tilde", "aBc\n", "3~", "AbC\n", 0, 2),
    ("indent", "a\nb\n", "2>>", "    a\n    b\n", 0, 4),
    ("outdent", "\ta\n", "<<", "    a\n", 0, 4),
    ("undo-and-redo", "a\n", "xixyz\x1buu\x12", "\n", 0, 0),
    ("undo-takes-a-whole-insert", "a\n", "ib\rc\x1bu", "a\n", 0, 0),
    ("repeat", "aaaaaa\n", "2x.", "aa\n", 0, 0),
    ("repeat-with-another-count", "aaaaaa\n", "x3.", "aa\n", 0, 0),
    ("repeat-an-insert", "x\n", "iab\x1b..", "aaabbbx\n", 0, 3),
    ("repeat-a-change", "a b c\n", "cwX\x1bw.w.", "X X X\n", 0, 4),
    ("find-in-line", "a,b,c,d\n", "f,;dt,", "a,b,d\n", 0, 3),
    ("find-backwards", "a,b,c\n", "$F,dF,", "a,c\n", 0, 1),
    ("till-again", "a,b,c,d\n", "t,;;D", "a,b,\n", 0, 3),
    ("bracket", T, "j%d%", "one two three\n  four \n\nlast line, here\n", 1, 6),
    ("paragraph", T, "d}", "\nlast line, here\n", 0, 0),
    ("words", "one.two  three\n", "wwdb", "onetwo  three\n", 0, 3),
    ("word-end-beyond-ascii", "äöü ßx y\n", "2ex", "äöü ß y\n", 0, 5),
    ("paragraph-end-beyond-ascii", "日本\n", "}ax\x1b", "日本x\n", 0, 2),
    ("inner-word", "one two\n", "lciwX\x1b", "X two\n", 0, 0),
    ("inner-quotes", 'a "b c" d\n', 'fbci"X\x1b', 'a "X" d\n', 0, 3),
    ("around-brackets", T, "j02ffdi(", "one two three\n  four ()\n\nlast line, here\n", 1, 8),
    ("marks", NUMBERS, "jmajjd'a", "a1\na3\n", 1, 0),
    ("search", NUMBERS, "/a3\rx", "a1\nb\na2\nc\n3\n", 4, 0),
    ("search-goes-round", NUMBERS, "?a\rx", "a1\nb\na2\nc\n3\n", 4, 0),
    ("search-again", NUMBERS, "/a\rnx", "a1\nb\na2\nc\n3\n", 4, 0),
    ("search-other-direction", NUMBERS, "/a\rNx", "1\nb\na2\nc\na3\n", 0, 0),
    ("search-the-word", "ab abc\nx ab\n", "*x", "ab abc\nx b\n", 1, 2),
    ("delete-to-a-match", NUMBERS, "d/a2\r", "a2\nc\na3\n", 0, 0),
    ("visual-lines", NUMBERS, "jVjd", "a1\nc\na3\n", 1, 0),
    ("visual-lines-yank", NUMBERS, "VjyGp", NUMBERS + "a1\nb\n", 5, 0),
    ("visual-indent", "a\nb\n", "Vj>", "    a\n    b\n", 0, 4),
    ("visual-command", NUMBERS, "Vj:d\r", "a2\nc\na3\n", 0, 0),
    ("visual-characters", "abcdef\n", "lvld", "adef\n", 0, 1),
    ("go-to-line", NUMBERS, "3Gx:2\rx", "a1\n\n2\nc\na3\n", 1, 0),
    ("substitute", "aaa\nbaa\n", ":s/a/X/\r", "Xaa\nbaa\n", 0, 0),
    ("substitute-all", "aaa\nbaa\n", ":%s/a/X/g\r", "XXX\nbXX\n", 1, 0),
    ("substitute-groups", "ab\n", ":s/\\(a\\)\\(b\\)/\\2&\\1/\r", "baba\n", 0, 0),
    ("substitute-a-slash", "a/b\n", ":s/\\//,/\r", "a,b\n", 0, 0),
    ("substitute-makes-lines", "a,b\n", ":s/,/\\r/\r", "a\nb\n", 1, 0),
    ("substitute-again", "aa\naa\n", ":s/a/X/\rj&", "Xa\nXa\n", 1, 0),
    ("substitute-undone-at-once", "a\na\n", ":%s/a/X/\ru", "a\na\n", 0, 0),
    ("range-relative", NUMBERS, ":.+1,$-1d\r", "a1\na3\n", 1, 0),
    ("range-of-patterns", NUMBERS, ":/a2/,/a3/d\r", "a1\nb\n", 1, 0),
    ("move-and-copy", "a\nb\n", ":1m$\r:1t0\r", "b\nb\na\n", 0, 0),
    ("global-delete", NUMBERS, ":g/a/d\r", "b\nc\n", 1, 0),
    ("global-others", NUMBERS, ":v/a/d\r", "a1\na2\na3\n", 2, 0),
    ("global-reverses", "a\nb\nc\n", ":g/^/m0\r", "c\nb\na\n", 0, 0),
    ("word-back-in-insert", "\n", "ione two\x17X\x1b", "one X\n", 0, 4),
    ("literal-key", "\n", "i\x16\t\x1b", "\t\n", 0, 0),
    ("backspace-joins-lines", "a\nb\n", "ji\x7f\x1b", "ab\n", 0, 0),
    ("wide-and-combining", "日本e\u0301x\n", "llx", "日本x\n", 0, 2),
    ("pasted-without-indent", "  a\n", "A\x1b[200~\rb\r  c\x1b[201~\x1b", "  a\nb\n  c\n", 2, 2),
    ("arrows-in-insert", "ab\n", "i\x1b[CX\x1b", "aXb\n", 0, 1),
    ("empty-text", "", "ddxJpu", "", 0, 0),
    ("only-line", "a\n", "ddOb\x1b", "b\n\n", 0, 0),
    ("failed-motion-changes-nothing", "a\n", "dfxdkd/zz\r", "a\n", 0, 0),
]
_results = {}


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_the_keys_of_vi(play, case):
    if not _results:
        cases = [{"editor": "vi", "columns": 80, "rows": 24, "text": one[1], "keys": [one[2]]} for one in CASES]
        for one, found in zip(CASES, play(cases, heap="1M"), strict=True):
            _results[one[0]] = found
    found = _results[case[0]]
    assert (found["text"], found["row"], found["col"]) == (case[3], case[4], case[5])
