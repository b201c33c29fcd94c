"""The command line of tools/diatom: finds the verb, parses its arguments, and reports errors."""

import argparse
import importlib
import os
import sys
import textwrap

from remote import verbs
from remote.errors import RemoteError
from remote.output import Output

USAGE_ERROR = 2
INTERRUPTED = 130
FULL = 84  # characters of a line of help that has no room for another word
GAP = "   "  # between the columns of a table

EPILOG = """\
A board's ADDRESS is one of
  /dev/ttyACM0, COM3        a serial port
  pty:/dev/pts/3            a pseudo terminal, as tools/sim --pty prints it
  ftp://USER:PW@HOST:PORT   a board in the network whose FTP service runs (uftpd start); PW may be left out
  http://USER:PW@HOST:PORT  or https://: one whose web server runs (uhttpd start)
  telnet://USER:PW@HOST:PORT   such a board with telnet alone (utelnetd start): console
  sim, sim:FLASH.img        the simulator, which is started when it does not run
Without -b it is $DIATOM_BOARD, or the only serial port with a board. The password is also taken from $DIATOM_PASSWORD.
A file of the board is written board:/etc/motd, or :/etc/motd.

diatom VERB --help tells more of a verb.
"""


def main(argv):
    """Run one verb; returns the exit status."""
    try:
        front, verb, rest = split(argv)
    except RemoteError as e:
        Output("--json" in argv).failed(str(e))
        return complain(str(e), USAGE_ERROR)
    if verb is None:
        return overview(front)
    module = importlib.import_module({name: room for name, room, _ in verbs.TABLE}[verb])
    extra = rest[rest.index("--") + 1 :] if verb in verbs.PASSES_ON and "--" in rest else []
    words = [*front, *(rest[: -len(extra) - 1] if extra else rest)]
    parser = verb_parser(verb)
    parser.as_json = "--json" in words
    module.arguments(parser, verb)
    parser.epilog = "example: %s\n\n%s" % (verbs.EXAMPLES[verb], parser.epilog or "")
    options = parser.parse_args(words)
    options.verb = verb
    options.extra = extra
    out = Output(options.json, options.quiet)
    try:
        return module.run(options, out) or 0
    except RemoteError as e:
        out.failed(str(e))
        return complain(str(e), e.status)
    except OSError as e:
        text = e.strerror or str(e)
        if e.filename:
            text = "%s: %s" % (e.filename, text)
        out.failed(text)
        return complain(text, 1)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    finally:
        out.close()


def complain(text, status):
    sys.stderr.write("diatom: %s\n" % text)
    return status


def split(argv):
    """The options before the verb, the verb (None where there is none), and the words behind it."""
    names = [name for name, _, _ in verbs.TABLE]
    i = 0
    while i < len(argv):
        word = argv[i]
        if word in ("-b", "--board"):
            i += 2
        elif word.startswith("-"):
            i += 1
        elif word in names:
            return argv[:i], word, argv[i + 1 :]
        else:
            raise RemoteError("%s: no such verb (diatom --help lists them)" % word)
    return argv, None, []


def overview(words):
    """What `diatom --help` prints, and `diatom` alone."""
    known = "\n".join("  %-9s %s" % (name, text) for name, _, text in verbs.TABLE)
    text = "usage: diatom [-b ADDRESS] VERB [ARGUMENT...]\n\n" + known + "\n\n" + EPILOG
    if "-h" in words or "--help" in words:
        sys.stdout.write(text)
        return 0
    sys.stderr.write(text)
    return USAGE_ERROR


class Parser(argparse.ArgumentParser):
    """Its errors are JSON, too, where that is wanted."""

    as_json = False

    def error(self, message):
        Output(self.as_json).failed(message)
        super().error(message)


class Help(argparse.RawDescriptionHelpFormatter):
    """Wraps paragraphs for the terminal; tables and examples keep their lines while these fit."""

    def _fill_text(self, text, width, indent):
        out = []
        full = False  # the line before was, so its paragraph continues
        for line in text.splitlines():
            plain = GAP not in line
            if full and plain and line[:1].strip():
                out[-1] += " " + line
            else:
                out.append(line)
            full = plain and len(line) > FULL
        return "\n".join(indent + row for line in out for row in wrapped(line, width))


def wrapped(line, width):
    """The rows of a line; those of a table continue below the text of the first."""
    blanks = len(line) - len(line.lstrip())
    gap = line.find("  " if blanks else GAP, blanks)
    hang = len(line) - len(line[gap:].lstrip()) if 0 < gap < width // 2 else blanks
    return textwrap.wrap(line, width, subsequent_indent=" " * hang, break_on_hyphens=False, break_long_words=False) or [
        ""
    ]


def verb_parser(verb):
    """A parser with what every verb has."""
    about = {name: text for name, _, text in verbs.TABLE}[verb]
    parser = Parser(
        prog="diatom " + verb,
        description=about[0].upper() + about[1:] + ".",
        formatter_class=Help,
    )
    parser.add_argument("-b", "--board", metavar="ADDRESS", help="which board (diatom --help tells the forms)")
    if verb not in verbs.BOARDLESS:
        parser.add_argument("--baud", type=int, default=115200, help="the speed of a serial line (default: 115200)")
    parser.add_argument("--json", action="store_true", help="the result as JSON on standard output, for scripts")
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress and no remarks")
    return parser
