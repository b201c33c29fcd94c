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

from base.errors import Failure, Usage
from base.units import size
from dump.rows import Rows, printable
from program import open_input, options, protected, status

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
            raise SystemExit(failed)  # leave the file unchanged


async def work(opts, source, out):
    if "r" in opts:
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
    """Write a C array, with its name if there is one."""
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


# --- Reverting: bytes from hexadecimal text.

_DIGITS = b"0123456789abcdef"


async def restore(stream, out, kind):
    """Write the bytes of a dump (kind ""), a plain dump ("plain") or a C array ("include")."""
    place = 0
    half = -1  # the first digit of a byte whose second one is on the next line
    while batch := await stream.lines():
        for line in batch:
            if kind == "include":
                data = c_numbers(line)
            elif kind:
                data, half = digits(line, half)
            else:
                head, colon, body = line.partition(b":")
                if not colon:
                    head, _, body = line.strip().partition(b" ")
                try:
                    at = int(head.strip().decode(), 16)
                except (ValueError, UnicodeError):
                    continue
                if at < place:
                    raise Failure("", f"{at:x}: cannot go back")
                while at > place:
                    step = min(at - place, 512)
                    out.write(bytes(step))
                    place += step
                data = row(body)
            out.write(data)
            place += len(data)


def row(body):
    """Return the bytes of a line of a dump: at most 16, without the text after two blanks."""
    data = bytearray()
    high = -1
    blanks = 0
    for c in body.lower():
        digit = _DIGITS.find(bytes((c,)))
        if digit < 0:
            if c != 32 or high >= 0:
                break
            blanks += 1
            if blanks > 1 and data:
                break
            continue
        blanks = 0
        if high < 0:
            high = digit
            continue
        data.append(high << 4 | digit)
        high = -1
        if len(data) == 16:
            break
    return bytes(data)


def digits(line, half):
    """Parse digits: (bytes, a leftover digit). Another character drops a leftover digit; two in a row end the line."""
    data = bytearray()
    wrong = False
    for c in line.lower():
        if c in b" \t\r":
            continue
        digit = _DIGITS.find(bytes((c,)))
        if digit < 0:
            half = -1
            if wrong:
                break
            wrong = True
            continue
        wrong = False
        if half < 0:
            half = digit
        else:
            data.append(half << 4 | digit)
            half = -1
    return bytes(data), half


def c_numbers(line):
    """Return the bytes of the numbers 0x.. in a line."""
    data = bytearray()
    at = line.find(b"0x")
    while at >= 0:
        value = 0
        for c in line[at + 2 : at + 4].lower():
            digit = _DIGITS.find(bytes((c,)))
            if digit >= 0:
                value = value << 4 | digit
        data.append(value)
        at = line.find(b"0x", at + 2)
    return bytes(data)
