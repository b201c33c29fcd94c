# telnet - connect to another host
# usage: telnet [-8] [-e KEY] HOST [PORT]
#
# Connects to HOST, port 23. Ctrl-] (or the KEY of -e, as ^X), then q quits; Ctrl-] and another key sends: c Ctrl-C as the
# signal of the protocol, b a break, ] itself.
#   -8  eight-bit data in both directions
# Telnet is not encrypted: its data, including passwords, can be intercepted.

from base.errors import Usage
from program import integer, options

proc = None


async def __main__(args):
    opts, words = options(args, "8e:")
    if not 1 <= len(words) <= 2:
        raise Usage("expected HOST [PORT]")
    port = integer(words[1]) if len(words) > 1 else 23
    if not 0 < port < 65536:
        raise Usage("not a port", words[1])
    key = opts["e"] or "^]"
    if len(key) == 2 and key[0] == "^" and 63 <= ord(key[1].upper()) < 96:
        escape = ord(key[1].upper()) & 31
    elif len(key) == 1:
        escape = ord(key)
    else:
        raise Usage("not a key", key)
    from telnet_client import session

    from net.link import connect  # late: a usage error needs none

    link = await connect(words[0], port)
    proc.stderr.write(f"Connected to {words[0]}.\n")
    if proc.tty and proc.stdin.isatty():
        proc.stderr.write("The way out: " + ("Ctrl-" + chr(escape + 64) if escape < 32 else key) + " q\n")
    await session(proc, link, escape, opts["8"])
    proc.stderr.write("Connection closed.\n")
