# mapfile, readarray: lines into an array. Loaded when first used.

from micropython import const

from base.errors import Usage
from shell import arrays
from shell.lexer import is_name
from shell.read import decoded, stream_of, take
from text.quoting import on_a_line

_EVERY = const(5000)  # lines from one call of the commands of -C to the next


def b_mapfile(shell, args):
    given = {}
    i = 0
    while i < len(args) and args[i][:1] == "-" and len(args[i]) > 1:
        arg = args[i]
        i += 1
        if arg == "--":
            break
        while len(arg) > 1:
            letter = arg[1]
            arg = "-" + arg[2:]
            if letter == "t":
                given["t"] = "t"
                continue
            if letter not in "dnOsucC":
                raise Usage("invalid option", "-" + letter)
            value = arg[1:]
            if not value:
                if i >= len(args):
                    raise Usage("option requires an argument", "-" + letter)
                value = args[i]
                i += 1
            given[letter] = value
            break
    if len(args) > i + 1:
        raise Usage("extra operand", args[i + 1])
    name = args[i] if i < len(args) else "MAPFILE"
    if not is_name(name):
        raise Usage("not a valid identifier", name)
    for letter in "nOsc":
        if letter in given and not given[letter].isdigit():
            raise Usage("invalid number", given[letter])
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
            line, _, status = yield from take(stream, ord(end), None, True, False)
            whole = not status
            line += end if whole else ""
        if not line:
            break
        if skip:
            skip -= 1
            continue
        line = line[:-1] if whole and ("t" in given or end == "\0") else line
        if "C" in given and (count + 1) % every == 0:
            yield from shell.run_text(f"{given['C']} {at + count} {on_a_line(line)}")
        array.set(at + count, line)
        count += 1
    shell.assign(arrays.target_of(shell, name), array)
    return 0


b_readarray = b_mapfile
