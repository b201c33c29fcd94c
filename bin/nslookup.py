# nslookup - query a name server
# usage: nslookup [-p PORT] [-t TYPE] [-W SECONDS] NAME [SERVER]
#
# Without SERVER it queries those of the network interfaces, or the firmware's resolver if there is none.
#   -t TYPE  A AAAA CNAME MX NS PTR SOA SRV TXT ANY (A)      -p PORT  of the server (53)      -W SECONDS  wait (3)
# NAME may be an address (reverse lookup). Names in .local are resolved by mDNS.

from base.errors import Failure, Usage
from net import resolver
from program import options

proc = None


async def __main__(args):
    opts, words = options(args, "p:t:W:", (("type", "t"), ("port", "p")))
    if not 1 <= len(words) <= 2:
        raise Usage("expected NAME [SERVER]")
    from net import dns  # late: a usage error needs none

    name = words[0]
    kind = (opts["t"] or ("PTR" if resolver.numeric(name) else "A")).upper()
    if kind not in dns.TYPES:
        raise Usage("not a type", kind)
    port = opts.number("p", dns.PORT)
    if resolver.numeric(name) and kind == "PTR":
        parts = name.split(".")
        parts.reverse()
        name = ".".join(parts) + ".in-addr.arpa"
    if name.endswith(".local") and len(words) < 2:
        servers, port = [dns.MULTICAST], dns.MULTICAST_PORT if "p" not in opts else port
    else:
        servers = [await resolver.address(words[1])] if len(words) > 1 else resolver.servers()
    if not servers:
        if kind != "A":
            raise Failure(name, "no name server")
        proc.stdout.write(f"Name: {name}\nAddress: {await resolver.address(name)}\n")
        return
    await ask(dns, servers, port, name, dns.TYPES[kind], opts.number("W", 3) * 1000)


async def ask(dns, servers, port, name, kind, ms):
    """Ask one server after another."""
    for server in servers:
        try:
            message = await dns.ask(server, name, kind, port, ms)
            break
        except OSError as e:
            if server == servers[-1]:
                raise Failure(server, "no response" if e.args[0] == 110 else e)
    code = message.flags & 15
    if code:
        raise Failure(name, dns.ERRORS.get(code, f"error {code}"))
    proc.stdout.write(f"Server: {server}\n")
    words = {number: word for word, number in dns.TYPES.items()}
    found = False
    for record in message.records[: message.answers]:
        found = True
        try:
            value = message.text(record)
        except (ValueError, IndexError):
            raise Failure(server, "malformed answer")
        label = "Address" if record[1] in (1, 28) else words.get(record[1], f"TYPE{record[1]}")
        proc.stdout.write(f"Name: {record[0]}\n{label}: {value}\n")
    if message.flags & 0x200:
        proc.stderr.write("nslookup: the answer was too long and has been cut off\n")
    if not found:
        raise Failure(name, "no such record")
