# netstat - show network connections
# usage: netstat [-ailnrt]
#
# Shows listening services, their clients, and the connections of Diatom's programs.
#   -l  only listening sockets      -a  all (the default)      -i  the interfaces      -r  the routes
#   -t -n  no effect: there are only TCP connections and numeric addresses
# Sockets that a program has opened itself, and hardware addresses (arp), are unknown: MicroPython does not expose them.

import sys

from program import options

proc = None


def __main__(args):
    opts, _ = options(args, "ailnrt")
    write = proc.stdout.write
    if opts["i"]:
        from kernel.procnet import dev  # late: only for -i

        write(dev())
        return
    if opts["r"]:
        routes(write)
        return
    write(f"{'Proto':<6}{'Local':<23}{'Remote':<23}{'State':<12}Program\n")
    server = sys.modules.get("services.server")
    for listener in server.running if server else ():
        row(write, f"*:{listener.port}", "*", "LISTEN", listener.name)
        for connection in () if opts["l"] else listener.connections:
            row(write, f"*:{listener.port}", connection.address, "ESTABLISHED", listener.name)
    link = sys.modules.get("net.link")
    for peer in link.links if link and not opts["l"] else ():
        row(write, "*", f"{peer[0]}:{peer[1]}", "ESTABLISHED", peer[2])


def row(write, local, remote, state, name):
    write(f"{'tcp':<6}{local:<23}{remote:<23}{state:<12}{name}\n")


def routes(write):
    from kernel.procnet import interfaces  # late: only for -r

    write(f"{'Destination':<16}{'Gateway':<16}{'Mask':<16}Interface\n")
    for name, wlan in interfaces():
        if not wlan.active() or not wlan.isconnected():
            continue
        from net.address import number  # late: only for -r

        address, mask, gateway, _ = wlan.ifconfig()
        base = number(address) & number(mask)
        network = ".".join([str(base >> shift & 255) for shift in (24, 16, 8, 0)])
        if name == "sta" and gateway != "0.0.0.0":
            write(f"{'0.0.0.0':<16}{gateway:<16}{'0.0.0.0':<16}{name}\n")
        write(f"{network:<16}{'*':<16}{mask:<16}{name}\n")
