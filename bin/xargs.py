# xargs - run a command with arguments from standard input
# usage: xargs [-0prtx] [-a FILE] [-d CHAR] [-E WORD] [-L LINES | -n COUNT | -I TEXT] [-P N] [-s SIZE]
#              [COMMAND [ARGUMENT...]]
#
# Run COMMAND (echo) with the ARGUMENTs and words from standard input, as many as fit, as often as it takes. Words
# stand between blanks and newlines; '...', "..." and \ quote.
#   -0  words end with NUL      -d CHAR  words end with CHAR      -E WORD, -e WORD  stop at WORD
#   -n COUNT  so many words for each run     -L LINES  the words of so many lines      -s SIZE  so many bytes (4096)
#   -I TEXT   a run for each line, which replaces TEXT in the ARGUMENTs      -i  as -I {}
#   -r  do not run it where there are no words      -t  print each command on stderr      -p  ask before each
#   -x  end where a command is longer than SIZE      -P N  so many runs at a time (1; 0: as many as can be, 8)
#   -a FILE  the words are in FILE, and standard input is for the COMMAND
# Status: 123 a command failed, 124 one ended with 255, 126 or 127 one could not run, 1 another error.
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/xargs.html

from micropython import const

from base.errors import Failure, Usage
from process.stream import Stream
from program import confirm, open_input, options

proc = None

SIZE = const(4096)  # bytes per command
WORDS_MAX = const(256)  # words per command

PARALLEL_MAX = const(8)  # runs at a time

LETTERS = "0a:d:E:iI:L:n:P:prs:tx"
LONG = (
    ("arg-file", "a"),
    ("null", "0"),
    ("delimiter", "d"),
    ("replace", "I"),
    ("max-lines", "L"),
    ("max-args", "n"),
    ("max-procs", "P"),
    ("interactive", "p"),
    ("no-run-if-empty", "r"),
    ("max-chars", "s"),
    ("verbose", "t"),
    ("exit", "x"),
)


async def __main__(args):
    args = list(args)
    cut = 0  # the options end at the first operand: the rest is the command
    while cut < len(args) and args[cut][:1] == "-" and args[cut] != "--":
        if args[cut][:2] in ("-e", "-i") and args[cut] != "-i":  # a value of these is attached
            args[cut] = "-" + args[cut][1:].replace("e", "E", 1).replace("i", "I", 1)
            if args[cut] == "-E":
                del args[cut]
                continue
        cut += 2 if len(args[cut]) == 2 and args[cut][1] + ":" in LETTERS else 1
    opts, _ = options(args[:cut], LETTERS, LONG)
    command = args[cut + (args[cut : cut + 1] == ["--"]) :] or ["echo"]
    instead = opts["I"] or ("{}" if "i" in opts else None)
    most = opts.number("n", WORDS_MAX)
    lines = 1 if instead else opts.number("L", 0)
    limit = opts.number("s", SIZE)
    if most < 1 or limit < 1 or lines < 0:
        raise Usage("not a count", opts["n"] or opts["s"] or opts["L"])
    if lines:
        most = 1 if instead else WORDS_MAX
    source = open_input(opts["a"]) if "a" in opts else proc.stdin
    words = Words(source, mark(opts), opts["E"], instead is not None, limit)
    run = Run(command, opts, instead)
    base = sum([len(word.encode()) + 1 for word in command])
    if base > limit:
        raise Failure("", "argument list too long")
    batch = bytearray()  # NUL-terminated words: separate objects would fragment the heap
    count = 0
    size = base
    while (word := await words.next()) is not None:
        more = len(word.encode()) + 1
        if size + more > limit or (base + more > limit and not batch):
            if not batch or "x" in opts:
                if batch:
                    await run(batch)
                await run.wait()
                raise Failure("", "argument list too long")
            await run(batch)
            batch, count, size = bytearray(), 0, base
            if base + more > limit:
                raise Failure("", "argument list too long")
        batch.extend(word.encode())
        batch.append(0)
        count += 1
        size += more
        if count >= most or (lines and words.lines >= lines):
            await run(batch)
            batch, count, size = bytearray(), 0, base
            words.lines = 0
    await run.last(batch)
    await run.wait()
    return run.status


def mark(opts):
    """Return the byte that separates words, or None for blanks."""
    if "0" in opts:
        return b"\0"
    if "d" not in opts:
        return None
    from text.quoting import FORMAT, expand  # late: only for -d

    out = bytearray()
    expand(opts["d"].encode(), out, FORMAT)
    if len(out) != 1:
        raise Usage("expected one character", "-d")
    return bytes(out)


class Run:
    """Runs the command and collects the exit status."""

    def __init__(self, command, opts, instead):
        self.command = command
        self.opts = opts
        self.instead = instead
        self.status = 0
        self.runs = 0
        self.parallel = min(opts.number("P", 1) or PARALLEL_MAX, PARALLEL_MAX)
        self.tasks = []  # (name, task) of the parallel runs, if allowed

    async def last(self, batch):
        if batch or not (self.runs or "r" in self.opts or self.instead):
            await self(batch)

    async def __call__(self, batch):
        """Run the command with NUL-terminated words."""
        self.runs += 1
        words = bytes(batch).split(b"\0")
        words.pop()
        words = [_text(word) for word in words]
        if self.instead:
            argv = [word.replace(self.instead, words[0]) for word in self.command]
        else:
            argv = self.command + words
        if "p" in self.opts:
            if not await confirm(" ".join(argv) + "?..."):
                return
        elif "t" in self.opts:
            proc.stderr.write(" ".join(argv) + "\n")
        stdin = None if "a" in self.opts else Stream()
        if self.parallel < 2:
            return self.ended(argv[0], await proc.run(argv, stdin=stdin))
        while len(self.tasks) >= self.parallel:
            await self.wait(1)
        from asyncio import create_task  # late: most runs are sequential

        self.tasks.append((argv[0], create_task(proc.run(argv, stdin=stdin))))

    async def wait(self, count=PARALLEL_MAX):
        """Wait for the oldest runs."""
        while self.tasks and count:
            count -= 1
            name, task = self.tasks.pop(0)
            self.ended(name, await task)

    def ended(self, name, status):
        """Record the status of a run."""
        if status == 255:
            raise Failure(name, "exited with status 255; aborting", 124)
        if status in (126, 127):
            raise SystemExit(status)
        if status:
            self.status = 123


# --- Reading words from a stream.


class Words:
    """Reads words one by one."""

    def __init__(self, stream, mark, end, whole, most):
        """mark: the byte that separates words, None for blanks with quoting; end: the word to stop at; whole: a line is a word.

        most: limit for the bytes of a word.
        """
        self.most = most
        self.stream = stream
        self.mark = mark
        self.end = end
        self.whole = whole
        self.lines = 0  # lines ended since the caller last reset this
        self.found = []
        self.open = b""  # an incomplete word, with mark
        self.done = False

    async def next(self):
        """Return the next word, None at the end."""
        while not self.found:
            if self.done:
                return None
            await (self._marked() if self.mark else self._line())
        word, ends = self.found.pop(0)
        self.lines += ends
        if word == self.end and self.end is not None and not self.mark:
            self.found = []
            self.done = True
            return None
        return word

    async def _marked(self):
        data = await self.stream.read()
        if not data:
            self.done = True
            if self.open:
                self.found.append((_text(self.open), 1))
            return
        parts = (self.open + data).split(self.mark)
        self.open = parts.pop()
        if len(self.open) > self.most:
            raise Failure("", "argument list too long")
        self.found = [(_text(part), 1) for part in parts]

    async def _line(self):
        """Read a line, and its continuation lines after a trailing blank or backslash."""
        quote = ""
        word = []
        started = False
        while True:
            line = _text(await self.stream.readline())
            if not line:
                self.done = True
                if quote:
                    raise Failure("", f"unmatched {quote}")
                break
            if self.whole and not word:
                line = line.lstrip(" \t\n\v\f\r")
            skip = False
            for c in line:
                if skip:
                    word.append(c)
                    skip = False
                elif quote:
                    if c == quote:
                        quote = ""
                    elif c == "\n":
                        raise Failure("", f"unmatched {quote}")
                    else:
                        word.append(c)
                elif c == "\\":
                    skip = started = True
                elif c == "'" or c == '"':
                    quote = c
                    started = True
                elif c == "\n" or (not self.whole and c in " \t"):
                    if started:
                        self.found.append(("".join(word), 0))
                        word = []
                    started = False
                else:
                    word.append(c)
                    started = True
                    if len(word) > self.most:
                        raise Failure("", "argument list too long")
            if self.found and line[-1:] == "\n" and not started and (self.whole or line[-2:-1] not in (" ", "\t")):
                break
        if started:
            self.found.append(("".join(word), 0))
        if self.found:
            self.found[-1] = (self.found[-1][0], 1)


def _text(data):
    try:
        return data.decode()
    except UnicodeError:
        from base.surrogates import loose  # late: rarely needed

        return loose(data)
