# column - format lines into columns, or words into a table
# usage: column [-x] [-c COLUMNS] [FILE...]
# usage: column -t [-s CHARS] [-o TEXT] [FILE...]
#
# Print the lines of the FILEs, or of standard input, in as many columns as fit; empty lines are skipped.
#   -c COLUMNS  of the output (80, or those of the terminal)      -x  across the lines, not down
#   -t  a table of the words of each line
#   -s CHARS  separators of words (blanks); each of them ends a word      -o TEXT  between columns (two blanks)
# Limit: 64 KiB of text.

from micropython import const

from base.errors import Failure
from program import inputs, options, status

proc = None

LONG = "columns=c output-width=c fillrows=x output-separator=o separator=s table=t"
SIZE_MAX = const(65536)
WIDTH = const(80)


async def __main__(args):
    opts, files = options(args, "c:o:s:tx", LONG)
    lines = []
    size = 0
    for _, stream in inputs(files):
        while more := await stream.lines():
            for line in more:
                size += len(line)
                if size > SIZE_MAX:
                    raise Failure("", f"more than {SIZE_MAX} bytes")
                if line.strip():
                    lines.append(text(line))
    if "t" in opts:
        for line in table([words(line, opts["s"]) for line in lines], opts["o"] if "o" in opts else "  "):
            proc.stdout.write(line + "\n")
        return status()
    from text.columns import columns  # late: not for -t

    terminal = proc.stdout.terminal
    for line in columns(lines, opts.number("c", terminal.columns if terminal else WIDTH) + 1, "x" in opts):
        proc.stdout.write(line + "\n")
    return status()


def text(line):
    try:
        return line.decode()
    except UnicodeError:
        from base.surrogates import loose  # late: rare

        return loose(line)


def words(line, marks):
    """Return the words of a line."""
    if marks is None:
        return line.split()
    out = [""]
    for c in line:
        if c in marks:
            out.append("")
        else:
            out[-1] += c
    return out


def table(rows, glue):
    """Yield the lines of a table."""
    from text.width import width  # late: only for -t

    sizes = []
    wide = []
    for row in rows:
        wide.append([sum([width(c) for c in word]) for word in row])
        for i, size in enumerate(wide[-1]):
            if i == len(sizes):
                sizes.append(0)
            sizes[i] = max(sizes[i], size)
    for k, row in enumerate(rows):
        cells = [word + " " * (sizes[i] - wide[k][i]) for i, word in enumerate(row)]
        yield glue.join(cells[:-1] + row[-1:])
