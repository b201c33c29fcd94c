# awk - a language for lines and fields
# usage: awk [-F SEPARATOR] [-v NAME=VALUE]... PROGRAM [FILE | NAME=VALUE]...
# usage: awk [-F SEPARATOR] [-v NAME=VALUE]... -f PROGRAMFILE... [FILE | NAME=VALUE]...
#
# For each line of the FILEs, or of standard input, run the actions whose pattern matches: PATTERN { ACTION } ...
#   -F SEPARATOR  between fields: a character or a regular expression (blanks)      -v NAME=VALUE  set a variable
#   -f PROGRAMFILE  the program, or a part of it      -e PROGRAM  the same as an operand      -b  no effect
# Patterns: BEGIN  END  /REGEX/  an expression  two of them with a comma: a range.  Fields: $1 to $NF, $0 is the line.
# Statements: if else while do for for(k in a) break continue next nextfile exit return delete print printf, > >> |
# Functions: length substr index split sub gsub match sprintf tolower toupper sin cos atan2 exp log sqrt int rand srand
#            system close fflush systime strftime mktime gensub strtonum and or xor compl lshift rshift,
#            getline (also VAR, < FILE, COMMAND |), and function NAME(PARAMETERS) { ... }
# Variables: NF NR FNR FS OFS RS ORS FILENAME SUBSEP CONVFMT OFMT RSTART RLENGTH ENVIRON ARGC ARGV
# Deviations: numbers that are integers have any length.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/awk.html

from base.errors import Usage
from program import inputs, options, status
from text import leave

proc = None
Machine = None  # what runs the program: seen here, it is not given back meanwhile

LONG = (("field-separator", "F"), ("assign", "v"), ("file", "f"), ("source", "e"))


async def __main__(args):
    global Machine
    cut = 0  # options end at the first operand
    while cut < len(args) and args[cut][:1] == "-" and len(args[cut]) > 1:
        cut += 2 if args[cut] in ("-F", "-v", "-f", "-e") else 1
        if args[cut - 1] == "--":
            break
    opts, _ = options(args[:cut], "bF:e:f:v:", LONG)
    operands = args[cut:]
    parts = []
    for letter, name in opts.order:
        if letter == "e":
            parts.append(name.encode())
        elif letter == "f":
            for _, stream in inputs([name]):
                while data := await stream.read():
                    parts.append(data)
            if status():
                return 2
        if letter in "ef":
            parts.append(b"\n")
    if not parts:
        if not operands:
            raise Usage("missing program")
        parts = [operands.pop(0).encode()]
    variables = []
    if "F" in opts:
        variables.append(("FS", "\\t" if opts["F"] == "t" else opts["F"]))
    for text in opts.all("v"):
        name, equals, value = text.partition("=")
        if not equals:
            raise Usage("expected NAME=VALUE", "-v")
        variables.append((name, value))
    program = parse(parts)
    parts = None
    leave("awk.parser", "awk.expressions", "awk.lexer")
    Machine = load()
    machine = Machine(program, operands, variables)
    try:
        await machine.main()
    finally:
        leave("awk.")
    return machine.status


def parse(parts):
    """The program; a call of its own, since the coroutine would still have the parser on its stack."""
    # Here, since a program that is kept would keep what it names at the top; and not one within the other.
    from awk import lexer, expressions, parser  # noqa: F401, I001

    return parser.parse(b"".join(parts))


def load():
    """The class Machine, now that the program has been read; a call of its own, as above."""
    # Not one within the other, and the one that takes the most to be compiled first.
    from awk import operations  # noqa: F401, I001
    from awk.interpreter import Machine

    return Machine
