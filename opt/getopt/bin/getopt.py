# getopt - parse the options of a script
# usage: getopt [-aqQTu] [-n NAME] [-l LONG] -o LETTERS -- [ARG...]
#        getopt LETTERS [ARG...]
#
# Write the arguments in one order, quoted for `eval set -- "$(getopt ...)"`: options first, each with its value, -- and the rest.
#   -o LETTERS  a: takes a value, a:: may have one, + in front ends the options at the first operand, - leaves the order
#   -l LONG  names between commas, with : or :: behind them      -n NAME  who complains
#   -a  long options may begin with one dash      -q  no messages      -Q  no output      -u  not quoted
#   -T  status 4: this is the getopt that quotes      -s SHELL  no effect
# Status: 1 for a wrong option among ARG, 2 for a wrong one of getopt, 3 for an error.

from base.errors import Usage
from program import options

proc = None

LONG = "options=o longoptions=l name=n quiet=q quiet-output=Q test=T unquoted=u alternative=a shell=s"


def __main__(args):
    first = args[0] if args else ""
    if first[:1] != "-":  # the old form, whose output is not quoted
        if not args:
            raise Usage("missing LETTERS")
        parsed = Parsed(first, "", False)
        parsed.parse(args[2:] if args[1:2] == ["--"] else args[1:])
        return parsed.finish("getopt", False, False, False)
    end = args.index("--") if "--" in args else len(args)
    opts, words = options(args[:end], "o:l:n:qQTus:a", LONG)
    words += args[end + 1 :]
    if "T" in opts:
        return 4
    letters = opts["o"]
    if letters is None:
        if not words:
            raise Usage("missing LETTERS")
        letters = words.pop(0)
    parsed = Parsed(letters, ",".join(opts.all("l")), "a" in opts)
    parsed.parse(words)
    return parsed.finish(opts["n"] or "getopt", "u" not in opts, "q" in opts, "Q" in opts)


class Parsed:
    """The parsed arguments."""

    def __init__(self, letters, names, one_dash):
        self.stop = letters[:1] == "+"
        self.keep = letters[:1] == "-"
        self.letters = letters.lstrip("+-")
        self.names = [name for name in names.replace(",", " ").split() if name]
        self.one_dash = one_dash
        self.out = []  # (text, is it a value)
        self.rest = []
        self.wrong = []

    def parse(self, args):
        args = list(args)
        while args:
            arg = args.pop(0)
            if arg == "--":
                self.rest += args
                break
            if arg[:2] == "--":
                self.long(arg, args, "--")
            elif arg[:1] == "-" and len(arg) > 1:
                if self.one_dash and self.known(arg[1:].partition("=")[0]):
                    self.long("-" + arg, args, "-")
                else:
                    self.short(arg, args)
            elif self.stop:
                self.rest += [arg] + args
                break
            elif self.keep:
                self.out.append((arg, True))
            else:
                self.rest.append(arg)

    def short(self, arg, args):
        for i in range(1, len(arg)):
            letter = arg[i]
            at = self.letters.find(letter)
            if letter == ":" or at < 0:
                self.wrong.append(f"invalid option -- '{letter}'")
                continue
            self.out.append(("-" + letter, False))
            colons = self.letters[at + 1 : at + 3]
            if colons[:1] == ":":
                value = arg[i + 1 :]
                if not value and colons != "::":
                    if not args:
                        self.out.pop()
                        self.wrong.append(f"option requires an argument -- '{letter}'")
                        return
                    value = args.pop(0)
                self.out.append((value, True))
                return

    def known(self, word):
        """Return the names that word is, or abbreviates."""
        found = [name for name in self.names if name.rstrip(":") == word]
        return found or [name for name in self.names if name.startswith(word)]

    def long(self, arg, args, dashes):
        word, equals, value = arg[2:].partition("=")
        found = self.known(word)
        if len(found) != 1:
            self.wrong.append(
                f"option '{dashes}{word}' is ambiguous" if found else f"unrecognized option '{dashes}{word}'"
            )
            return
        name = found[0].rstrip(":")
        kind = len(found[0]) - len(name)
        if equals and not kind:
            self.wrong.append(f"option '--{name}' doesn't allow an argument")
        elif kind == 1 and not equals and not args:
            self.wrong.append(f"option '--{name}' requires an argument")
        else:
            self.out.append(("--" + name, False))
            if kind:
                self.out.append((value if equals or kind == 2 else args.pop(0), True))

    def finish(self, name, quote, quiet, silent):
        """Write the result and return the exit status."""
        if not quiet:
            for why in self.wrong:
                proc.stderr.write(f"{name}: {why}\n")
        if not silent:
            words = []
            for text, value in self.out + [("--", False)] + [(word, True) for word in self.rest]:
                words.append("'" + text.replace("'", "'\\''") + "'" if value and quote else text)
            proc.stdout.write(" " + " ".join(words) + "\n")
        return 1 if self.wrong else 0
