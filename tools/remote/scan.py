"""diatom scan: the boards that this computer can reach."""

import os

from serial.tools import list_ports

from remote.errors import RemoteError

# USB vendors of chips and of the serial converters on boards.
VENDORS = {
    0x2E8A: "Raspberry Pi",
    0x303A: "Espressif",
    0x10C4: "CP210x",
    0x1A86: "CH340",
    0x0403: "FTDI",
    0x067B: "PL2303",
    0xF055: "MicroPython",
    0x239A: "Adafruit",
}


# Ways to a board, the best first, and what they are called in the network.
SERVICES = {"ftp": "ftp", "http": "http", "telnet": "telnet"}
ROW = "%-28s %-14s %-12s %s"


def arguments(parser, verb):
    parser.add_argument("--probe", action="store_true", help="ask each board what it is; that interrupts its console")
    parser.add_argument(
        "--wait", type=float, default=1.0, metavar="SECONDS", help="how long boards in the network may answer"
    )


def run(options, out):
    found = serial_ports() + simulated_boards() + network(options.wait)
    for board in found:
        if options.probe:
            board.update(probe(board["address"]))
    found.sort(key=lambda board: board["address"])
    out.result(found)
    if not found:
        out.say("no boards found")
    else:
        out.say(ROW % ("ADDRESS", "STATE", "VERSION", "BOARD"))
    for board in found:
        out.say(ROW % (board["address"], board["state"], board.get("diatom", "-"), board["description"]))
    return 0 if found else 1


def serial_ports():
    """The serial ports that look like a board's."""
    found = []
    for port in list_ports.comports():
        if port.vid is None:
            continue
        maker = VENDORS.get(port.vid)
        text = " ".join(part for part in (maker, port.product) if part) or port.description
        found.append(
            {
                "address": port.device,
                "state": "plugged in",
                "description": text,
                "vid": port.vid,
                "pid": port.pid,
                "serial": port.serial_number,
            }
        )
    return sorted(found, key=lambda port: port["address"])


def simulated_boards():
    from remote import simulated
    from simulator import running

    boards = []
    for state in running.boards():
        name = "sim" if state["name"] == simulated.DEFAULT else "sim:" + os.path.relpath(state["name"])
        boards.append({"address": name, "state": "simulated", "description": state["pty"]})
    return boards


def network(wait):
    """Boards that announce themselves by mDNS: with FTP, or one of the other ways."""
    from concurrent.futures import ThreadPoolExecutor

    from remote import mdns

    with ThreadPoolExecutor(len(SERVICES)) as pool:
        found = list(pool.map(lambda way: mdns.browse("_%s._tcp.local" % SERVICES[way], wait), SERVICES))
    boards = {}
    for way, answers in zip(SERVICES, found, strict=True):
        for name, host, port, text in answers:
            if way != "ftp" and "diatom" not in text:
                continue  # printers and the like have web servers, too
            board = {"address": "%s://%s:%d" % (way, host, port), "state": "in network", "description": name}
            if "diatom" in text:
                board["diatom"] = text["diatom"]
            boards.setdefault((name, host), board)
    return list(boards.values())


def probe(address):
    """A board's description of itself."""
    from remote.address import open_board

    try:
        with open_board(address) as board:
            facts = board.facts()
    except (RemoteError, OSError) as e:
        return {"state": "no answer", "description": str(e)}
    kind = "Diatom" if "diatom" in facts else "MicroPython"
    text = "%s, MicroPython %s" % (facts.get("machine", ""), facts.get("micropython", "?"))
    return {"state": kind, "diatom": facts.get("diatom", "-"), "description": text}
