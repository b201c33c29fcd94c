# A modem at the other end of a serial line: what all families have in common.
#
# uart.N.modem names the family: "esp-at", "sim800" or "a76xx"; "" takes the modem away. It answers AT commands as the
# manuals of these say, and its connections are real ones of this computer. Under uart.N.modem.: power (false: it has
# none), reset (the GPIO at its reset pin), urc (a text that it sends by itself), log (the commands that it has got, the
# last 64), and faults: fault, fault_on (only at commands that begin so), fault_skip (that many of them go well).

import select
import socket

from micropython import const
from utime import ticks_add, ticks_diff, ticks_ms

import simulator

_STEP_MS = const(2)
_DELAY_MS = const(3)  # what a command takes
_LINE_MAX = const(512)
_LOG = const(64)
_WINDOW = const(2048)  # bytes of a connection that wait in the modem
_PIECE = const(512)
_RESET_MS = const(20)  # until it is ready
_GARBAGE = bytes((0xF8, 0x80, 0xFE, 0x00, 0x86, 0xE6, 0x0D, 0x0A, 0x9E))

_ERRORS = {"error": "ERROR", "fail": "FAIL", "busy": "busy p..."}


def plug(uart, family):
    """The modem of a family, at that line."""
    module = __import__("sim_modem_" + family.replace("-", ""))
    return module.Family(uart)


def arguments(text):
    """The parameters of a command: texts without their quotes, "" for those that are left out."""
    found = []
    word = ""
    quoted = False
    i = 0
    while i < len(text):
        c = text[i]
        i += 1
        if c == "\\" and quoted and i < len(text):
            word += text[i]
            i += 1
        elif c == '"':
            quoted = not quoted
        elif c == "," and not quoted:
            found.append(word)
            word = ""
        else:
            word += c
    if quoted:
        raise ValueError
    found.append(word)
    return found


class Connection:
    """A TCP connection of the modem."""

    def __init__(self, host, port, secure=False):
        self.secure = secure
        self.host = host
        self.open = self.dead = self.ended = False
        self.inbox = bytearray()
        self.outbox = bytearray()
        self.sock = socket.socket()
        self.sock.setblocking(False)
        self.since = ticks_ms()
        try:
            self.sock.connect(socket.getaddrinfo(host, port)[0][-1])
        except OSError as e:
            if e.args[0] != 115:  # EINPROGRESS
                self.dead = True
        self.poller = select.poll()
        self.poller.register(self.sock, select.POLLIN | select.POLLOUT)

    def step(self):
        """Connect, send and receive what can be."""
        if self.dead or self.ended:
            return
        try:
            if not self.open:
                events = self.poller.poll(0)
                if not events:
                    return
                if events[0][1] & (select.POLLERR | select.POLLHUP):
                    raise OSError
                if self.secure:
                    import tls

                    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
                    context.verify_mode = tls.CERT_NONE
                    self.sock.setblocking(True)
                    self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
                    self.sock.setblocking(False)
                self.open = True
            if self.outbox:
                count = self.sock.write(self.outbox)
                if count:
                    self.outbox = self.outbox[count:]
            if len(self.inbox) < _WINDOW:
                data = self.sock.read(_PIECE)
                if data:
                    self.inbox.extend(data)
                elif data is not None:
                    self.ended = True
        except (OSError, ValueError):
            if self.open:
                self.ended = True
            else:
                self.dead = True

    def take(self, count):
        data = bytes(self.inbox[:count])
        self.inbox = self.inbox[count:]
        return data

    def close(self):
        self.sock.close()


class Modem:
    """What a family builds on: commands become calls of its methods; see command()."""

    banner = ""  # what it says when it is ready

    def __init__(self, uart):
        self.uart = uart
        self.path = uart._path + "modem."
        self.out = []  # (when, bytes) that it will say
        self.level = 1
        self.start()
        simulator.put(self.path + "log", [])
        simulator.on(self.path, self.changed)
        simulator.pollers.append(self.step)
        self.gone = False
        simulator.always(self.run)

    def unplug(self):
        self.gone = True
        self.hang_up()
        simulator.off(self.changed)
        simulator.pollers.remove(self.step)

    async def run(self):
        from asyncio import core

        while not self.gone:
            self.step()
            await core.sleep_ms(_STEP_MS)

    # --- power and the world

    def start(self):
        """As it is when it gets power."""
        self.line = bytearray()
        self.ended = False  # a line has just ended
        self.echo = True
        self.want = None  # (how many bytes of data, what to do with them)
        self.raw = False  # transparent: what comes goes to the connection
        self.link = None
        self.pending = None  # a function that step() calls until it returns True
        self.byte_by_byte = False

    def powered(self):
        return simulator.get(self.path + "power", True)

    def changed(self, path, value):
        what = path[len(self.path) :]
        if what == "urc" and value:
            self.say(value)
            simulator.set(path, "")
        elif what == "power":
            self.restart() if value else self.lose_power()

    def lose_power(self):
        self.hang_up()
        self.out = []
        self.start()

    def restart(self):
        self.lose_power()
        self.out.append((ticks_add(ticks_ms(), _RESET_MS), self.banner.encode()))

    def hang_up(self):
        if self.link:
            self.link.close()
            self.link = None

    def watch_reset(self):
        pin = simulator.get(self.path + "reset")
        if pin is None:
            return
        level = simulator.get("pin.%d.value" % pin)
        if level == 0 and self.level:
            self.lose_power()
        elif level and not self.level:
            self.restart()
        self.level = 1 if level is None else level

    def step(self):
        """What is due. Where the board's program has left no memory, it is due later."""
        try:
            self.work()
        except MemoryError:
            pass

    def work(self):
        self.watch_reset()
        if not self.powered():
            return
        if self.link:
            self.link.step()
        if self.pending and self.pending():
            self.pending = None
        self.serve()
        now = ticks_ms()
        while self.out and ticks_diff(now, self.out[0][0]) >= 0:
            when, data = self.out[0]
            if self.byte_by_byte and len(data) > 1:
                self.uart.feed(data[:1])
                self.out[0] = (when, data[1:])
                return
            self.out.pop(0)
            self.uart.feed(data)

    # --- what it says

    def send(self, data):
        """Say bytes, after a while."""
        self.out.append((ticks_add(ticks_ms(), _DELAY_MS), data))

    def say(self, *lines):
        for line in lines:
            self.send(b"\r\n" + line.encode() + b"\r\n")

    def error(self):
        self.say("ERROR")

    # --- what it hears

    def take(self, data):
        """The board has sent something."""
        if not self.powered():
            return
        if self.raw:
            self.transparent(data)
            return
        for c in data:
            if c == 10 and self.ended:  # the rest of a line's end
                self.ended = False
                continue
            self.ended = False
            if self.want:
                self.line.append(c)
                if len(self.line) == self.want[0]:
                    work, data = self.want[1], bytes(self.line)
                    self.want = None
                    self.line = bytearray()
                    work(data)
            elif c == 13:
                text = bytes(self.line)
                self.line = bytearray()
                self.ended = True
                self.heard(text.strip())
            elif c != 10 or self.line:
                if len(self.line) < _LINE_MAX:
                    self.line.append(c)

    def heard(self, text):
        """A line has come."""
        if not text:
            return
        try:
            text = text.decode()
        except UnicodeError:
            return self.error()
        if self.echo:
            self.send(text.encode() + b"\r\n")
        log = simulator.get(self.path + "log")
        simulator.put(self.path + "log", (log + [text])[-_LOG:])
        fault = self.fault(text)
        self.byte_by_byte = fault == "pieces"
        if fault == "silent":
            return
        if fault == "off":
            simulator.set(self.path + "power", False)
        elif fault == "garbage":
            self.send(_GARBAGE * 3)
        elif fault[:4] == "cme ":
            self.say("+CME ERROR: " + fault[4:])
        elif fault in _ERRORS:
            self.say(_ERRORS[fault])
        else:
            if fault == "noise":
                self.send(_GARBAGE)
            count = len(self.out)
            self.obey(text)
            if fault == "half":
                data = b"".join([data for when, data in self.out[count:]])
                self.out[count:] = [(ticks_ms(), data[: len(data) // 2])]

    def fault(self, text):
        """The fault that strikes at this command, or ""."""
        fault = simulator.get(self.path + "fault") or ""
        if not fault or not text.startswith(simulator.get(self.path + "fault_on") or ""):
            return ""
        skip = simulator.get(self.path + "fault_skip") or 0
        if skip:
            simulator.put(self.path + "fault_skip", skip - 1)
            return ""
        return fault

    def obey(self, text):
        """Do what a command says: AT+NAME=a,b is set_NAME(["a", "b"]), AT+NAME? ask_NAME(), AT+NAME do_NAME()."""
        if text[:2].upper() != "AT":
            return self.error()
        rest = text[2:]
        if not rest or rest[0] != "+":
            basic = rest.upper()
            if basic in ("E0", "E1"):
                self.echo = basic == "E1"
                self.say("OK")
            elif not basic or basic in ("Z", "&F", "V1"):
                self.say("OK")
            elif basic == "I":
                self.identify()
            else:
                self.error()
            return
        name, equals, values = rest[1:].partition("=")
        kind = "set_" if equals else "do_"
        if name[-1:] == "?" and not equals:
            name = name[:-1]
            kind = "ask_"
        work = getattr(self, kind + name.upper(), None)
        if not work or values == "?":
            return self.say("OK") if work else self.error()
        try:
            work(arguments(values)) if equals else work()
        except (ValueError, IndexError):
            self.error()

    def identify(self):
        self.error()

    def transparent(self, data):
        """What comes while the line is transparent."""

    def serve(self):
        """What it does by itself at each step."""

    def expect(self, count, work):
        """The next bytes are data."""
        if not 0 < count <= 8192:
            raise ValueError
        self.want = (count, work)
        self.line = bytearray()
