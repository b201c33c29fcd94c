# Bytes from hexadecimal text: the way back of xxd.

from base.errors import Failure

_DIGITS = b"0123456789abcdef"


async def restore(stream, out, kind):
    """Write the bytes that a dump (kind ""), plain digits ("plain") or a C array ("include") stand for."""
    place = 0
    half = -1  # of a byte whose second digit comes with the next line
    while batch := await stream.lines():
        for line in batch:
            if kind == "include":
                data = array(line)
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
    """The bytes of a line of a dump: at most 16 and not the text behind two blanks."""
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
    """(bytes, a digit that waits): another character drops a digit that waits, two in a row the rest of the line."""
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


def array(line):
    """The bytes of the numbers 0x.. in a line."""
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
