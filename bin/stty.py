# stty - show or set the modes of the terminal
# usage: stty [-a | -g]
#        stty size | SETTING...
#
#   -a  all settings      -g  in a form that stty takes again      size  rows and columns
# SETTING: echo, -echo, raw, -raw, cooked, sane, rows N, cols N; those of serial lines (speed, parity, flow control, keys) are
# accepted and change nothing: the firmware has set them.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/stty.html

from base.errors import Failure, Usage
from program import inform, integer

proc = None

FLAGS = (
    "icanon isig iexten echoe echok echonl echoctl echoke noflsh tostop icrnl inlcr igncr ixon ixoff ixany brkint ignbrk inpck "
    "istrip parmrk opost onlcr ocrnl onlret cs5 cs6 cs7 cs8 cstopb parenb parodd cread clocal hupcl crtscts iutf8 imaxbel"
)
KEYS = (
    "intr",
    "quit",
    "erase",
    "kill",
    "eof",
    "eol",
    "start",
    "stop",
    "susp",
    "min",
    "time",
    "ispeed",
    "ospeed",
    "werase",
)


def __main__(args):
    inform(args[0] if args else "")
    while args and args[0] in ("-F", "--file", "/dev/tty"):
        args = args[2:]
    terminal = proc.stdin.terminal or proc.tty
    if not terminal:
        raise Failure("standard input", "not a terminal")
    if not args or args in (["-a"], ["--all"]):
        return show(terminal, bool(args))
    if args in (["-g"], ["--save"]):
        proc.stdout.write(f"{int(terminal.echo)}:{int(terminal.raw)}\n")
        return 0
    i = 0
    while i < len(args):
        i += setting(terminal, args[i], args[i + 1 : i + 2])


def show(terminal, everything):
    """Print the settings."""
    echo = "echo" if terminal.echo else "-echo"
    mode = "-icanon -isig" if terminal.raw else "icanon isig"
    if everything:
        proc.stdout.write(f"speed 115200 baud; rows {terminal.rows}; columns {terminal.columns};\n")
        proc.stdout.write("intr = ^C; erase = ^?; kill = ^U; eof = ^D; susp = ^Z;\n")
        proc.stdout.write(f"{mode} {echo} echoe icrnl onlcr cs8 -parenb iutf8\n")
    else:
        proc.stdout.write(f"speed 115200 baud;\n{mode} {echo}\n")
    return 0


def setting(terminal, word, rest):
    """Apply a setting. Return the number of words it took."""
    on = word[:1] != "-"
    name = word.lstrip("-")
    if name == "size":
        proc.stdout.write(f"{terminal.rows} {terminal.columns}\n")
    elif name == "echo":
        terminal.echo = on
    elif name in ("raw", "cooked"):
        terminal.set_raw(on == (name == "raw"))
    elif name == "sane":
        terminal.echo = True
        terminal.set_raw(False)
    elif name in ("rows", "cols", "columns"):
        if not rest or integer(rest[0]) < 1:
            raise Usage("missing argument", word)
        size = integer(rest[0])
        terminal.resize(terminal.columns if name == "rows" else size, size if name == "rows" else terminal.rows)
        return 2
    elif name in KEYS:
        return 2
    elif ":" in word and word.replace(":", "").isdigit():  # the output of -g
        echo, _, raw = word.partition(":")
        terminal.echo = echo == "1"
        terminal.set_raw(raw == "1")
    elif not (name in FLAGS.split() or word.isdigit()):
        raise Usage("invalid argument", word)
    return 1
