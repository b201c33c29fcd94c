# nc - read and write over the network
# usage: nc [-uvz] [-q SECONDS] [-w SECONDS] HOST PORT
#        nc -l [-ukv] [-q SECONDS] [-w SECONDS] [-p] PORT
#
# Copies standard input to the peer, and its data to standard output.
#   -l  listen for one client       -k  then for the next one       -u  UDP       -v  verbose
#   -z  only check whether the port is open      -p PORT  the port to listen on
#   -w SECONDS  timeout for connecting, and for silence      -q SECONDS  quit that long after the end of the input
# Deviation: the peer does not see the end of the input (MicroPython's sockets cannot be shut down in one direction), so
# without -q nc continues until the peer closes.

from base.errors import Failure, Usage, reason
from program import integer, options

proc = None


async def __main__(args):
    opts, words = options(args, "lkuvzp:q:w:")
    if opts["p"]:
        words.append(opts["p"])
    if len(words) != (1 if opts["l"] else 2):
        raise Usage("missing PORT" if opts["l"] else "expected HOST and PORT")
    port = integer(words[-1])
    if not 0 < port < 65536:
        raise Usage("not a port", words[-1])
    from net import talk  # late: a usage error needs none

    seconds = integer(opts["w"]) if opts["w"] else None
    say = told if opts["v"] else untold
    if opts["u"]:
        peer = await talk.Datagrams.open(None if opts["l"] else words[0], port)
    elif opts["l"]:
        return await serve(talk, port, seconds, opts, say)
    else:
        from net.link import CONNECT_MS, connect  # late: only for a client

        peer = await connect(words[0], port, seconds * 1000 if seconds else CONNECT_MS)
        say(f"connected to {words[0]}:{port}")
    try:
        if opts["z"]:
            say(f"{words[0]}:{port}: open")
            return
        peer.idle_ms = seconds and seconds * 1000
        await talk.both(proc, peer, rest(opts))
    finally:
        peer.close()


def rest(opts):
    """Return the timeout after the end of input in milliseconds, or None to wait for the peer."""
    return integer(opts["q"]) * 1000 if opts["q"] else None


async def serve(talk, port, seconds, opts, say):
    """Listen and serve one connection."""
    from base import config  # late: only for -l
    from net.link import Link
    from net.sockets import endpoint, listener, readable

    try:
        sock = listener(config.port(port))
    except OSError as e:
        raise Failure(str(port), reason(e))
    say(f"listening on port {config.port(port)}")
    try:
        while True:
            await readable(sock)
            client, address = sock.accept()
            client.setblocking(False)
            host, number = endpoint(address)
            link = Link(client, (host, number), seconds and seconds * 1000)
            say(f"connection from {host}:{number}")
            try:
                await talk.both(proc, link, rest(opts))
            finally:
                link.close()
            if not opts["k"]:
                return
    finally:
        sock.close()


def told(text):
    proc.stderr.write(f"nc: {text}\n")


def untold(text):
    pass
