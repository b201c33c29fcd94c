# dd - copy blocks of a file or device
# usage: dd [if=FILE] [of=FILE] [bs=SIZE] [ibs=SIZE] [obs=SIZE] [cbs=SIZE] [count=N] [skip=N] [seek=N]
#           [conv=LIST] [iflag=LIST] [oflag=LIST] [status=none|noxfer]
#
# Copy FILE, or standard input, to FILE, or standard output, and print the number of blocks on stderr.
#   bs, ibs, obs  bytes of a block (512): b k M and x as in 2x4k      count  input blocks      skip  of the input
#   seek          output blocks to skip (zeros on a stream)
#   conv   notrunc  do not truncate      nocreat  the file must exist     excl  it must not exist     fsync  no effect
#          sync  pad blocks with zeros      noerror  continue after errors    swab  swap bytes     lcase, ucase
#   iflag  skip_bytes  count_bytes  fullblock      oflag  seek_bytes  append
# Deviations: no conv=block, ascii, ebcdic.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/dd.html

from time import ticks_diff, ticks_ms

from base.errors import Failure, Usage
from base.files import opened, require_space, zeros
from base.paths import exists
from base.units import human, size
from program import inform, open_input, protected

proc = None

FLAGS = ("notrunc", "nocreat", "excl", "fsync", "fdatasync", "sync", "noerror", "swab", "lcase", "ucase", "sparse")
FLAGS += ("skip_bytes", "count_bytes", "fullblock", "seek_bytes", "append", "direct", "dsync", "nonblock")
WORDS = ("if", "of", "bs", "ibs", "obs", "cbs", "count", "skip", "seek", "conv", "iflag", "oflag", "status")


async def __main__(args):
    inform(args[0] if args else "")
    opts = {}
    flags = []
    for arg in args:
        name, equals, value = arg.partition("=")
        if not equals or name not in WORDS:
            raise Usage("unknown operand", arg)
        if name in ("conv", "iflag", "oflag"):
            flags.extend(value.split(","))
        else:
            opts[name] = value
    for flag in flags:
        if flag not in FLAGS:
            raise Usage("unknown flag", flag)
    copy = Copy(opts, flags)
    start = ticks_ms()
    try:
        await copy.run()
    finally:
        copy.close()
        if opts.get("status") != "none":
            report(copy, ticks_diff(ticks_ms(), start), opts.get("status"))


def report(copy, ms, status):
    text = f"{copy.blocks[0]}+{copy.blocks[1]} records in\n{copy.blocks[2]}+{copy.blocks[3]} records out\n"
    if status != "noxfer":
        speed = human(copy.size * 1000 // max(ms, 1))
        text += f"{copy.size} bytes ({human(copy.size)}) copied, {ms / 1000:.3f} s, {speed}B/s\n"
    proc.stderr.write(text)


class Copy:
    """One copy and its statistics."""

    def __init__(self, opts, flags):
        both = "bs" in opts
        self.ibs = amount(opts, "bs" if both else "ibs", 512)
        self.obs = amount(opts, "bs" if both else "obs", 512)
        if self.ibs < 1 or self.obs < 1:
            raise Usage("block size is 0")
        self.gather = not both  # collect full output blocks
        self.flags = flags
        self.count = amount(opts, "count", -1)
        if self.count >= 0 and "count_bytes" not in flags:
            self.count *= self.ibs
        self.blocks_left = -1 if self.count < 0 or "count_bytes" in flags else self.count // self.ibs
        self.skip = amount(opts, "skip", 0) * (1 if "skip_bytes" in flags else self.ibs)
        self.seek = amount(opts, "seek", 0) * (1 if "seek_bytes" in flags else self.obs)
        self.blocks = [0, 0, 0, 0]  # full and partial blocks in, then out
        self.size = 0
        self.rest = b""
        self.input = open_input(opts["if"]) if "if" in opts else proc.stdin
        self.output = None
        if "of" in opts:
            self.open(opts["of"])

    def open(self, path):
        self.path = path
        protected(path)
        there = exists(path)
        if not there and "nocreat" in self.flags:
            raise OSError(2, path)
        if there and "excl" in self.flags:
            raise OSError(17, path)
        if not there:
            opened(path, "wb", path).close()
        if "append" in self.flags:
            self.output = opened(path, "ab", path)
            return
        if "notrunc" not in self.flags and not self.seek:
            self.output = opened(path, "wb", path)
            return
        self.output = opened(path, "r+b", path)
        end = self.output.seek(0, 2)
        if end > self.seek and "notrunc" not in self.flags:
            self.output.seek(0)
            keep = []  # truncating is done by writing the file again
            while (left := self.seek - sum([len(part) for part in keep])) > 0:
                keep.append(self.output.read(min(left, 4096)))
            self.output.close()
            self.output = open(path, "wb")
            for part in keep:
                self.write(part)
            self.seek = 0
            return
        self.output.seek(min(self.seek, end))
        self.seek = max(self.seek - end, 0)

    def close(self):
        if self.input is not proc.stdin:
            self.input.close()
        if self.output:
            self.output.close()

    async def run(self):
        if self.seek > 0:
            if self.output:
                require_space(self.path, self.seek)
            await zeros(self.write, self.seek)
        while self.skip > 0 and (data := await self.input.read(min(self.skip, 1024))):
            self.skip -= len(data)
        while self.count and self.blocks_left:
            want = self.ibs if self.count < 0 else min(self.ibs, self.count)
            data = await self.block(want)
            if not data:
                break
            full = len(data) == self.ibs
            self.blocks[0 if full else 1] += 1
            self.blocks_left -= 1
            if self.count > 0 and ("count_bytes" in self.flags):
                self.count -= len(data)
            if "sync" in self.flags and not full:
                data += bytes(self.ibs - len(data))
            self.put(self.converted(data))
        if self.rest:
            self.finish(self.rest)

    async def block(self, want):
        """Read a block: the result of one read, or a full one with fullblock or from a file."""
        data = await self.input.read(want)
        whole = "fullblock" in self.flags or hasattr(self.input, "seek")
        while whole and 0 < len(data) < want and (more := await self.input.read(want - len(data))):
            data += more
        return data

    def converted(self, data):
        if "swab" in self.flags:
            swapped = bytearray(data)
            for i in range(0, len(data) - 1, 2):
                swapped[i], swapped[i + 1] = data[i + 1], data[i]
            data = bytes(swapped)
        if "lcase" in self.flags:
            data = data.lower()
        return data.upper() if "ucase" in self.flags else data

    def put(self, data):
        """Write a block, or collect it for a full one."""
        if not self.gather:
            return self.finish(data)
        self.rest += data
        at = 0
        while len(self.rest) - at >= self.obs:
            self.finish(self.rest[at : at + self.obs])
            at += self.obs
        self.rest = self.rest[at:]

    def finish(self, data):
        self.blocks[2 if len(data) == self.obs else 3] += 1
        self.size += len(data)
        self.write(data)

    def write(self, data):
        if not self.output:
            proc.stdout.write(data)
        elif self.output.write(data) != len(data):
            raise OSError(28)  # ENOSPC


def amount(opts, name, default):
    """Parse a numeric operand."""
    if name not in opts:
        return default
    value = size(opts[name].strip())
    if value < 0:
        raise Failure(f"{name}={opts[name]}", "a negative number")
    return value
