# Connections through an A76xx or SIM7600 (SIMCom, "A76XX Series AT Command Manual").

from micropython import const

from modem import Refused
from modem.cell import Cellular

_NETWORK_MS = const(120_000)  # the maximum for AT+NETOPEN in the manual


class Driver(Cellular):
    """Connection 0; AT+CGDCONT must have set the access point."""

    over = "+IPCLOSE: 0"
    which = "0,"

    async def open(self, host, port, secure, ms):
        command = self.channel.command
        await command("ATE0")
        if (await command("AT+NETOPEN?"))[-1] != "+NETOPEN: 1":
            try:
                said = await command("AT+NETOPEN", _NETWORK_MS, "+NETOPEN:")
            except Refused as e:
                raise self.offline(e.reason)
            if said[-1] != "+NETOPEN: 0":
                raise self.offline("AT+NETOPEN fails")
        await command("AT+CIPRXGET=1")
        start = f'AT+CIPOPEN=0,"TCP","{host}",{port}'
        for again in (True, False):
            self.begin()
            try:
                said = await command(start, ms, "+CIPOPEN: 0,")
            except Refused:
                said = [""]
            if said[-1] == "+CIPOPEN: 0,0":
                return
            if said[-1] != "+CIPOPEN: 0,4" or not again:
                raise self.cannot(host, port)
            self.channel.stale = True  # ERROR follows that line
            await self.hang_up()  # close a stale connection

    async def send(self, data):
        await self.channel.command(f"AT+CIPSEND=0,{len(data)}", 30_000, "+CIPSEND:", data)

    async def close(self):
        if not self.closed:
            await self.hang_up()

    async def hang_up(self):
        said = await self.channel.command("AT+CIPCLOSE=0", 5000, "+CIPCLOSE:")
        if said[-1] != "+CIPCLOSE: 0,0":  # the server has closed first: ERROR follows that line
            self.channel.stale = True
