# xxd - show bytes in hexadecimal, and turn that back
# usage: xxd [-beipu] [-c COLUMNS] [-g BYTES] [-l LENGTH] [-o OFFSET] [-s SKIP] [FILE [OUTPUT]]
# usage: xxd -r [-ip] [FILE [OUTPUT]]
#
# Show FILE, or standard input: places, bytes and text.
#   -c COLUMNS  bytes in a line (16)      -g BYTES  in a group (2)      -e  groups little endian (4)
#   -l LENGTH  at most so many bytes      -s SKIP  leave out so many at the beginning; -SKIP: begin so many before the end
#   -o OFFSET  added to the places        -u  capital letters      -b  binary digits
#   -p  only digits, 60 in a line (-c 0: all in one)      -i  as an array in C
#   -r  the other way round

import os

from base.errors import Usage
from program import open_input, options, protected, status
from text.dump import Rows, printable
from text.sizes import size

proc = None

LETTERS = "bc:eg:il:o:prs:u"


async def __main__(args):
    opts, files = options(
        args, LETTERS, (("plain", "p"), ("revert", "r"), ("include", "i"), ("cols", "c"), ("len", "l"))
    )
    if len(files) > 2:
        raise Usage("extra operand", files[2])
    source = files[0] if files else "-"
    if len(files) < 2:
        return await work(opts, source, proc.stdout)
    from base.files import Replacement  # late: few write to a file

    protected(files[1])
    with Replacement(files[1]) as out:
        failed = await work(opts, source, out)
        if failed:
            raise SystemExit(failed)  # the file stays as it was


async def work(opts, source, out):
    if "r" in opts:
        from text.unhex import restore  # late: the way back is rarer

        stream = open_input(source)
        try:
            await restore(stream, out, "plain" if "p" in opts else "include" if "i" in opts else "")
        finally:
            if stream is not proc.stdin:
                stream.close()
        return 0
    plain, binary, include = "p" in opts, "b" in opts, "i" in opts
    width = opts.number("c", 0) or (30 if plain else 6 if binary else 12 if include else 16)
    group = opts.number("g", 4 if "e" in opts else 1 if binary else 2)
    if width < 1 or group < 0:
        raise Usage("not a count", opts["c"] if width < 1 else opts["g"])
    skip = opts["s"] or "0"
    start = max(os.stat(source)[6] - size(skip[1:]), 0) if skip[0] == "-" and source != "-" else size(skip.lstrip("+-"))
    rows = Rows([source], width, start, size(opts["l"]) if "l" in opts else -1)
    offset = size(opts["o"]) if "o" in opts else 0
    byte = "%08d" if binary else "%02X" if "u" in opts else "%02x"
    digits = [byte % (int(bin(i)[2:]) if binary else i) for i in range(256)]
    per = 8 if binary else 2
    if include:
        return await array(rows, source, out, "0X%02X" if "u" in opts else "0x%02x")
    ending = "" if plain and opts["c"] == "0" else "\n"
    columns = width * per + ((width + group - 1) // group if group else 1)
    while True:
        place, row = await rows.next()
        if not row:
            if not ending and place:
                out.write("\n")
            return status()
        if plain:
            out.write("".join([digits[b] for b in row]) + ending)
            continue
        groups = []
        step = group or width
        for i in range(0, len(row), step):
            cells = [digits[b] for b in row[i : i + step]]
            if "e" in opts:
                cells.reverse()
                cells.insert(0, " " * per * (step - len(cells)))
            groups.append("".join(cells))
        text = " ".join(groups) + " "
        out.write(f"{place + offset:08x}: {text}{' ' * (columns - len(text))} {printable(row)}\n")


async def array(rows, source, out, form):
    """A C array, with its name where there is one."""
    name = "".join([c if c.isalpha() or c.isdigit() else "_" for c in source])
    if source != "-":
        out.write(f"unsigned char {name}[] = {{\n")
    total = 0
    while True:
        place, row = await rows.next()
        if not row:
            break
        out.write((",\n" if total else "") + "  " + ", ".join([form % b for b in row]))
        total += len(row)
    out.write("\n" if total else "")
    if source != "-":
        out.write(f"}};\nunsigned int {name}_len = {total};\n")
    return status()
