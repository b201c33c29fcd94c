# hostname - show or set the name of this board in the network
# usage: hostname [NAME]
#
# The name is stored in /etc/system.conf; the network gets it at the next connection of Wi-Fi.

from base import config
from base.errors import Failure, Usage
from program import options

proc = None


def __main__(args):
    _, words = options(args, "")
    if len(words) > 1:
        raise Usage("extra operand")
    if not words:
        proc.stdout.write(config.hostname() + "\n")
        return
    name = words[0]
    why = config.hostname_fault(name)
    if why:
        raise Failure(name, why)
    config.change("hostname", name)
    try:
        import network

        network.hostname(name)
    except (ImportError, AttributeError, OSError):
        pass  # no radio, or firmware with a fixed name
