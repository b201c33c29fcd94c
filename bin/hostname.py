# hostname - show or set the name of this board in the network
# usage: hostname [NAME]
#
# The name is kept in /etc/system.conf; the network learns it when Wi-Fi connects next.

from base import config
from base.errors import Failure, Usage
from program import options

proc = None

NAME_MAX = 32  # what the module network takes


def __main__(args):
    _, words = options(args, "")
    if len(words) > 1:
        raise Usage("too many operands")
    if not words:
        proc.stdout.write(config.hostname() + "\n")
        return
    name = words[0]
    good = 0 < len(name) <= NAME_MAX and name[0] != "-" and name[-1] != "-"
    if not good or not all("a" <= c.lower() <= "z" or "0" <= c <= "9" or c == "-" for c in name):
        raise Failure(name, f"a name has 1 to {NAME_MAX} letters, digits and - inside")
    config.change("hostname", name)
    try:
        import network

        network.hostname(name)
    except (ImportError, AttributeError, OSError):
        pass  # no radio, or a firmware whose name is fixed
