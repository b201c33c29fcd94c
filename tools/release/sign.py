"""tools/diatom sign: the signature of a file, beside it."""

from release import keys


def arguments(parser, verb):
    """The words of the verb."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="each gets its signature as FILE.sig")
    parser.add_argument("--key", metavar="FILE", help="the private key (default: $%s)" % keys.VARIABLE)


def run(options, out):
    """Sign."""
    key = keys.load(options.key)
    for path in options.files:
        with open(path, "rb") as file:
            signature = keys.sign(key, file.read())
        with open(path + ".sig", "wb") as file:
            file.write(signature)
        out.say(path + ".sig")
    out.result({"signatures": [path + ".sig" for path in options.files]})
    return 0
