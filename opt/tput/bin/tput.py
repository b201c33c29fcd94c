# tput - write what gives orders to the terminal
# usage: tput [-T TYPE] CAPABILITY [NUMBER...]
#        tput -S < CAPABILITIES
#
#   cols, lines, colors  the size of the terminal, the number of its colours
#   clear  el  ed  cup ROW COLUMN  home  cuu1  cud1  cub1  cuf1  sc  rc      the screen and the cursor
#   bold  dim  smul  rmul  rev  smso  rmso  sgr0  setaf N  setab N           how text looks
#   civis  cnorm  smcup  rmcup  bel  init  reset                             cursor, second screen, bell, all as at first
#   -S  a capability on each line of standard input      -T TYPE  no effect: every terminal here understands ECMA-48
# Status 1 for a capability that there is not.

from base.errors import Usage
from program import integer, options

proc = None

TEXTS = {
    "clear": "\x1b[H\x1b[2J\x1b[3J",
    "el": "\x1b[K",
    "el1": "\x1b[1K",
    "ed": "\x1b[J",
    "home": "\x1b[H",
    "cuu1": "\x1b[A",
    "cud1": "\n",
    "cub1": "\b",
    "cuf1": "\x1b[C",
    "sc": "\x1b7",
    "rc": "\x1b8",
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "sitm": "\x1b[3m",
    "ritm": "\x1b[23m",
    "smul": "\x1b[4m",
    "rmul": "\x1b[24m",
    "blink": "\x1b[5m",
    "rev": "\x1b[7m",
    "smso": "\x1b[7m",
    "rmso": "\x1b[27m",
    "sgr0": "\x1b(B\x1b[m",
    "op": "\x1b[39;49m",
    "civis": "\x1b[?25l",
    "cnorm": "\x1b[?25h",
    "smcup": "\x1b[?1049h",
    "rmcup": "\x1b[?1049l",
    "bel": "\a",
    "cr": "\r",
    "init": "\x1b[!p\x1b[?3;4l\x1b[4l\x1b>",
    "reset": "\x1bc\x1b[!p\x1b[?3;4l\x1b[4l\x1b>",
}


async def __main__(args):
    opts, words = options(args, "ST:")
    if "S" in opts:
        status = 0
        while batch := await proc.stdin.lines():
            for line in batch:
                status = (write(line.decode().split()) if line.strip() else 0) or status
        return status
    if not words:
        raise Usage("missing operand")
    return write(words)


def write(words):
    """Write one capability; return the exit status."""
    name, numbers = words[0], [integer(word) for word in words[1:]]
    terminal = proc.tty
    if name in ("cols", "lines"):
        size = (terminal.columns if name == "cols" else terminal.rows) if terminal else (80 if name == "cols" else 24)
        text = f"{size}\n"
    elif name == "colors":
        text = "256\n"
    elif name == "longname":
        text = "xterm with 256 colors"
    elif name in ("setaf", "setab") and len(numbers) == 1:
        base = 30 if name == "setaf" else 40
        number = numbers[0]
        text = f"\x1b[{base + number}m" if number < 8 else f"\x1b[{base + 8};5;{number}m"
        if 8 <= number < 16:
            text = f"\x1b[{base + 52 + number}m"
    elif name == "cup" and len(numbers) == 2:
        text = f"\x1b[{numbers[0] + 1};{numbers[1] + 1}H"
    elif name in ("cuu", "cud", "cuf", "cub") and len(numbers) == 1:
        text = f"\x1b[{numbers[0]}{'ABCD'[('cuu', 'cud', 'cuf', 'cub').index(name)]}"
    else:
        text = TEXTS.get(name)
    if text is None:
        proc.complain(name, "unknown terminfo capability")
        return 1
    proc.stdout.write(text)
    return 0
