# sh - the shell
# usage: sh [-abcefilnsuvxC] [-o OPTION] [-c COMMANDS | FILE] [ARG...]
#
# Run COMMANDS, the script FILE, or commands from standard input. The arguments become $1, $2 ...
#   -c  run COMMANDS; the first argument becomes $0      -s  read standard input, all arguments are $1, $2 ...
#   -e  exit at the first command that fails     -u  an unset variable is an error      -x  print each command
#   -n  read commands, but do not run them       -v  print input lines                  -f  no wildcards
#   -a  export all variables     -C  > does not overwrite    -l  login shell    -i  interactive shell
#   -o  an option by its name, as `set -o` lists them
# The language: man shell.

from base.errors import Failure, Usage, reason
from shell import scripts  # noqa: I001  (leaves first: an import inside another needs much stack)
from shell.shell import Shell

proc = None


async def __main__(args):
    if is_interactive(args):
        from services import sessions  # late: only at a prompt

        return await sessions.interactive()
    running = begin(args)
    return await running if running else 0


def is_interactive(args):
    """True for a shell that reads commands from a terminal, with a prompt."""
    if not proc.tty or not proc.stdin.isatty() or not proc.stderr.isatty():
        return False
    for arg in args:
        if arg not in ("-i", "-l", "-s", "--login", "-il", "-li"):
            return False
    return True


def begin(args):
    """Return a generator that runs what the command line asks for."""
    if args[:1] in (["--help"], ["--version"]):
        from program import inform  # late: only for --help

        inform(args[0])
    letters = ""
    off = ""
    named = []
    end = 0
    while end < len(args) and args[end][:1] in ("-", "+") and len(args[end]) > 1:
        arg = args[end]
        end += 1
        if arg == "--":
            break
        if arg == "--login":
            letters += "l"
            continue
        for letter in arg[1:]:
            if letter not in "abcefilmnosuvxC":
                raise Usage("invalid option", arg[0] + letter)
            if letter == "o":
                if end >= len(args):
                    raise Usage("option requires an argument", "-o")
                named.append((args[end], arg[0] == "-"))
                end += 1
            elif arg[0] == "-":
                letters += letter
            else:
                off += letter
    if end < len(args) and args[end] == "-" and "--" not in args[:end]:
        end += 1
    rest = args[end:]
    shell = Shell(proc, proc.name, rest[1:])
    shell.inherit()
    shell.flags = "".join([letter for letter in "aefnuvxC" if letter in letters and letter not in off])
    shell.interactive = "i" in letters
    shell.bash = proc.name == "bash"
    if named:
        from shell.builtins.options import set_option  # late: only with options

        for name, on in named:
            if not set_option(shell, name, on):
                raise Usage("invalid option", name)
    if "c" in letters:
        if not rest:
            raise Usage("option requires an argument", "-c")
        command = rest[0]
        rest = rest[1:]
        shell.args = rest[1:]
        if rest:
            shell.name = rest[0]
        return scripts.run(scripts.run_command(shell, command))
    if rest and "s" not in letters:
        shell.name = rest[0]
        try:
            return scripts.run(scripts.run_script(shell, rest[0]))
        except OSError as e:
            raise Failure(rest[0], reason(e), 127)
    shell.args = rest
    return scripts.run(scripts.run_stdin(shell))
