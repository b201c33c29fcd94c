# The common part of the drivers for SIM800 and A76xx: data waits in the modem until AT+CIPRXGET=2.

from micropython import const

from base.errors import Failure
from modem import Refused

_HEAD = b"+CIPRXGET: 2,"
_GET = const(1024)  # bytes requested at a time


class Cellular:
    """receive() of both; see modem.espat for the rest of the interface."""

    piece = 1024  # bytes sent at a time
    tls = False  # use the TLS of the board, not theirs
    closed = True
    lost = False
    waiting = False
    over = ""  # the line that reports the end
    which = ""  # the connection's number for AT+CIPRXGET

    def __init__(self, channel):
        self.channel = channel

    def attach(self, take):
        """Pass data to take() from now on; None: discard it."""
        self.channel.heads[_HEAD] = (self.payload, take)
        self.channel.heard = self.heard

    def payload(self, buffer):
        """The data after +CIPRXGET: 2,[0,]N,LEFT"""
        end = buffer.find(b"\n")
        if end < 0:
            return None
        values = bytes(buffer[len(_HEAD) : end]).split(b",")
        try:
            return end + 1, int(values[-2])
        except (ValueError, IndexError):
            return None

    def heard(self, line):
        """Handle a received line: True if it is about the connection."""
        if line.startswith("+CIPRXGET: 1"):
            self.waiting = True
        elif line.startswith(self.over):
            self.closed = True
        elif line in ("RDY", "*ATREADY: 1", "+PDP: DEACT"):
            self.lost = self.closed = True
            return False
        else:
            return False
        return True

    def begin(self):
        self.closed = self.lost = self.waiting = False

    async def receive(self, ms):
        """Receive data; False at the end of the connection."""
        channel = self.channel
        while True:
            channel.moved = False
            if self.waiting or (self.closed and not self.lost):
                self.waiting = False
                try:
                    await channel.command(f"AT+CIPRXGET=2,{self.which}{_GET}", 5000)
                except Refused:  # no more data
                    pass
                if channel.moved:
                    self.waiting = True
                    return True
                if self.closed:
                    return False
            elif self.closed:
                return False
            else:
                await channel.listen(ms)

    def cannot(self, host, port):
        self.closed = True
        return Failure(f"{host}:{port}", "the modem cannot connect", 7)

    def offline(self, why):
        return Failure(self.channel.name, f"the modem has no network: {why}", 7)
