# What echo prints: shared by the program and the shell's built-in.


def echo_text(args):
    """The output for echo's arguments, with its newline: -n leaves that out, -e takes escapes, -E does not."""
    newline = True
    escapes = False
    i = 0
    while i < len(args):
        arg = args[i]
        if len(arg) < 2 or arg[0] != "-" or arg[1:].strip("neE"):
            break
        for letter in arg[1:]:
            if letter == "n":
                newline = False
            else:
                escapes = letter == "e"
        i += 1
    text = " ".join(args[i:])
    if not escapes or "\\" not in text:
        return text + "\n" if newline else text
    from text.escapes import ARGUMENT, expand  # late: few echoes have any

    out = bytearray()
    if not expand(text.encode(), out, ARGUMENT) and newline:
        out.append(10)
    return out
