"""lib/sort: keys, the order of lines and the external merge sort, on a bare interpreter."""

import pytest
from bare import Programs
from hypothesis import given
from hypothesis import strategies as st

from shell.onboard import Failed

board = Programs(
    """
from sort import keys

def part(line, key, mark):
    # The part of a line that a key compares.
    return keys._part(line.encode(), keys.key(key, ""), mark.encode() or None).decode()

def less(flag, a, b):
    # Whether a comes before b by the key -k 1 with a flag.
    one = [keys.key("1", flag)]
    return keys.values(a.encode(), one, None, False) < keys.values(b.encode(), one, None, False)
"""
)


@pytest.mark.parametrize(
    "line, key, mark, part",
    [
        ("a b c", "2", "", " b c"),
        ("a b c", "2,2", "", " b"),
        ("a b c", "2b,2", "", "b"),
        ("a:b:c", "2", ":", "b:c"),
        ("a:b:c", "2,2", ":", "b"),
        ("a:b:c", "1,2", ":", "a:b"),
        ("abcdef", "1.2,1.4", "", "bcd"),
        ("a:bcd", "2.2", ":", "cd"),
        ("a", "3", ":", ""),
        ("a::c", "2,2", ":", ""),
        ("a:bc:d", "2,2.0", ":", "bc"),
    ],
)
def test_parts_of_a_line(line, key, mark, part):
    assert board.call("part", line, key, mark) == part


@pytest.mark.parametrize("key", ["0", "1.0", "1.0,2", "x", "1,", "1z", "", "-1"])
def test_a_wrong_key(key):
    with pytest.raises(Failed):
        board.call("part", "a", key, "")


@pytest.mark.parametrize(
    "flag, lines",
    [
        ("n", ["-10", "-9", "0", "1.5", "10"]),
        ("g", ["-1e3", "1e-2", "5", "1e2"]),
        ("h", ["-1K", "900", "1K", "1M", "1G"]),
        ("M", ["", "jan", "FEB", "Dec"]),
        ("V", ["a-1.2", "a-1.10", "a-2"]),
        ("f", ["A", "b", "C"]),
    ],
)
def test_kinds_of_order(flag, lines):
    for i, before in enumerate(lines):
        for after in lines[i + 1 :]:
            assert board.call("less", flag, before, after)
            assert not board.call("less", flag, after, before)


LINES = st.lists(st.text("ab 12-.", max_size=5), max_size=12)


@given(LINES, st.sampled_from([[], ["-r"], ["-u"], ["-s"], ["-ru"]]))
def test_lines_are_sorted_as_python_sorts_them(lines, options):
    status, out, err = board.run("sort", *options, stdin="".join(line + "\n" for line in lines))
    assert (status, err) == (0, "")
    expected = sorted(
        set(lines) if options and "u" in options[0] else lines, reverse=bool(options) and "r" in options[0]
    )
    assert out.split("\n")[:-1] == expected


@given(st.lists(st.tuples(st.integers(-20, 20), st.sampled_from("abc")), max_size=12))
def test_a_stable_sort_keeps_equal_keys_in_place(rows):
    data = "".join(f"{number} {word}\n" for number, word in rows)
    assert board.run("sort", "-s", "-k1,1n", stdin=data)[1] == "".join(
        f"{number} {word}\n" for number, word in sorted(rows, key=lambda row: row[0])
    )
    assert board.run("sort", "-s", "-k1,1nr", stdin=data)[1] == "".join(
        f"{number} {word}\n" for number, word in sorted(rows, key=lambda row: -row[0])
    )


MANY = """
class Numbers(Stream):
    # That many lines with numbers in no order.
    def __init__(self, count):
        super().__init__()
        self.left = count
        self.value = 1

    async def fill(self):
        lines = []
        while self.left and len(lines) < 100:
            self.left -= 1
            self.value = self.value * 48271 % 2147483647
            lines.append(b"%010d\\n" % self.value)
        return b"".join(lines)

class Ordered(Stream):
    # Counts lines, and those in disorder; files: whether some were kept in files.
    def __init__(self):
        super().__init__()
        self.rest = self.last = b""
        self.count = self.wrong = 0
        self.files = False

    def write(self, data):
        self.files = self.files or any(name.startswith(".sort") for name in os.listdir("/tmp"))
        for line in data.split(b"\\n")[:-1]:
            self.count += 1
            self.wrong += line < self.last
            self.last = line

def many(count):
    out = Ordered()
    process = processes.Process("sort", [], top, Numbers(count), out, Stream())
    process.start("/tree/bin/sort.py")

    async def ended():
        return await process.wait()

    return [asyncio.run(ended()), out.count, out.wrong, out.files]
"""


def test_more_than_fits_into_memory_is_merged_from_files():
    small = Programs(MANY, heap="700k")
    assert small.call("many", 12000) == [0, 12000, 0, True]
    small.stop()


def test_disorder_is_told_with_its_line():
    assert board.run("sort", "-c", "-n", stdin="2\n10\n9\n") == (1, "", "sort: -:3: disorder: 9\n")
    assert board.run("sort", "-C", stdin="b\na\n") == (1, "", "")
    assert board.run("sort", "-cn", stdin="2\n10\n") == (0, "", "")
