# An A7670 (SIMCom, "A76XX Series AT Command Manual"): AT+NETOPEN, then AT+CIPOPEN and what belongs to it; connection 0 only.

import sim_modem_cell


class Family(sim_modem_cell.Cellular):
    """Its way to the Internet."""

    banner = "\r\n*ATREADY: 1\r\n\r\n+CPIN: READY\r\n\r\nSMS DONE\r\n\r\nPB DONE\r\n"
    name = "A7670E-LASE"
    model = ("Manufacturer: INCORPORATED", "Model: A7670E-LASE", "Revision: A011B07A7670M7")
    revision = "+CGMR: A011B07A7670M7_F"
    waits = "+CIPRXGET: 1,0"
    over = "+IPCLOSE: 0,1"

    def start(self):
        super().start()
        self.net = False

    def ask_NETOPEN(self):
        self.say("+NETOPEN: %d" % self.net, "OK")

    def do_NETOPEN(self):
        if self.net:
            return self.say("+IP ERROR: Network is already opened", "ERROR")
        if not self.card():
            return
        self.net = self.registered()
        self.say("OK", "+NETOPEN: " + ("0" if self.net else "1"))

    def do_NETCLOSE(self):
        if not self.net:
            return self.say("+NETCLOSE: 2", "ERROR")
        self.hang_up()
        self.net = False
        self.say("OK", "+NETCLOSE: 0")

    def do_IPADDR(self):
        if not self.net:
            return self.say("+IP ERROR: Network not opened", "ERROR")
        self.say("+IPADDR: 10.64.0.8", "OK")

    def set_CIPOPEN(self, values):
        number, kind, host, port = int(values[0]), values[1], values[2], int(values[3])
        if number or kind != "TCP":
            raise ValueError
        if not self.net:
            return self.say("+CIPOPEN: 0,2", "ERROR")
        if self.link:
            return self.say("+CIPOPEN: 0,4", "ERROR")
        self.ok()
        self.connect(host, port, lambda good: self.say("+CIPOPEN: 0," + ("0" if good else "10")))

    def set_CIPRXGET(self, values):
        if values[0] == "2":
            if not self.manual or values[1] != "0":
                raise ValueError
            return self.give("+CIPRXGET: 2,0,", int(values[2]))
        if values[0] not in ("0", "1"):
            raise ValueError
        self.manual = int(values[0])
        self.ok()

    def set_CIPSEND(self, values):
        if int(values[0]) or not self.link or not self.link.open:
            return self.say("+CIPERROR: 4", "ERROR")
        self.expect(int(values[1]), self.sent)
        self.send(b"\r\n>")

    def sent(self, data):
        if self.link:
            self.link.outbox.extend(data)
            self.say("OK", "+CIPSEND: 0,%d,%d" % (len(data), len(data)))
        else:
            self.say("+CIPERROR: 4", "ERROR")

    def set_CIPCLOSE(self, values):
        if int(values[0]) or not self.link:
            return self.say("+CIPCLOSE: 0,4", "ERROR")
        self.hang_up()
        self.say("OK", "+CIPCLOSE: 0,0")
