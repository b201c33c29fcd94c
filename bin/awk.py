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
from program import inputs, options, status, unload_if_short

proc = None
Machine = None  # the module's class, while a program runs: this reference keeps it from being unloaded

LONG = (("field-separator", "F"), ("assign", "v"), ("file", "f"), ("source", "e"))


async def __main__(args):
    global Machine
    cut = 0  # the options end at the first operand
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
    unload_if_short("awk.parser", "awk.expressions", "awk.lexer")
    Machine = load()
    machine = Machine(program, operands, variables)
    try:
        await machine.main()
    finally:
        unload_if_short("awk.")
    return machine.status


def parse(parts):
    """Parse the program. A call of its own, since the frame of __main__ would keep the parser alive."""
    # Here: the image of a program keeps what its top level imports. In this order, so that no import is nested.
    from awk import lexer, expressions, parser  # noqa: F401, I001

    return parser.parse(b"".join(parts))


def load():
    """Import and return the class Machine, after parsing. A call of its own, as above."""
    # The largest module first, so that no import is nested.
    from awk import operations  # noqa: F401, I001
    from awk.interpreter import Machine

    return Machine
