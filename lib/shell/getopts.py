# getopts: one option at a time (POSIX). The shell keeps OPTIND and where in an argument it is.

from base.errors import Usage
from shell.expand import text_of
from shell.lexer import is_name


def step(optstring, args, optind, offset):
    """(letter, optarg, optind, offset) of the next option; the letter is None behind the last.

    optind counts from 1. offset is the place of the next letter in args[optind - 1], 0 where an argument begins. For
    an unknown option the letter is "?", for one whose argument is missing ":", and optarg is then the letter in
    question, also where optstring begins with no colon: what to print and to assign is for settle().
    """
    if optind < 1:
        optind = 1
        offset = 0
    if optind > len(args):
        return None, None, optind, 0
    arg = args[optind - 1]
    if offset < 1 or offset >= len(arg):
        if len(arg) < 2 or arg[0] != "-":
            return None, None, optind, 0
        if arg == "--":
            return None, None, optind + 1, 0
        offset = 1
    letter = arg[offset]
    offset += 1
    last = offset == len(arg)
    at = -1 if letter == ":" else optstring.find(letter, 1 if optstring[:1] == ":" else 0)
    if at >= 0 and optstring[at + 1 : at + 2] == ":":
        if not last:
            return letter, arg[offset:], optind + 1, 0
        if optind < len(args):
            return letter, args[optind], optind + 2, 0
        return ":", letter, optind + 1, 0
    if last:
        optind += 1
        offset = 0
    if at < 0:
        return "?", letter, optind, offset
    return letter, None, optind, offset


def settle(optstring, letter, optarg):
    """(value for the variable, OPTARG, message) for what step() gave: without a leading colon errors have a message."""
    if letter is None:
        return "?", None, ""
    if letter not in "?:" or optstring[:1] == ":":
        return letter, optarg, ""
    return "?", None, f"{optarg}: invalid option" if letter == "?" else f"{optarg}: option requires an argument"


def b_getopts(shell, args):
    if len(args) < 2:
        raise Usage("usage: getopts OPTIONS NAME [ARG...]")
    optstring, name = args[0], args[1]
    if not is_name(name):
        raise Usage("not a valid identifier", name)
    words = args[2:] or shell.args
    text = text_of(shell.lookup("OPTIND"))
    optind = int(text) if text.isdigit() else 1
    offset = shell.cluster[1] if shell.cluster[0] == optind else 0
    letter, optarg, optind, offset = step(optstring, words, optind, offset)
    value, optarg, message = settle(optstring, letter, optarg)
    if message:
        shell.process.stderr.write(f"{text_of(shell.name)}: {message}\n")
    shell.assign("OPTIND", optind)
    shell.cluster = (optind, offset)
    if optarg is None and (message or letter is None):
        shell.unset("OPTARG")
    else:
        shell.assign("OPTARG", optarg or "")
    shell.assign(name, value)
    return 1 if letter is None else 0
