# What SIMCom's modems for mobile networks have in common (3GPP TS 27.007): the SIM card, the network, its access point.
#
# uart.N.modem.sim: "READY", "SIM PIN" (1234 opens it) or "" for none; uart.N.modem.network: false, and there is none.

import sim_modem

import simulator


class Cellular(sim_modem.Modem):
    """Commands of both families."""

    model = ()  # what ATI says
    revision = ""

    def start(self):
        super().start()
        self.unlocked = False
        self.manual = 0  # data waits until it is asked for
        self.told = 0  # bytes that it has told of
        self.apn = ""

    def ok(self):
        self.say("OK")

    def card(self):
        """True where the SIM card is ready; otherwise the error has been said."""
        card = simulator.get(self.path + "sim", "READY")
        if card == "READY" or (card and self.unlocked):
            return True
        self.say("+CME ERROR: " + ("11" if card else "10"))
        return False

    def registered(self):
        return simulator.get(self.path + "network", True)

    def identify(self):
        self.say(*self.model)
        self.ok()

    def do_GMR(self):
        self.say(self.revision)
        self.ok()

    do_CGMR = do_GMR

    def do_CGMM(self):
        self.say(self.name)
        self.ok()

    def ask_CPIN(self):
        if self.card():
            self.say("+CPIN: READY", "OK")

    def set_CPIN(self, values):
        if simulator.get(self.path + "sim", "READY") != "SIM PIN" or self.unlocked:
            return self.say("+CME ERROR: 3")
        if values[0] != "1234":
            return self.say("+CME ERROR: 16")
        self.unlocked = True
        self.say("OK", "+CPIN: READY")

    def set_CMEE(self, values):
        self.ok()

    def do_CSQ(self):
        self.say("+CSQ: 21,0" if self.registered() else "+CSQ: 99,99", "OK")

    def ask_CREG(self):
        self.say("+CREG: 0," + ("1" if self.registered() else "2"), "OK")

    def ask_CGATT(self):
        self.say("+CGATT: " + ("1" if self.registered() else "0"), "OK")

    def ask_COPS(self):
        self.say('+COPS: 0,0,"Simulated"' if self.registered() else "+COPS: 0", "OK")

    def set_CGDCONT(self, values):
        self.apn = values[2]
        self.ok()

    def set_CIPMODE(self, values):
        if values[0] != "0":
            raise ValueError
        self.ok()

    def connect(self, host, port, done):
        """Begin a connection; done(True or False) when it stands, or cannot."""
        if not 0 < port < 65536:
            raise ValueError
        self.told = 0
        try:
            self.link = sim_modem.Connection(host, port)
        except OSError:
            return done(False)
        self.pending = lambda: self.connecting(done)

    def connecting(self, done):
        link = self.link
        if link and not (link.open or link.dead):
            return False
        if not link or link.dead:
            self.hang_up()
            done(False)
        else:
            done(True)
        return True

    def serve(self):
        link = self.link
        if not link or self.pending or self.want or self.out:
            return
        if self.manual:
            if len(link.inbox) > self.told:
                self.told = len(link.inbox)
                self.say(self.waits)
        elif link.inbox:
            self.send(link.take(1460))
        if link.ended:
            if link.open:
                link.open = False
                self.say(self.over)
            if not link.inbox:
                self.hang_up()

    def give(self, head, count):
        """The answer to AT+CIPRXGET=2."""
        link = self.link
        data = link.take(min(count, 1460)) if link else b""
        left = len(link.inbox) if link else 0
        self.told = left
        self.send(b"\r\n%s%d,%d\r\n" % (head.encode(), len(data), left) + data)
        self.ok()
