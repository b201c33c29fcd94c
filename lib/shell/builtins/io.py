# read, mapfile, readarray, printf: lines of a stream into variables, and text out of them.

import asyncio

from micropython import const

from base.errors import Failure, Usage
from shell.lexer import is_name

_TEXT_MAX = const(65536)  # bytes that one read may take
_EVERY = const(5000)  # lines from one call of the commands of -C to the next


# --- read


def b_read(shell, args):
    given, names = options(args, "rse", "pdntuNai")
    if len(names) > 1 and not is_target(names[-1]):
        given["p"] = names.pop()  # upyOS: read NAME "prompt"
        given["say"] = True
    for name in names:
        if not is_target(name):
            raise Failure(name, "not a valid identifier")
    stream = stream_of(shell, given)
    if given.get("t") == "0":
        return 0 if (yield from is_ready(stream)) else 1
    prompt = given.get("p")
    if prompt is not None:
        if given.get("say"):
            if prompt[-1:] == " " or stream.isatty():
                shell.write(prompt)
        elif stream.isatty():
            shell.process.stderr.write(prompt)
    count = given.get("N") or given.get("n")
    delimiter = (given["d"].encode() or b"\0")[0] if "d" in given else 10
    if "t" not in given and count is None and delimiter == 10:
        taking = take_line(stream, "r" in given)
    else:
        if count is not None:
            if not count.isdigit():
                raise Usage("invalid number", count)
            count = int(count)
        taking = take_until(stream, delimiter, count, "r" in given, "N" in given)
    terminal = stream.terminal if "s" in given else None
    if terminal:
        terminal.echo = False
    try:
        if "t" in given:
            taking = limited(stream, taking, given["t"])
        text, marks, status = yield from taking
    finally:
        if terminal:
            terminal.echo = True
    if "a" in given:
        assign_array(shell, given["a"], text, marks)
    else:
        assign_fields(shell, names or ["REPLY"], text, marks, bool(names) and "N" not in given)
    return status


def is_target(name):
    return is_name(name) or (name[-1:] == "]" and is_name(name.partition("[")[0]))


def options(args, flags, valued):
    """({letter: value}, operands); valued: the letters of options with a value."""
    pairs, operands = option_pairs(args, flags, valued)
    return dict(pairs), operands


def option_pairs(args, flags, valued):
    """([(letter, value)], operands): the options in the order in which they are given; True for those without a value."""
    pairs = []
    i = 0
    while i < len(args) and args[i][:1] == "-" and len(args[i]) > 1:
        arg = args[i]
        i += 1
        if arg == "--":
            break
        for j, letter in enumerate(arg[1:], 2):
            if letter in flags:
                pairs.append((letter, True))
                continue
            if letter not in valued:
                raise Usage("invalid option", "-" + letter)
            value = arg[j:]
            if not value:
                if i >= len(args):
                    raise Usage("option requires an argument", "-" + letter)
                value = args[i]
                i += 1
            pairs.append((letter, value))
            break
    return pairs, list(args[i:])


def stream_of(shell, given):
    """The stream to read from."""
    if "u" not in given:
        return shell.process.stdin
    from shell import redirect  # late: only for -u

    if not given["u"].isdigit():
        raise Usage("invalid number", given["u"])
    stream = redirect.get_fd(shell, int(given["u"]))
    if not stream:
        raise Failure(given["u"], "Bad file descriptor")
    return stream


def take_line(stream, raw):
    """A line, without its newline: (text, marks, status). marks has a 1 for each character that a backslash quotes."""
    line = yield from stream.readline()
    if not raw and b"\\" in line:
        stream.rest = line + stream.rest
        return (yield from take_until(stream, 10, None, False, False))
    status = 1
    if line[-1:] == b"\n":
        line = line[:-1]
        status = 0
    return decoded(line), None, status


def decoded(data):
    if b"\0" in data:
        data = data.replace(b"\0", b"")
    try:
        return str(data, "utf-8")
    except UnicodeError:
        from base.surrogates import loose  # late: rare

        return loose(data)


def take_until(stream, delimiter, count, raw, exact):
    """Bytes up to the delimiter, or count characters: (text, marks, status)."""
    out = bytearray()
    quoted = []  # where a backslash has quoted a byte
    escaped = False
    left = 0  # bytes that the character still has
    status = 1
    while status and count != 0:
        data = stream.rest or (yield from stream.fill())
        if not data:
            stream.rest = b""
            break
        i = 0
        while i < len(data):
            c = data[i]
            i += 1
            if escaped:
                escaped = False
                if c == 10:
                    continue
                quoted.append(len(out))
            elif c == 92 and not raw:
                escaped = True
                continue
            elif c == delimiter and not exact:
                status = 0
                break
            if c:
                out.append(c)
            left = left - 1 if c & 0xC0 == 0x80 and left else 0 if c < 0xC0 else 1 if c < 0xE0 else 2 if c < 0xF0 else 3
            if count and not left:
                count -= 1
                if not count:
                    status = 0
                    break
        stream.rest = data[i:]
        if len(out) > _TEXT_MAX:
            raise Failure("", f"more than {_TEXT_MAX} bytes")
    if count == 0:
        status = 0
    text = decoded(out)
    if not quoted:
        return text, None, status
    marks = bytearray(b"0" * len(text))
    for at in quoted:
        if out[at] & 0xC0 != 0x80:
            marks[min(len(decoded(out[:at])), len(text) - 1)] = 49
    return text, str(marks, "utf-8"), status


def is_ready(stream):
    """True where something can be read at once, or the end has come; a generator."""
    if not stream.rest:
        try:
            stream.rest = yield from asyncio.wait_for_ms(stream.fill(), 1)
        except asyncio.TimeoutError:
            return False
    return True


def limited(stream, taking, seconds):
    """What taking gives, or what there is after so many seconds: 142 is the status then."""
    try:
        ms = int(float(seconds) * 1000)
    except ValueError:
        raise Usage("invalid number", seconds)
    try:
        return (yield from asyncio.wait_for_ms(taking, max(ms, 1)))
    except asyncio.TimeoutError:
        return "", None, 142


def assign_array(shell, name, text, marks):
    """read -a: every field an element."""
    from shell import arrays  # late: rare

    fields = []

    class Into:
        ifs = shell.ifs

        def assign(self, name, value):
            fields.append(value)

    into = Into()
    while text:
        before = len(text)
        assign_fields(into, ["f", "rest"], text, marks, True)
        text = fields.pop()
        if marks is not None:
            marks = marks[before - len(text) :]
    array = arrays.Array()
    for value in fields:
        array.set(array.next(), value)
    shell.assign(name, array)


def assign_fields(shell, names, text, marks, split):
    """Split a line among names: the last takes the rest (POSIX read)."""
    ifs = shell.ifs()
    if marks is None:
        if not split and len(names) == 1:
            put(shell, names[0], text)
            return
        if ifs == " \t\n" and "\r" not in text and "\v" not in text and "\f" not in text:
            fields = text.strip(ifs).split(None, len(names) - 1)
            for i in range(len(names)):
                put(shell, names[i], fields[i] if i < len(fields) else "")
            return
        marks = "0" * len(text)
    blanks = [c for c in ifs if c in " \t\n"]

    def is_blank(k):
        return text[k] in blanks and marks[k] == "0"

    def is_end(k):
        return text[k] in ifs and marks[k] == "0"

    i = 0
    n = len(text)
    if split or len(names) > 1:
        while i < n and is_blank(i):
            i += 1
    for name in names[:-1]:
        start = i
        while i < n and not is_end(i):
            i += 1
        put(shell, name, text[start:i])
        while i < n and is_blank(i):
            i += 1
        if i < n and is_end(i):
            i += 1
            while i < n and is_blank(i):
                i += 1
    end = n
    if split:
        while end > i and is_blank(end - 1):
            end -= 1
        if end > i and is_end(end - 1):
            rest = [k for k in range(i, end - 1) if is_end(k) and text[k] not in blanks]
            if not rest:
                end -= 1
                while end > i and is_blank(end - 1):
                    end -= 1
    put(shell, names[-1], text[i:end])


def put(shell, name, value):
    if name[-1:] == "]":
        shell.put(name, value)
    else:
        shell.assign(name, value)


# --- mapfile


def mapfile_options(args):
    """(options, name of the array)"""
    given, names = options(args, "t", "dnOsucC")
    if len(names) > 1:
        raise Usage("extra operand", names[1])
    name = names[0] if names else "MAPFILE"
    if not is_name(name):
        raise Failure(name, "not a valid identifier")
    for letter in "nOsc":
        if letter in given and not given[letter].isdigit():
            raise Failure(given[letter], "invalid number")
    return given, name


def b_mapfile(shell, args):
    from shell import arrays  # late: with the first array

    given, name = mapfile_options(args)
    array = arrays.Array()
    if "O" in given:
        old = arrays.lookup(shell, name)
        if hasattr(old, "keyed"):
            array = old.copy()
    at = int(given.get("O", 0))
    most = int(given.get("n", 0))
    skip = int(given.get("s", 0))
    every = int(given.get("c", _EVERY)) or _EVERY
    end = (given["d"] or "\0")[0] if "d" in given else "\n"
    stream = stream_of(shell, given)
    count = 0
    while not most or count < most:
        if end == "\n":
            line = yield from stream.readline()
            line = decoded(line)
            whole = line[-1:] == end
        else:
            line, _, status = yield from take_until(stream, ord(end), None, True, False)
            whole = not status
            line += end if whole else ""
        if not line:
            break
        if skip:
            skip -= 1
            continue
        line = line[:-1] if whole and ("t" in given or end == "\0") else line
        if "C" in given and (count + 1) % every == 0:
            from text.quoting import on_a_line  # late: rare

            yield from shell.run_text(f"{given['C']} {at + count} {on_a_line(line)}")
        array.set(at + count, line)
        count += 1
    shell.assign(arrays.target_of(shell, name), array)
    return 0


b_readarray = b_mapfile


# --- printf


def b_printf(shell, args):
    from text.printf import printf  # late: only for printf

    name = None
    if args[:1] == ["-v"] and len(args) > 1:
        name = args[1]
        if not is_name(name.partition("[")[0]):
            raise Failure(name, "not a valid identifier", 2)
        args = args[2:]
    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        raise Usage("usage: printf [-v NAME] FORMAT [ARG...]")
    text, messages = printf(args[0], args[1:])
    if name:
        if isinstance(text, bytes):
            text = decoded(text)
        shell.put(name, text)
    else:
        shell.process.stdout.write(text)
    for message in messages:
        shell.complain("printf", message)
    return 1 if messages else 0
