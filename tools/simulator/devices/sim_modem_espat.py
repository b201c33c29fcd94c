# A modem with Espressif's ESP-AT (docs.espressif.com/projects/esp-at): Wi-Fi of the simulated world (wifi.networks), one
# TCP or TLS connection at a time, in normal, passive and transparent mode; MQTT is beside this.

import time

import sim_modem

import simulator

_IP = "192.168.4.7"
_MAC = "5c:cf:7f:00:00:07"
_VERSION = (
    "AT version:2.2.1.0(simulated)",
    "SDK version:v3.4-71",
    "compile time(0000000):Jan  1 2024 00:00:00",
    "Bin version:2.2.0(SIM)",
)


class Family(sim_modem.Modem):
    """The commands."""

    banner = "\r\nready\r\n"

    def start(self):
        super().start()
        self.mode = 1
        self.ssid = None
        self.mux = self.transfer = self.passive = self.shown = 0
        self.clock = False
        self.mqtt = None

    def hang_up(self):
        super().hang_up()
        if getattr(self, "mqtt", None):
            self.mqtt.connection.close()
            self.mqtt = None

    def ok(self):
        self.say("OK")

    def known(self):
        """The access points of the world."""
        networks = simulator.get("wifi.networks")
        if networks is None:
            import sim_wifi_sta

            networks = sim_wifi_sta._DEFAULT
        return [network for network in networks if network.get("up", True)]

    # --- the module

    def do_GMR(self):
        self.send("".join([line + "\r\n" for line in _VERSION]).encode())
        self.ok()

    def do_RST(self):
        self.ok()
        data = b"".join([data for when, data in self.out])
        self.restart()
        self.out.insert(0, (self.out[0][0], data))

    do_RESTORE = do_RST

    def set_UART_CUR(self, values):
        if len(values) != 5 or not 80 <= int(values[0]) <= 5_000_000:
            raise ValueError
        self.ok()

    set_UART_DEF = set_UART_CUR

    def ask_SYSRAM(self):
        self.send(b"+SYSRAM:148408,84044\r\n")
        self.ok()

    def ask_CMD(self):
        names = [name for name in dir(self) if name[:4] in ("set_", "ask_") or name[:3] == "do_"]
        for i in range(len(names)):
            kind, _, name = names[i].partition("_")
            self.send(
                b'+CMD:%d,"AT+%s",%d,%d,%d,%d\r\n' % (i, name.encode(), 0, kind == "ask", kind == "set", kind == "do")
            )
        self.ok()

    # --- Wi-Fi

    def set_CWMODE(self, values):
        if values[0] not in ("0", "1", "2", "3"):
            raise ValueError
        self.mode = int(values[0])
        self.ok()

    def ask_CWMODE(self):
        self.send(b"+CWMODE:%d\r\n" % self.mode)
        self.ok()

    def set_CWJAP(self, values):
        ssid, password = values[0], values[1] if len(values) > 1 else ""
        found = [network for network in self.known() if network["ssid"] == ssid]
        if not self.mode & 1:
            return self.error()
        code = 3 if not found else 2 if found[0].get("password", "") != password else 0
        if code:
            self.send(b"+CWJAP:%d\r\n" % code)
            return self.error()
        if self.ssid:
            self.say("WIFI DISCONNECT")
        self.ssid = ssid
        self.send(b"WIFI CONNECTED\r\nWIFI GOT IP\r\n")
        self.ok()

    def ask_CWJAP(self):
        if not self.ssid:
            self.send(b"No AP\r\n")
        else:
            self.send(b'+CWJAP:"%s","02:00:00:00:00:01",6,-48,0,1,3,0,0\r\n' % self.ssid.encode())
        self.ok()

    def do_CWQAP(self):
        self.ok()
        if self.ssid:
            self.ssid = None
            self.hang_up()
            self.send(b"WIFI DISCONNECT\r\n")

    def ask_CWSTATE(self):
        self.send(b'+CWSTATE:%d,"%s"\r\n' % (2 if self.ssid else 0, (self.ssid or "").encode()))
        self.ok()

    def do_CWLAP(self):
        for network in self.known():
            text = '+CWLAP:(%d,"%s",%d,"02:00:00:00:00:01",%d,-1,-1,4,4,7,0)\r\n'
            values = (network.get("security", 3), network["ssid"], network.get("rssi", -60), network.get("channel", 1))
            self.send((text % values).encode())
        self.ok()

    def do_CIFSR(self):
        ip = _IP if self.ssid else "0.0.0.0"
        self.send(('+CIFSR:STAIP,"%s"\r\n+CIFSR:STAMAC,"%s"\r\n' % (ip, _MAC)).encode())
        self.ok()

    def set_PING(self, values):
        if not self.ssid or values[0].endswith(".invalid"):
            self.send(b"+PING:TIMEOUT\r\n")
            return self.error()
        self.send(b"+PING:12\r\n")
        self.ok()

    def set_CIPSNTPCFG(self, values):
        if values[0] not in ("0", "1") or not -12 <= int(values[1]) <= 14:
            raise ValueError
        self.ok()
        if self.ssid and values[0] == "1":
            self.clock = int(values[1])
            self.send(b"+TIME_UPDATED\r\n")

    def ask_CIPSNTPTIME(self):
        now = time.gmtime(time.time() + self.clock * 3600) if self.clock is not False else (1970, 1, 1, 0, 0, 1, 3)
        day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[now[6]]
        month = "JanFebMarAprMayJunJulAugSepOctNovDec"[now[1] * 3 - 3 : now[1] * 3]
        text = "+CIPSNTPTIME:%s %s %2d %02d:%02d:%02d %d\r\n" % (day, month, now[2], now[3], now[4], now[5], now[0])
        self.send(text.encode())
        self.ok()

    # --- the connection

    def set_CIPMUX(self, values):
        if values[0] != "0":  # several connections at once are not simulated
            raise ValueError
        self.ok()

    def set_CIPMODE(self, values):
        if values[0] not in ("0", "1") or (values[0] == "1" and self.passive):
            raise ValueError
        self.transfer = int(values[0])
        self.ok()

    def set_CIPRECVMODE(self, values):
        if values[0] not in ("0", "1") or self.transfer or simulator.get(self.path + "old"):
            raise ValueError
        self.passive = int(values[0])
        self.ok()

    def set_CIPSSLCSNI(self, values):
        self.ok()

    def set_CIPSSLCCONF(self, values):
        self.ok()

    def set_CIPSTART(self, values):
        kind, host, port = values[0], values[1], int(values[2])
        if kind not in ("TCP", "SSL") or not 0 < port < 65536:
            raise ValueError
        if self.link:
            return self.say("ALREADY CONNECTED", "ERROR")
        if not self.ssid:
            self.send(b"no ip\r\n")
            return self.error()
        try:
            self.link = sim_modem.Connection(host, port, kind == "SSL")
        except OSError:
            self.send(b"DNS Fail\r\n")
            return self.error()
        self.shown = 0
        self.pending = self.connecting

    def connecting(self):
        link = self.link
        if link and not (link.open or link.dead):
            return False
        if link and link.open:
            self.send(b"CONNECT\r\n")
            self.ok()
        else:
            self.hang_up()
            self.error()
            self.send(b"CLOSED\r\n")
        return True

    def do_CIPCLOSE(self):
        if not self.link:
            return self.error()
        self.hang_up()
        self.send(b"CLOSED\r\n")
        self.ok()

    def set_CIPSEND(self, values):
        if not self.link or not self.link.open:
            self.send(b"link is not valid\r\n")
            return self.error()
        self.expect(int(values[0]), self.sent)
        self.ok()
        self.send(b"\r\n>")

    def sent(self, data):
        self.send(b"\r\nRecv %d bytes\r\n" % len(data))
        if self.link:
            self.link.outbox.extend(data)
            self.say("SEND OK")
        else:
            self.say("SEND FAIL")

    def do_CIPSEND(self):
        if not self.transfer or not self.link:
            return self.error()
        self.ok()
        self.send(b"\r\n>")
        self.raw = True

    def transparent(self, data):
        if data == b"+++":
            self.raw = False
        elif self.link:
            self.link.outbox.extend(data)

    def ask_CIPRECVLEN(self):
        self.send(b"+CIPRECVLEN:%d\r\n" % (len(self.link.inbox) if self.link else -1))
        self.ok()

    def set_CIPRECVDATA(self, values):
        data = self.link.take(int(values[0])) if self.link and self.passive else b""
        if not data:
            return self.error()
        self.send(b"+CIPRECVDATA:%d," % len(data) + data)
        self.send(b"\r\nOK\r\n")
        self.shown = len(self.link.inbox)

    def ask_CIPSTATE(self):
        if self.link:
            self.send(b'+CIPSTATE:0,"TCP","%s",0,0,0\r\n' % self.link.host.encode())
        self.ok()

    def do_CIPSTATUS(self):
        self.send(b"STATUS:%d\r\n" % (3 if self.link else 2 if self.ssid else 5))
        self.ok()

    def serve(self):
        """Tell or give what has come, and the end of the connection."""
        if self.mqtt:
            self.mqtt.step()
        link = self.link
        if not link or self.pending or self.want:
            return
        if self.passive:
            if len(link.inbox) > self.shown:
                self.shown = len(link.inbox)
                self.send(b"\r\n+IPD,%d\r\n" % self.shown)
        elif link.inbox and not self.out:
            data = link.take(1460)
            self.send(data if self.raw else b"\r\n+IPD,%d:" % len(data) + data)
        if link.ended and not self.out and not (self.raw and link.inbox):
            if link.open and not self.raw:
                self.send(b"CLOSED\r\n")
            link.open = False
            if not link.inbox:
                self.hang_up()

    # --- MQTT: methods that this has not itself

    def __getattr__(self, name):
        if "MQTT" not in name:
            raise AttributeError(name)
        import sim_modem_mqtt

        work = getattr(sim_modem_mqtt, name)
        return lambda *values: work(self, *values)
