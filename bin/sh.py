# sh - the shell
# usage: sh [-eux] [-c COMMANDS | FILE] [ARG...]
#
# Run COMMANDS, the script FILE, or what standard input says. The arguments become $1, $2 ...
#   -c  run COMMANDS; the first argument becomes $0
#   -e  end at the first command that fails      -u  an unset variable is an error      -x  show each command
# The language: man shell.

from program import options
from shell import scripts  # noqa: I001  (leaves first: an import inside another needs much stack)
from shell.shell import Shell

proc = None


def __main__(args):
    end = 0  # options of the commands' own program are not ours
    while end < len(args) and args[end][:1] in "-" and args[end] not in ("-", "--"):
        end += 2 if "c" in args[end] and args[end][:2] != "--" else 1
    opts, rest = options(args[:end], "c:eux")
    rest += args[end:]
    if rest[:1] == ["--"]:
        rest = rest[1:]
    shell = Shell(proc, "sh", rest[1:])
    shell.inherit()
    shell.flags = "".join([letter for letter in "eux" if letter in opts])
    command = opts["c"]
    if rest:
        shell.name = rest[0]
    if command is not None:
        return scripts.run(scripts.run_command(shell, command))
    if rest:
        return scripts.run(scripts.run_script(shell, rest[0]))
    shell.args = []
    return scripts.run(scripts.run_stdin(shell))
