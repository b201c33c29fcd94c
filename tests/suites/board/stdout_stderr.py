# stdout_stderr.py - print one word to stdout and one to stderr, and end with a status
# usage: stdout_stderr.py [OUT [ERR [STATUS]]]

proc = None


def __main__(args):
    proc.stdout.write((args[0] if args else "STDOUT") + "\n")
    proc.stderr.write((args[1] if len(args) > 1 else "STDERR") + "\n")
    return int(args[2]) if len(args) > 2 else 0
