# nohup - run a command that survives the end of the session
# usage: nohup COMMAND [ARGUMENT...]
#
# COMMAND ignores HUP. Output to the terminal is appended to nohup.out in the working directory, or in $HOME.
# Use it with &: nohup COMMAND &
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/nohup.html

from base.errors import Failure, Usage
from base.paths import join
from process import child
from process.files import FileStream
from process.session import Session
from process.stream import Stream
from program import inform

proc = None

HUP = 1


async def __main__(args):
    inform(args[0] if args else "")
    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        raise Usage("missing COMMAND")
    output = errors = None
    if proc.stdout.isatty():
        output = keep()
    if proc.stderr.isatty():
        errors = output.dup() if output else proc.stdout.dup()
    stdin = Stream() if proc.stdin.isatty() else None
    proc.trap = ignore
    process, main = child.make(proc, args, stdin, output, errors)
    process.session = Session("nohup", None, proc.session.user if proc.session else "root")
    process.trap = ignore
    process.background = True
    process.start(main)
    return await process.wait()


def ignore(signal):
    """Handle a signal: ignore SIGHUP."""
    return signal == HUP


def keep():
    """Open nohup.out for output to the terminal."""
    for directory in (proc.cwd, str(proc.getenv("HOME") or "/")):
        path = join(directory, "nohup.out")
        try:
            stream = FileStream(open(path, "ab"), path)
        except OSError:
            continue
        proc.stderr.write(f"nohup: output goes to {path}\n")
        return stream
    raise Failure("nohup.out", "cannot be written")
