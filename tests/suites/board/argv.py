# argv.py - print the arguments as a list
# usage: argv.py [WORD...]

from process.stream import encoded

proc = None


def __main__(args):
    proc.stdout.write("[" + ", ".join([bytes_repr(encoded(arg)) for arg in args]) + "]\n")


def bytes_repr(data):
    """As Python shows byte strings, without the b."""
    quote = '"' if b"'" in data and b'"' not in data else "'"
    out = [quote]
    for c in data:
        char = chr(c)
        if char in "\\" + quote:
            out.append("\\" + char)
        elif char in "\t\n\r":
            out.append({"\t": "\\t", "\n": "\\n", "\r": "\\r"}[char])
        elif 32 <= c < 127:
            out.append(char)
        else:
            out.append(f"\\x{c:02x}")
    out.append(quote)
    return "".join(out)
