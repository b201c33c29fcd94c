# A telnet client: the protocol of net.telnet seen from the other end, and a session at the terminal.

import asyncio

from micropython import const

from base import task_group
from net.telnet import Telnet

_IAC = const(255)
_DONT = const(254)
_DO = const(253)
_WONT = const(252)
_WILL = const(251)
_SB = const(250)
_BRK = const(243)
_IP = const(244)
_SE = const(240)

_BINARY = const(0)
_ECHO = const(1)
_SGA = const(3)
_TTYPE = const(24)
_NAWS = const(31)
_PIECE = const(512)


class Client(Telnet):
    """Lets the server echo, suppress go-ahead and send eight bits; sends the terminal's type and size on request."""

    theirs = 1  # as if binary: newlines in the output are not keys, and stay
    echo = False  # the server echoes
    binary = False

    def __init__(self, kind, columns, rows, binary):
        self.answers = bytearray()
        self.kind = kind
        self.columns = columns
        self.rows = rows
        self.done = [False] * 256  # enabled options of the server
        self.doing = [False] * 256  # enabled options of ours
        self.eight = binary
        if binary:
            self.send_option(_WILL, _BINARY)
            self.send_option(_DO, _BINARY)

    def negotiate(self, verb, option):
        """Handle WILL, WONT, DO or DONT; an option is answered only if it changes."""
        self.answered = True
        on = verb in (_WILL, _DO)
        if verb in (_WILL, _WONT):
            good = on and option in (_ECHO, _SGA, _BINARY)
            changed = self.done[option] != good
            self.done[option] = good
            if changed or (on and not good):
                self.send_option(_DO if good else _DONT, option)
        else:
            good = on and option in (_SGA, _TTYPE, _NAWS, _BINARY)
            changed = self.doing[option] != good
            self.doing[option] = good
            if changed or (on and not good):
                self.send_option(_WILL if good else _WONT, option)
            if changed and good and option == _NAWS:
                self.resized(self.columns, self.rows)
        self.echo = self.done[_ECHO]
        self.binary = self.doing[_BINARY]

    def resized(self, columns, rows):
        """Send the size of the window."""
        self.columns, self.rows = columns, rows
        if self.doing[_NAWS]:
            size = bytes((columns >> 8, columns & 255, rows >> 8, rows & 255)).replace(b"\xff", b"\xff\xff")
            self.answers.extend(bytes((_IAC, _SB, _NAWS)) + size + bytes((_IAC, _SE)))

    def handle_subnegotiation(self, sub):
        if bytes(sub[:2]) == bytes((_TTYPE, 1)):  # SEND
            self.answers.extend(bytes((_IAC, _SB, _TTYPE, 0)) + self.kind.encode() + bytes((_IAC, _SE)))

    def wrap(self, data):
        """Encode input for the network."""
        data = data.replace(b"\xff", b"\xff\xff")
        return data if self.binary else data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")


async def session(process, link, escape, binary):
    """Run until either side ends the session."""
    terminal = process.tty if process.stdin.isatty() else None
    columns, rows = (terminal.columns, terminal.rows) if terminal else (80, 24)
    telnet = Client(str(process.getenv("TERM") or "vt100"), columns, rows, binary)
    link.idle_ms = None
    done = asyncio.Event()
    try:
        await task_group.until(
            done,
            down(process, link, telnet, terminal, done),
            up(process, link, telnet, terminal, escape, done),
        )
    finally:
        if terminal:
            terminal.set_raw(False)
        link.close()


async def answer(link, telnet):
    if telnet.answers:
        data = bytes(telnet.answers)
        telnet.answers = bytearray()
        await link.send(data)


async def down(process, link, telnet, terminal, done):
    """From the network to the terminal."""
    try:
        await answer(link, telnet)
        while data := await link.read(_PIECE):
            text = telnet.take(data).replace(b"\r\0", b"\r")
            await answer(link, telnet)
            if terminal and terminal.raw != telnet.echo:
                terminal.set_raw(telnet.echo)
            if text:
                process.stdout.write(text.replace(b"\r\n", b"\n") if terminal is None else text)
    except OSError:  # disconnected
        pass
    finally:
        done.set()


async def up(process, link, telnet, terminal, escape, done):
    """From the terminal to the network."""
    escaped = False
    try:
        while data := await process.stdin.read():
            if terminal and (terminal.columns, terminal.rows) != (telnet.columns, telnet.rows):
                telnet.resized(terminal.columns, terminal.rows)
                await answer(link, telnet)
            if not terminal:
                await link.send(telnet.wrap(data))
                continue
            if data[:4] == b"\x1b[8;" and data[-1:] == b"t":  # the window has another size
                continue
            out = bytearray()
            for c in data:
                if escaped:
                    escaped = False
                    if c in b"qQ":
                        return done.set()
                    if c in b"cb":
                        await link.send(bytes((_IAC, _IP if c == 99 else _BRK)))
                    elif c in (93, escape):
                        out.append(escape)
                elif c == escape:
                    escaped = True
                else:
                    out.append(c)
            if out:
                await link.send(telnet.wrap(bytes(out)))
        if terminal:
            done.set()  # without a terminal, wait for the rest of the server's output
    except OSError:
        done.set()
