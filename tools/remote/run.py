"""diatom run: run a local file or a command on the board, with its output and status here."""

import contextlib
import os
import posixpath
import re
import select
import shlex
import sys

from mpremote.transport import TransportExecError

from remote import address
from remote.errors import RemoteError, Unsupported
from remote.line import PROMPT, Raw, put
from remote.tracebacks import Tracebacks

LEAVE = b"\x1d"  # Ctrl-]
PLACE = "/tmp"
INPUT = PLACE + "/.diatom-input"
BEGIN, END = b"\x01B\x02", re.compile(rb"\x01E(\d+)\x02")
BANNER = re.compile(rb"(?m)^Diatom \S+ on .*MicroPython ")
END_MOST = 8  # bytes of the end mark
PATIENCE = 10  # seconds for the shell's answer
QUIET = 1  # seconds after which a prompt is the end of what the board says
CTRL_C, CTRL_U = b"\x03", b"\x15"
INTERRUPTED = 130

EPILOG = """\
FILE is sent to /tmp and removed afterwards: a program with __main__(args), other Python, or a shell script. With -c it is
commands of the shell. Keys, Ctrl-C too, go to the board; Ctrl-] leaves. On a board without Diatom, Python is run in the REPL.
"""


def arguments(parser, verb):
    import argparse

    parser.epilog = EPILOG
    parser.add_argument("-c", action="store_true", dest="commands", help="FILE is not a file but commands of the shell")
    parser.add_argument("file", metavar="FILE", help="of this computer")
    parser.add_argument("args", nargs=argparse.REMAINDER, metavar="ARG", help="what the program gets")


def run(options, out):
    said = []  # with --json: what it prints
    show = said.append if options.json else put
    with address.connect(options, out) as board:
        if options.commands:
            name, code = "run.sh", options.file.encode() + b"\n"
        else:
            name = options.file
            with open(name, "rb") as file:
                code = file.read()
        if not has_shell(board):
            if options.commands:
                raise RemoteError("there is no Diatom on this board, and so no shell")
            status = in_repl(board, code, show)
            out.result({"status": status, "output": text_of(said)})
            return status
        path = posixpath.join(PLACE, "run-%d-%s" % (os.getpid(), program_name(name)))
        board.write(path, code)
        named = Tracebacks()
        try:
            status = on_line(board, command(path, code, options.args), lambda data: show(named.feed(data)))
        finally:
            show(named.rest())
            with contextlib.suppress(FileNotFoundError):  # a restart has emptied /tmp
                board.remove(path)
    out.result({"status": status, "output": text_of(said)})
    return status


def text_of(pieces):
    return b"".join(pieces).decode(errors="replace").replace("\r\n", "\n")


def has_shell(board):
    return "diatom" in board.facts()


def program_name(path):
    """A name for /tmp: letters, digits and an ending."""
    stem, ending = os.path.splitext(os.path.basename(path))
    return re.sub(r"\W", "_", stem)[:24] + ending


def command(path, code, args):
    """The shell's command for a file."""
    words = shlex.join(args)
    if path.endswith((".py", ".mpy")):
        program = path.endswith(".mpy") or re.search(rb"(?m)^(async )?def __main__\(", code)
        return "%s%s %s" % ("" if program else "python ", path, words)
    return "sh %s %s" % (path, words)


def in_repl(board, code, show):
    """Run Python on a board without a shell."""
    try:
        board.execute(code, show if os.isatty(1) else lambda data: show(data.replace(b"\r", b"")), None)
    except TransportExecError as e:
        sys.stderr.write(e.error_output)
        return 1
    return 0


def on_line(board, text, show):
    """Run a command in the board's shell; pass input and output until it ends, and return its status."""
    source = sys.stdin.fileno()
    keys = os.isatty(source)
    given = b"" if keys else sys.stdin.buffer.read()
    if given:
        board.write(INPUT, given)
    if not keys:
        text = "%s < %s" % (text, INPUT if given else "/dev/null")
    try:
        line = board.terminal()
    except Unsupported:  # HTTP gives output as it comes, and takes no keys
        return board.shell(text if not keys else text + " < /dev/null", show)[0]
    try:
        line.write(CTRL_U)
        line.write(marked(text))
        return relay(line, source if keys else None, show)
    finally:
        line.close()
        if given:
            with contextlib.suppress(FileNotFoundError):
                board.remove(INPUT)


def marked(text):
    """A line for the prompt: marks around what the command says. The echo has them spelt out, not as they are."""
    return (" printf '\\001B\\002'; %s; printf '\\001E%%d\\002' $?\r" % text).encode()


class Marked:
    """The output of a marked command: what lies between its marks. status is its exit status once it has ended."""

    def __init__(self):
        self.text = b""
        self.begun = False
        self.interrupted = False  # Ctrl-C has been sent: the shell then drops the rest of the line, the end mark too
        self.prompt = False  # the shell asks for a line, and the command has not said its end
        self.banner = False  # a board that starts has said so
        self.status = None

    def feed(self, piece):
        """Take in what has come; returns what can be shown of it."""
        self.text += piece
        if not self.begun:
            _, mark, rest = self.text.partition(BEGIN)
            if not mark:
                return b""
            self.begun, self.text = True, rest
        end = END.search(self.text)
        ready = self.text[: end.start() if end else held(self.text)]
        self.text = self.text[len(ready) :]
        if end:
            self.status = int(end[1])
        elif self.interrupted and PROMPT.search(ready):
            self.status = INTERRUPTED
            ready = ready[: ready.rfind(b"\n") + 1]
        if ready:
            self.prompt = bool(PROMPT.search(ready))
            self.banner = self.banner or bool(BANNER.search(ready))
        return ready


def relay(line, source, show):
    """Pass output to show and keys there until the command ends; returns its status."""
    output = Marked()
    plain = not os.isatty(1)
    with Raw(source) if source is not None else Nothing():
        while True:
            if not output.begun:
                piece = line.read(PATIENCE)
                if not piece:
                    raise RemoteError("the board's shell does not answer")
            else:
                waiting = [line.fileno()] + ([source] if source is not None else [])
                # Where keys go to the board, a prompt may be that of a shell that the command has started.
                ended = output.prompt and (source is None or output.banner)
                found = select.select(waiting, [], [], QUIET if ended else None)[0]
                if ended and not found:
                    raise RemoteError(
                        "the board has restarted, or its shell has given the command up for lack of memory"
                    )
                if source in found:
                    keys = os.read(source, 4096)
                    if LEAVE in keys:
                        return 0
                    output.interrupted = output.interrupted or CTRL_C in keys
                    line.write(keys)
                piece = line.read(0)
            ready = output.feed(piece)
            show(ready.replace(b"\r\n", b"\n") if plain else ready)
            if output.status is not None:
                return output.status


def held(text):
    """How much of a text can be shown: not what may be the beginning of the end mark, or half an end of a line."""
    place = text.rfind(b"\x01")
    if place >= len(text) - END_MOST and place >= 0:
        return place
    return len(text) - text.endswith(b"\r")


class Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass
