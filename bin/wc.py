# wc - count lines, words and bytes
# usage: wc [-clmwL] [FILE...]
#
# Count for each FILE, or standard input, with a total when there are several.
#   -l  lines      -w  words      -c  bytes      -m  characters      -L  columns of the longest line
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/wc.html

import os

from process.stream import CHUNK
from program import inputs, options, status

proc = None

SPACE = b" \t\n\r\x0b\x0c"


async def __main__(args):
    opts, files = options(args, "clmwL", (("lines", "l"), ("words", "w"), ("chars", "m"), ("bytes", "c")))
    chosen = [letter for letter in "lwmcL" if letter in opts] or ["l", "w", "c"]
    totals = [0] * len(chosen)
    for name, stream in inputs(files):
        size = os.stat(name)[6] if chosen == ["c"] and name != "-" else 0  # files in /proc have size 0
        counts = {"c": size} if size else await count(stream, chosen)
        figures = [counts[letter] for letter in chosen]
        for i, figure in enumerate(figures):
            totals[i] = max(totals[i], figure) if chosen[i] == "L" else totals[i] + figure
        show(figures, name if files else "")
    if len(files) > 1:
        show(totals, "total")
    return status()


def show(figures, name):
    """Print a single figure as it is, several in columns."""
    width = "%7d" if len(figures) > 1 else "%d"
    text = " ".join([width % figure for figure in figures])
    proc.stdout.write(f"{text} {name}\n" if name else text + "\n")


async def count(stream, chosen):
    """Return the figures of a stream, by letter."""
    lines = words = chars = size = 0
    longest = column = 0
    cut = b""  # an incomplete character
    joined = False  # the previous block ended inside a word
    words_too = "w" in chosen
    chars_too = "m" in chosen
    longest_too = "L" in chosen
    if words_too:
        stream.most = CHUNK  # read little at a time: each word becomes an object
    while data := await stream.read():
        size += len(data)
        lines += data.count(b"\n")
        if words_too:
            words += len(data.split())
            if joined and data[0] not in SPACE:
                words -= 1
            joined = data[-1] not in SPACE
        if chars_too:
            chars += len(data)
            if max(data) > 127:
                chars -= sum([byte & 0xC0 == 0x80 for byte in data])
        if longest_too:
            data, cut = whole(cut + data)
            longest, column = measure(data, longest, column) if data else (longest, column)
    if longest_too and cut:
        longest, column = measure(cut, longest, column)
    return {"l": lines, "w": words, "c": size, "m": chars, "L": max(longest, column)}


def whole(data):
    """Return (data up to its last complete character, the bytes after it)."""
    for k in range(1, min(4, len(data)) + 1):
        byte = data[-k]
        if byte >= 0xC0:
            return (data, b"") if k == (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) else (data[:-k], data[-k:])
        if byte < 128:
            break
    return data, b""


def measure(data, longest, column):
    """Return (columns of the longest line so far, column at the end of data)."""
    if max(data) > 127:
        from text.width import width  # late: only for characters beyond ASCII

        try:
            data = data.decode()
        except UnicodeError:  # not UTF-8: treat bytes as characters
            data = "".join([chr(byte) for byte in data])
    else:
        data = data.decode()
        width = None
    for c in data:
        if c in "\n\r\f":
            longest = max(longest, column)
            column = 0
        elif c == "\t":
            column = (column | 7) + 1
        elif " " <= c != "\x7f":
            column += width(c) if width else 1
    return longest, column
