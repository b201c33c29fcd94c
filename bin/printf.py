# printf - write formatted text
# usage: printf FORMAT [ARG...]
#
# Write the arguments in FORMAT: %d %i %u %o %x %X %c %s %b %f %e %g %%, with flags, width and precision; \n and
# the other escapes; \c ends the output. FORMAT is reused while arguments are left.
# Deviations: no %a, no %n$.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/printf.html

from base.errors import Usage
from text.printf import printf

proc = None


def __main__(args):
    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        raise Usage("missing format")
    text, messages = printf(args[0], args[1:])
    proc.stdout.write(text)
    for message in messages:
        proc.complain("", message)
    return 1 if messages else 0
