# A SIM800 (SIMCom, "SIM800 Series AT Command Manual"): one TCP connection, received as it comes or by AT+CIPRXGET.

import sim_modem_cell


class Family(sim_modem_cell.Cellular):
    """Its way to the Internet: AT+CSTT, AT+CIICR, AT+CIFSR, AT+CIPSTART."""

    banner = "\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\nCall Ready\r\n"
    name = "SIMCOM_SIM800L"
    model = ("SIM800 R14.18",)
    revision = "Revision:1418B05SIM800L24"
    waits = "+CIPRXGET: 1"
    over = "CLOSED"

    def start(self):
        super().start()
        self.state = "IP INITIAL"

    def do_CIPSTATUS(self):
        connected = self.link and self.link.open and "CONNECT OK"
        self.say("OK", "STATE: " + (connected or self.state))

    def set_CSTT(self, values):
        if self.state != "IP INITIAL":
            return self.error()
        if self.card():
            self.apn = values[0]
            self.state = "IP START"
            self.ok()

    def do_CSTT(self):
        self.set_CSTT(["CMNET"])

    def do_CIICR(self):
        if self.state != "IP START" or not self.registered():
            return self.error()
        self.state = "IP GPRSACT"
        self.ok()

    def do_CIFSR(self):
        if self.state in ("IP INITIAL", "IP START"):
            return self.error()
        self.state = "IP STATUS"
        self.say("10.64.0.7")

    def set_CIPMUX(self, values):
        if values[0] != "0":
            raise ValueError
        self.ok()

    def set_CIPSTART(self, values):
        kind, host, port = values[0], values[1], int(values[2])
        if kind != "TCP" or self.state != "IP STATUS":
            raise ValueError
        if self.link:
            return self.say("ERROR", "ALREADY CONNECT")
        self.ok()
        self.connect(host, port, lambda good: self.say("CONNECT OK" if good else "CONNECT FAIL"))

    def set_CIPRXGET(self, values):
        if values[0] == "2":
            if not self.manual:
                raise ValueError
            return self.give("+CIPRXGET: 2,", int(values[1]))
        if values[0] not in ("0", "1") or self.link:
            raise ValueError
        self.manual = int(values[0])
        self.ok()

    def set_CIPSEND(self, values):
        if not self.link or not self.link.open:
            return self.error()
        self.expect(int(values[0]), self.sent)
        self.send(b"\r\n> ")

    def sent(self, data):
        if self.echo:
            self.send(data)
        if self.link:
            self.link.outbox.extend(data)
            self.say("SEND OK")
        else:
            self.say("SEND FAIL")

    def do_CIPCLOSE(self):
        if not self.link:
            return self.error()
        self.hang_up()
        self.say("CLOSE OK")

    def do_CIPSHUT(self):
        self.hang_up()
        self.state = "IP INITIAL"
        self.say("SHUT OK")
