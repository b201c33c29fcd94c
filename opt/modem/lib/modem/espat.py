# Connections through a modem with ESP-AT: one at a time, in passive receive mode (the modem keeps data until it is
# requested, so nothing is lost without flow control), or in active mode if the firmware is too old for that.

from micropython import const

from base.errors import Failure
from modem import Refused
from modem.words import quoted

_GET = const(1024)  # bytes requested at a time


def payload(buffer):
    """The data in +CIPRECVDATA:N,... or (older) +CIPRECVDATA,N:... and in +IPD,N:..."""
    passive = buffer[1] == 67
    if passive and len(buffer) < 14:
        return None
    start = 13 if passive else 5
    end = buffer.find(b"," if passive and buffer[12] == 58 else b":", start)
    if not 0 < end < start + 12:
        return None
    try:
        return end + 1, int(buffer[start:end])
    except ValueError:
        return None


class Driver:
    """open(), send(), receive() and close() of the connection; received data goes to the channel's take()."""

    piece = 1024  # bytes sent at a time
    tls = True  # supported by the modem
    closed = True
    lost = False  # the modem has restarted, or has lost the network
    waiting = False  # data waits in the modem
    passive = False

    def __init__(self, channel):
        self.channel = channel

    def attach(self, take):
        """Pass data to take() from now on; None: discard it."""
        for head in (b"+IPD,", b"+CIPRECVDATA"):
            self.channel.heads[head] = (payload, take)
        self.channel.heard = self.heard

    def heard(self, line):
        """Handle a received line: True if it is about the connection."""
        if line[:5] == "+IPD,":
            self.waiting = True
        elif line == "CLOSED":
            self.closed = True
        elif line in ("ready", "WIFI DISCONNECT"):
            self.lost = self.closed = True
            return False
        else:
            return False
        return True

    async def open(self, host, port, secure, ms):
        command = self.channel.command
        await command("ATE0")
        await command("AT+CIPMODE=0")
        try:
            await command("AT+CIPRECVMODE=1")
            self.passive = True
        except Refused:
            self.passive = False
        if secure:
            try:
                await command("AT+CIPSSLCSNI=" + quoted(host))
            except Refused:  # an old firmware
                pass
        start = f'AT+CIPSTART="{"SSL" if secure else "TCP"}",{quoted(host)},{port}'
        for again in (True, False):
            self.closed = self.lost = self.waiting = False
            try:
                await command(start, ms)
                return
            except Refused as e:
                if "ALREADY CONNECTED" in e.lines and again:
                    await command("AT+CIPCLOSE")
                    continue
                if "no ip" in e.lines:
                    raise Failure(self.channel.name, "the modem has no network; join one with AT+CWJAP", 7)
                if "DNS Fail" in e.lines:
                    raise Failure(host, "unknown host", 6)
                raise Failure(f"{host}:{port}", "the modem cannot connect", 7)

    async def send(self, data):
        await self.channel.command(f"AT+CIPSEND={len(data)}", 10_000, "SEND OK", data)

    async def receive(self, ms):
        """Receive data; False at the end of the connection."""
        channel = self.channel
        while True:
            channel.moved = False
            if self.waiting or (self.closed and self.passive and not self.lost):
                self.waiting = False
                try:
                    await channel.command(f"AT+CIPRECVDATA={_GET}", 5000)
                except Refused:  # no data
                    if self.closed:
                        return False
                if channel.moved:
                    self.waiting = True
                    return True
            elif self.closed:
                return False
            else:
                await channel.listen(ms)
                if channel.moved:
                    return True

    async def close(self):
        if not self.closed:
            await self.channel.command("AT+CIPCLOSE")
