# iperf3 - measure the speed of the network
# usage: iperf3 -c HOST [-uR] [-t SECONDS] [-p PORT] [-b RATE] [-l BYTES]
#        iperf3 -s [-1] [-p PORT]
#
# The other side is the iperf3 of a computer, or of another board.
#   -c HOST  connect to a server     -s  run a server     -1  for one test     -p PORT  (5201)
#   -u  UDP instead of TCP      -R  the server sends     -t SECONDS  (10)     -l BYTES  of a block
#   -b RATE  bits a second, as 500K or 10M (UDP: 1M; TCP: unlimited)
# Deviations: no parallel streams (-P): one saturates a board. -cu and -cr are those of upyOS.

from base.errors import Failure, Usage
from program import options

proc = None

TIME_MAX = 3600


async def __main__(args):
    if args and args[0] in ("-cu", "-cr", "-cur", "-cru"):
        args = [option for letter, option in (("u", "-u"), ("r", "-R")) if letter in args[0][2:]] + ["-c"] + args[1:]
    opts, words = options(args, "s1uRc:t:p:b:l:P:")
    if words:
        raise Usage("unknown command", words[0])
    if bool(opts["s"]) == bool(opts["c"]):
        raise Usage("expected -c HOST or -s")
    if opts.number("P", 1) != 1:
        raise Failure("-P", "parallel streams are not supported")
    seconds = opts.number("t", 10)
    length = opts.number("l", 0)
    port = opts.number("p", 5201)
    if not 0 < seconds <= TIME_MAX or not 0 <= length <= (1472 if opts["u"] else 65536) or not 0 < port < 65536:
        raise Usage(f"SECONDS 1 to {TIME_MAX}, BYTES at most 65536 (UDP: 1472), PORT 1 to 65535")
    if length and length < 16:
        raise Usage("BYTES: at least 16")
    if opts["s"]:
        import iperfd

        try:
            server = iperfd.Server(port, say)
        except OSError as e:
            raise Failure(str(port), e)
        say(f"listening on port {server.port}")
        await server.serve(opts["1"])
        return
    import iperf

    rate = bits(opts["b"]) if opts["b"] else 1_000_000 if opts["u"] else 0
    await iperf.client(opts["c"], port, opts["u"], opts["R"], seconds, rate, length, say)


def say(text):
    proc.stdout.write(text + "\n")


def bits(text):
    """Parse 500K, 10M or 1G as bits per second."""
    at = "KMG".find(text[-1:].upper()) + 1 if text[-1:].isalpha() else 0
    try:
        return int(float(text[:-1] if at else text) * 1000**at)
    except ValueError:
        raise Usage("not a rate", text)
