# MQTT by the modem itself (ESP-AT): the commands of atmqttc.

import asyncio

from micropython import const

import modem
from base.errors import Failure, Usage
from modem import Refused
from modem.words import quoted, unquoted
from process import cpu

_CONNECT_MS = const(15_000)
_ANSWER_MS = const(10_000)
_UP = const(4)  # states from this one on are connected
_PLAIN_MAX = const(128)  # characters of a message in a command; longer ones are sent as data
_QUEUE_MAX = const(32)
_MESSAGE_MAX = const(8192)
_HEAD = b"+MQTTSUBRECV:"


def need(opts, letter):
    value = opts[letter]
    if not value:
        raise Usage("option required", "-" + letter)
    return value


class Client:
    """The modem's client, for one run of atmqttc."""

    def __init__(self, opts, channel):
        self.opts = opts
        self.channel = channel
        self.command = channel.command
        self.messages = []  # received ones: (topic, bytes)
        self.topic = ""
        self.parts = None

    async def state(self):
        """The state number of the connection."""
        try:
            for line in await self.command("AT+MQTTCONN?"):
                if line.startswith("+MQTTCONN:"):
                    return int(line.split(",")[1])
        except Refused:
            raise Failure(self.channel.name, "this modem has no MQTT")
        except (ValueError, IndexError):
            pass
        return 0

    async def up(self):
        """Connect with -h unless connected; Failure if that is impossible."""
        opts = self.opts
        if await self.state() >= _UP:
            return
        cpu.current.setenv("atmqttc", "")
        if not opts["h"]:
            raise Failure("", "not connected; use -h HOST")
        await self.configure()
        await self.connect()

    async def configure(self):
        opts = self.opts
        import sdata

        words = (quoted(sdata.sid), quoted(opts["u"] or ""), quoted(opts["P"] or ""))
        if await self.state():
            await self.clean()
        await self.command(f'AT+MQTTUSERCFG=0,1,{",".join(words)},0,0,""')

    async def connect(self):
        opts = self.opts
        port = opts.number("p", 1883)
        again = 1 if opts["R"] == "1" else 0
        try:
            await self.command(f"AT+MQTTCONN=0,{quoted(opts['h'])},{port},{again}", _CONNECT_MS)
        except Refused:
            raise Failure(f"{opts['h']}:{port}", "the modem cannot connect to the broker")
        cpu.current.setenv("atmqttc", "c")

    async def clean(self):
        try:
            await self.command("AT+MQTTCLEAN=0", _ANSWER_MS)
        except Refused:  # there was none
            return False
        return True

    # --- the commands

    def flags(self):
        qos, retain = self.opts.number("q", 0), self.opts.number("r", 0)
        if qos not in (0, 1, 2) or retain not in (0, 1):
            raise Usage("-q must be 0, 1 or 2, -r 0 or 1")
        return f"{qos},{retain}"

    async def pub(self):
        topic, message, flags = need(self.opts, "t"), need(self.opts, "m"), self.flags()
        await self.up()
        if len(message) <= _PLAIN_MAX and all(" " <= c <= "~" for c in message):
            await self.command(f"AT+MQTTPUB=0,{quoted(topic)},{quoted(message)},{flags}", _ANSWER_MS)
        else:
            data = message.encode()
            await self.command(f"AT+MQTTPUBRAW=0,{quoted(topic)},{len(data)},{flags}", _ANSWER_MS, "+MQTTPUB:OK", data)
        return "Message published"

    async def sub(self):
        topic = need(self.opts, "t")
        await self.up()
        await self.command(f"AT+MQTTSUB=0,{quoted(topic)},{self.flags()[0]}", _ANSWER_MS)
        return "Subscribed to " + topic

    async def unsub(self):
        topic = need(self.opts, "t")
        await self.up()
        if "NO UNSUBSCRIBE" in await self.command("AT+MQTTUNSUB=0," + quoted(topic), _ANSWER_MS):
            raise Failure(topic, "not subscribed")
        return "Unsubscribed from " + topic

    async def listsub(self):
        await self.up()
        lines = await self.command("AT+MQTTSUB?")
        return "\n".join(
            [unquoted(line.split(",", 2)[2].rpartition(",")[0]) for line in lines if line[:10] == "+MQTTSUB:0"]
        )

    async def lastwill(self):
        topic, message, flags = need(self.opts, "t"), need(self.opts, "m"), self.flags()
        if await self.state() >= _UP:
            raise Failure("", "a last will is set when connecting; use atmqttc close, then lastwill with -h")
        await self.configure()
        await self.command(f"AT+MQTTCONNCFG=0,0,1,{quoted(topic)},{quoted(message)},{flags}")
        if self.opts["h"]:
            await self.connect()
        return "Last will configured"

    async def ping(self):
        if await self.state() < _UP:
            raise Failure("", "not connected")
        return "MQTT ping ok"

    async def close(self):
        cpu.current.setenv("atmqttc", "")
        if not await self.clean():
            raise Failure("", "not connected")
        return "MQTT closed"

    async def listen(self):
        """Print received messages, -n of them, or for ever."""
        await self.up()
        if self.opts["t"]:
            await self.sub()
        left = self.opts.number("n", -1)
        heads = self.channel.heads
        heads[_HEAD] = (self.begun, self.take)
        try:
            while left:
                while not self.messages:
                    try:
                        if await self.channel.listen(1000) == "+MQTTDISCONNECTED:0":
                            raise Failure("", "the broker has disconnected")
                    except OSError:
                        await asyncio.sleep_ms(0)
                topic, data = self.messages.pop(0)
                out = cpu.current.stdout
                out.write(topic + ": ")
                out.write(data)
                out.write("\n")
                left -= 1
        finally:
            del heads[_HEAD]

    def begun(self, buffer):
        """Parse the head of a message: +MQTTSUBRECV:0,"topic",LENGTH, before the message."""
        end = buffer.find(b'",')
        comma = buffer.find(b",", end + 2)
        if end < 0 or comma < 0:
            return None
        try:
            size = int(bytes(buffer[end + 2 : comma]))
            self.topic = bytes(buffer[buffer.find(b'"') + 1 : end]).decode()
        except ValueError:
            return None
        self.parts = []
        self.size = size
        if not size:
            self.take(b"")
        return comma + 1, size

    def take(self, data):
        self.parts.append(data)
        self.size -= len(data)
        if not self.size:
            if len(self.messages) >= _QUEUE_MAX:  # a slow listener loses the oldest message
                self.messages.pop(0)
            self.messages.append((self.topic, b"".join(self.parts)))
            self.parts = None


async def run(verb, opts, name, trace):
    """Run a command of atmqttc."""
    channel = modem.get(name).channel
    client = Client(opts, channel)
    channel.trace = trace
    try:
        text = await getattr(client, verb)()
    finally:
        channel.trace = None
    if text:
        cpu.current.stdout.write(text + "\n")
