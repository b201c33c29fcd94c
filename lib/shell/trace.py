# set -x: show each command before it runs.

from shell.escape import quote
from shell.expand import text_of


def command(shell, assigns, argv):
    """Write PS4 and the command to stderr, quoted so that it could be typed."""
    words = [name + "=" + quote(text_of(shell.lookup(name.rstrip("+")) or "")) for name, _ in assigns]
    words.extend([quote(arg) for arg in argv])
    shell.process.stderr.write(text_of(shell.vars.get("PS4", "+ ")) + " ".join(words) + "\n")
