# Connections through a SIM800 or SIM900 (SIMCom, "SIM800 Series AT Command Manual").

from micropython import const

from modem import Refused
from modem.cell import Cellular

_NETWORK_MS = const(85_000)  # the maximum for AT+CIICR in the manual


class Driver(Cellular):
    """The single connection; AT+CSTT must have set the access point."""

    over = "CLOSED"

    async def open(self, host, port, secure, ms):
        command = self.channel.command
        await command("ATE0")
        await self.online()
        try:
            await command("AT+CIPRXGET=1")
        except Refused:  # close a stale connection
            await command("AT+CIPCLOSE", 5000, "CLOSE OK")
            await command("AT+CIPRXGET=1")
        self.begin()
        try:
            await command(f'AT+CIPSTART="TCP","{host}",{port}', ms, "CONNECT OK")
        except Refused:
            raise self.cannot(host, port)

    async def online(self):
        """Connect the modem to the network, from any state."""
        command = self.channel.command
        state = (await command("AT+CIPSTATUS", done="STATE:"))[-1].partition(": ")[2]
        try:
            if state == "PDP DEACT":
                await command("AT+CIPSHUT", 65_000, "SHUT OK")
                state = "IP INITIAL"
            if state == "IP INITIAL":
                await command("AT+CSTT")
                state = "IP START"
            if state == "IP START":
                await command("AT+CIICR", _NETWORK_MS)
                state = "IP GPRSACT"
            if state == "IP GPRSACT":
                await command("AT+CIFSR", done=".")  # without it nothing connects
        except Refused as e:
            raise self.offline(e.reason)

    async def send(self, data):
        await self.channel.command(f"AT+CIPSEND={len(data)}", 30_000, "SEND OK", data)

    async def close(self):
        if not self.closed:
            await self.channel.command("AT+CIPCLOSE", done="CLOSE OK")
