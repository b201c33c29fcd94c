# nl - number lines
# usage: nl [-p] [-b TYPE] [-h TYPE] [-f TYPE] [-v FIRST] [-i STEP] [-l N] [-n FORMAT] [-w WIDTH] [-s TEXT] [-d CC]
#           [FILE...]
#
# Copy each FILE, or standard input, with numbered lines.
#   -b TYPE  the lines to number: a all, t nonempty (default), n none, pREGEX matching ones
#   -h TYPE, -f TYPE  the same for headers and footers (n): parts of a page begin with the lines \:\:\: (header),
#             \:\: (body) and \: (footer)      -d CC  other characters than \:      -p  do not restart on a new page
#   -v FIRST  the first number (1)      -i STEP  increment (1)      -l N  count N empty lines as one
#   -n FORMAT  ln left, rn right (default), rz right with zeros      -w WIDTH  of the numbers (6)
#   -s TEXT  after a number (a tab)
# Deviations: none.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/nl.html

from base.errors import Usage
from program import each, options

proc = None

LONG = (("body-numbering", "b"), ("number-width", "w"), ("number-separator", "s"), ("starting-line-number", "v"))


async def __main__(args):
    opts, files = options(args, "b:h:f:v:i:l:n:w:s:d:p", LONG)
    types = [kind(opts[letter] or default) for letter, default in (("h", "n"), ("b", "t"), ("f", "n"))]
    style = opts["n"] or "rn"
    width = opts.number("w", 6)
    if style not in ("ln", "rn", "rz") or width < 1:
        raise Usage("not a format", opts["n"] if style not in ("ln", "rn", "rz") else opts["w"])
    style = f"%{'-' if style == 'ln' else '0' if style == 'rz' else ''}{width}d"
    text = opts["s"] if "s" in opts else "\t"
    first = number = opts.number("v", 1)
    step = opts.number("i", 1)
    join = opts.number("l", 1)
    mark = opts["d"] or "\\:"
    mark = (mark + ":" if len(mark) == 1 else mark).encode()
    sections = [mark * 3, mark * 2, mark]
    counted = types[1]
    empty = 0

    async def nl(name, stream):
        nonlocal counted, number, empty
        while batch := await stream.lines():
            out = []
            for line in batch:
                if line in sections:
                    place = sections.index(line)
                    counted = types[place]
                    if not place and "p" not in opts:
                        number = first
                    out.append(b"")
                    continue
                empty = 0 if line else empty + 1
                if counted(line) and (line or empty >= join):
                    empty = 0
                    out.append((style % number + text).encode() + line)
                    number += step
                else:
                    out.append(b" " * (width + len(text)) + line if line or join == 1 else b" " * (width + 1))
            proc.stdout.write(b"\n".join(out) + b"\n")

    return await each(files, nl)


def kind(text):
    """Return a function that tells whether a line is numbered."""
    if text[0] == "p":
        from regex.matcher import Matcher  # late: rarely used

        return Matcher([text[1:]]).test
    if text not in ("a", "t", "n"):
        raise Usage("not a type", text)
    return {"a": lambda line: True, "t": lambda line: line != b"", "n": lambda line: False}[text]
