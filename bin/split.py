# split - split a file into pieces
# usage: split [-a LENGTH] [-d] [-l LINES | -b BYTES[kM] | -n PIECES] [FILE [PREFIX]]
#
# Write FILE, or standard input, to PREFIXaa, PREFIXab and so on, 1000 lines each. The default PREFIX is x.
#   -l LINES  lines of each piece     -b BYTES  bytes (k, M: 1024 or 1048576)    -n PIECES  number of pieces
#   -a LENGTH  letters of the suffix (2)      -d  digits instead of letters
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/split.html

import os

from base.errors import Failure, Usage
from base.files import opened
from base.units import size
from program import open_input, options, protected

proc = None

LONG = (("lines", "l"), ("bytes", "b"), ("suffix-length", "a"), ("numeric-suffixes", "d"), ("number", "n"))


async def __main__(args):
    opts, files = options(args, "a:b:dl:n:", LONG, "l")
    if len(files) > 2:
        raise Usage("extra operand", files[2])
    source, prefix = (files + ["-", "x"][len(files) :])[:2]
    lines = size(opts["l"] or "1000")
    count = size(opts["b"]) if "b" in opts else 0
    most = 0
    stream = open_input(source)
    if "n" in opts:
        if source == "-":
            raise Usage("-n requires a file")
        count = max(os.stat(source)[6] // max(opts.number("n", 1), 1), 1)
        most = opts.number("n", 1)
    if lines < 1 or count < 0 or ("b" in opts and not count):
        raise Usage("not a count", opts["b"] or opts["l"])
    digits = "0123456789" if "d" in opts else "abcdefghijklmnopqrstuvwxyz"
    pieces = Pieces(prefix, digits, opts.number("a", 2), most)
    try:
        while data := await stream.read():
            if count:
                pieces.bytes(data, count)
            else:
                pieces.lines(data, lines)
    finally:
        pieces.close()
        if stream is not proc.stdin:
            stream.close()


class Pieces:
    """Writes the output files one after the other."""

    def __init__(self, prefix, digits, length, most):
        self.prefix = prefix
        self.digits = digits
        self.length = length
        self.most = most  # the last of so many files takes the rest; 0: no limit
        self.number = 0
        self.file = None
        self.left = 0  # bytes or lines left for the current file

    def bytes(self, data, count):
        while data:
            if not self.left:
                self.next(count)
            part = data[: self.left]
            self.put(part)
            self.left -= len(part)
            data = data[len(part) :]

    def lines(self, data, count):
        while data:
            if not self.left:
                self.next(count)
            end = 0
            while self.left and end < len(data):
                end = data.find(b"\n", end) + 1
                if not end:
                    end = len(data)
                    break
                self.left -= 1
            self.put(data[:end])
            data = data[end:]

    def put(self, data):
        if self.file.write(data) != len(data):
            raise OSError(28)  # ENOSPC

    def next(self, count):
        self.close()
        number = self.number
        suffix = ""
        for _ in range(self.length):
            suffix = self.digits[number % len(self.digits)] + suffix
            number //= len(self.digits)
        if number:
            raise Failure("", "more pieces than suffixes (-a)")
        self.number += 1
        protected(self.prefix + suffix)
        self.file = opened(self.prefix + suffix, "wb", self.prefix + suffix)
        self.left = count if self.number != self.most else 1 << 40

    def close(self):
        if self.file:
            self.file.close()
            self.file = None
