# The modem as programs written for upyOS know it: `from esp_at import ModemManager`. Thin: the work is done in the package modem.
#
# Its methods wait, as a plain function does, and everybody else goes on. They answer as upyOS's do (a truth, or a truth
# and a text), and print nothing but what has been asked for with sctrl, scmds and sresp.

import asyncio
from time import ticks_diff, ticks_ms

import modem
from micropython import const
from modem.words import quoted, unquoted

import sdata
from base.errors import Failure, reason
from process import cpu

_GUARD_MS = const(1000)  # of silence around +++
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_DAYS = "MonTueWedThuFriSatSun"


def wait(coro):
    """What a coroutine gives, in a plain function or in a thread of one."""
    if cpu.threads and cpu.threads.running():
        return cpu.threads.run_on_loop(coro)
    return cpu.block(coro)


class ModemManager:
    """A modem with ESP-AT."""

    def __init__(self, device="modem0"):
        self.device = device
        self.modem = getattr(sdata, device, None)
        self.sctrl = self.scmds = self.sresp = self.timing = False  # what is printed
        self.tcp_conn = False
        self.raw = False  # the line is the connection's (transparent transmission)
        self.link = None
        self.callback = None

    def setCallBack(self, callback):
        """callback(command, answer) is called for each command; what it returns, unless None, is the answer."""
        self.callback = callback

    # --- the line

    def resetHW(self, pin, wait_s=2):
        from modem import line

        self.tcp_conn = False
        if self.sctrl:
            print("** Resetting Modem...", end="")
        if not self.tried(lambda: line.reset(pin, wait_s)):
            return False
        if self.sctrl:
            print(", Ready")
        return True

    def createUART(self, id, baud, tx, rx, device="modem0", rts=0, cts=0, *buffers, flow_type="off"):
        """buffers: txbuf, rxbuf, timeout and timeout_char of upyOS, and perhaps flow_type; the sizes are ours."""
        from modem import line

        if len(buffers) > 4:
            flow_type = buffers[4]
        try:
            line.create(id, baud, tx, rx, device, rts, cts, flow_type)
        except Failure as e:
            print("UART creation error, " + str(e))
            return False
        self.device = device
        self.modem = getattr(sdata, device)
        if self.sctrl:
            print(f"UART {id} created as {device}")
        return True

    def tried(self, work):
        """Whether a coroutine ends well; a failure is printed."""
        try:
            wait(work())
            return True
        except (Failure, OSError) as e:
            print(reason(e))
            return False

    def atCMD(self, command, timeout=2.0, exp="OK"):
        """(whether it has gone well, the answer as the modem gave it)"""
        begun = ticks_ms()
        if self.scmds:
            print(">> " + command)
        lines = []
        try:
            found = modem.get(self.device)
            good = True
            wait(found.channel.command(command, int(timeout * 1000), exp, each=lines.append))
            if exp in ("OK", "SEND OK", "SET OK"):
                lines.append(exp)
        except modem.Refused as e:
            good = False
            lines.append(e.why)
        except Failure as e:
            good = False
            if not self.modem:
                print(e)
        if command == "AT+CIPMODE=0":
            self.raw = False
        text = "\r\n".join(lines) + "\r\n"
        if self.callback:
            changed = self.callback(command, text)
            text = text if changed is None else changed
        if self.sresp:
            print("<< " + text)
        if self.timing:
            print(f"** Cmd: {command}: Time: {ticks_diff(ticks_ms(), begun)}ms\n")
        return good, text

    def line(self, command, head, timeout=2.0):
        """What stands behind `head` in the answer to a command; "" where there is none."""
        for line in self.atCMD(command, timeout)[1].split("\r\n"):
            if line.startswith(head):
                return line[len(head) :]
        return ""

    # --- commands

    def test(self):
        return "OK" if self.atCMD("AT")[0] else "Error test"

    def get_version(self):
        good, text = self.atCMD("AT+GMR")
        return text.replace("\r\nOK\r\n", "") if good else None

    def wifi_set_mode(self, mode=1):
        return self.atCMD(f"AT+CWMODE={mode}")[0]

    def wifi_connect(self, ssid, password, tout=10):
        return self.atCMD(f"AT+CWJAP={quoted(ssid)},{quoted(password)}", tout)

    def wifi_disconnect(self):
        return self.atCMD("AT+CWQAP")[0]

    def wifi_status(self):
        return self.line("AT+CWSTATE?", "+CWSTATE:")

    def ping(self, host=""):
        return self.line("AT+PING=" + quoted(host), "+PING:", 5)

    def get_ip_mac(self, ip_mac):
        return unquoted(self.line("AT+CIFSR", f"+CIFSR:STA{ip_mac.upper()},")) or "Error get IP/mac"

    def set_ntp_server(self, en=1, tz=1, ns1="pool.ntp.org", ns2="time.google.com", tout=10):
        return self.atCMD(f"AT+CIPSNTPCFG={en},{tz},{quoted(ns1)},{quoted(ns2)}", tout, "+TIME_UPDATED")[0]

    def set_datetime(self):
        """Set the clock of the board by that of the modem; what machine.RTC().datetime() gives then."""
        words = self.line("AT+CIPSNTPTIME?", "+CIPSNTPTIME:").split()
        if len(words) != 5 or words[4] == "1970":
            return None
        from machine import RTC

        hour, minute, second = [int(part) for part in words[3].split(":")]
        month = _MONTHS.find(words[1]) // 3 + 1
        rtc = RTC()
        rtc.datetime((int(words[4]), month, int(words[2]), _DAYS.find(words[0]) // 3, hour, minute, second, 0))
        return rtc.datetime()

    # --- a connection

    def create_url_conn(self, url, keepalive=60, tout=10.0):
        from net.url import Url

        where = Url(url)
        return self.create_conn(where.host, where.port, "SSL" if where.secure else "TCP", keepalive, tout)

    def create_conn(self, host, port, ct="TCP", keepalive=60, tout=10.0):
        from modem import link

        from net.tls import BY_MODEM

        async def dial():
            context = BY_MODEM if ct == "SSL" else None
            self.link = await link.connect(self.device, host, int(port), int(tout * 1000), None, context)

        self.tcp_conn = self.tried(dial)
        return self.tcp_conn

    def send_passthrough(self, tout=3):
        """From here on the UART is the connection, until close_conn(), or "+++" and AT+CIPMODE=0."""
        for command in ("AT+CIPRECVMODE=0", "AT+CIPMODE=1"):
            self.atCMD(command, tout)
        self.raw, text = self.atCMD("AT+CIPSEND", tout, ">")
        return self.raw, text

    def send_data(self, data, tout=3):
        if not self.tcp_conn:
            print("send_data: TCP Not connected")
            return False, ""
        data = data.encode() if isinstance(data, str) else data
        if self.raw:
            self.modem.write(data)
            return True, ""
        return self.tried(lambda: self.link.send(data)), ""

    send_data_t = send_data

    def clear_ipd(self, data):
        """Data comes without its heads here."""
        return data

    def _drain(self):
        while self.modem.any():
            self.modem.read()

    def receive(self, timeout):
        """The next bytes of the connection; b"" at its end, and after `timeout` seconds of silence."""
        try:
            if self.raw:
                return wait(self.bare(int(timeout * 1000)))
            self.link.idle_ms = int(timeout * 1000)
            return wait(self.link.read(1024))
        except OSError:
            return b""

    async def bare(self, ms):
        """The next bytes of the UART; OSError(ETIMEDOUT). A server that has gone is not told: what counts is the silence."""
        channel = modem.get(self.device).channel
        await channel.more(ms)
        data, channel.buffer = bytes(channel.buffer), bytearray()
        return data

    def rcv_data(self, size=1024, encoded=True, timeout=15.0):
        """(whether something came, body, headers) of what a web server answers."""
        if not self.tcp_conn:
            print("rcv_data: TCP Not connected")
            return False, "", ""
        data = b""
        while (not size or len(data) < size) and (piece := self.receive(timeout)):
            data += piece
        head, found, body = data.partition(b"\r\n\r\n")
        if not found:
            head, body = b"", data
        if encoded:
            return True, body.decode(), head.decode()
        return True, body, head

    def rcv_to_file_t(self, fh, timeout=15, msz=0):
        """(whether all of it came, headers): the body goes to a file."""
        if not self.tcp_conn:
            print("rcv_to_file_t: TCP Not connected")
            return False, ""
        head = b""
        count = 0
        while b"\r\n\r\n" not in head and len(head) < 4096:
            piece = self.receive(timeout)
            if not piece:
                return False, head
            head += piece
        head, _, piece = head.partition(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            return False, head
        while piece:
            fh.write(piece[: msz - count] if msz else piece)
            count += len(piece)
            if msz and count >= msz:
                break
            piece = self.receive(timeout)
        return not msz or count >= msz, head

    def http_get_to_file_t(self, url, filename="", tout=15, sz=0):
        from net.url import Url

        where = Url(url)
        self.send_data(f"GET {where.path} HTTP/1.1\r\nHost: {where.place}\r\nAccept: */*\r\nConnection: close\r\n\r\n")
        with open(filename, "wb") as file:
            return self.rcv_to_file_t(file, tout, sz)[0]

    def close_conn(self):
        if self.raw:
            wait(asyncio.sleep_ms(_GUARD_MS))
            self.modem.write("+++")
            wait(asyncio.sleep_ms(_GUARD_MS))
            self.atCMD("AT+CIPMODE=0", 3)
        if self.link:
            self.link.close()
            self.link = None
        self.tcp_conn = False
        return True


class MqttManager(ModemManager):
    """Its MQTT."""

    def mqtt_conncfg(self, keepalive=0, clean_sess=1, topic="", msg="", qos=0, retain=0):
        return self.atCMD(f"AT+MQTTCONNCFG=0,{keepalive},{clean_sess},{quoted(topic)},{quoted(msg)},{qos},{retain}")[0]

    def mqtt_user(self, schem=1, client="", user="", passw="", cert_key_ID=0, CA_ID=0, path=""):
        words = f"{quoted(client)},{quoted(user)},{quoted(passw)},{cert_key_ID},{CA_ID},{quoted(path)}"
        return self.atCMD(f"AT+MQTTUSERCFG=0,{schem},{words}")[0]

    def mqtt_connect(self, host="", port=1883, reconnect=0):
        return self.atCMD(f"AT+MQTTCONN=0,{quoted(host)},{port},{reconnect}", 15)[0]

    def mqtt_pub(self, topic="", msg="", qos=0, retain=0):
        return self.atCMD(f"AT+MQTTPUB=0,{quoted(topic)},{quoted(str(msg))},{qos},{retain}", 10)[0]

    def mqtt_sub(self, topic="", qos=0):
        return self.atCMD(f"AT+MQTTSUB=0,{quoted(topic)},{qos}", 10)[0]

    def mqtt_unsub(self, topic=""):
        return self.atCMD("AT+MQTTUNSUB=0," + quoted(topic), 10)[0]

    def mqtt_list_subs(self):
        lines = [line for line in self.atCMD("AT+MQTTSUB?")[1].split("\r\n") if line.startswith("+MQTTSUB:0")]
        return "".join([line.split(",", 2)[2] + "\n" for line in lines])

    def mqtt_clean(self):
        return self.atCMD("AT+MQTTCLEAN=0")[0]

    def check_messages(self, timeout_ms=100):
        """What has come: [{"link_id", "topic", "data_length", "data"}]."""
        found = []
        try:
            channel = modem.get(self.device).channel
            while line := wait(channel.listen(timeout_ms)):
                if line.startswith("+MQTTSUBRECV:"):
                    number, _, rest = line[13:].partition(',"')
                    topic, _, rest = rest.partition('",')
                    size, _, data = rest.partition(",")
                    found.append(
                        {"link_id": int(number), "topic": topic, "data_length": int(size), "data": data, "raw": line}
                    )
        except (OSError, Failure, ValueError):
            pass
        return found

    def msgs_loop(self, callback=None):
        """callback(message) for each message, until the program is ended."""
        while True:
            for message in self.check_messages(1000):
                if callback:
                    callback(message)
