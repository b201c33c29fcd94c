# The commands of mqttc.

import asyncio

from base.errors import Failure, Usage
from net import mqtt, mqttd
from process import cpu

_will = []  # (topic, message, qos, retain) for the next connection


def need(opts, letter):
    value = opts[letter]
    if value is None:
        raise Usage("option required", "-" + letter)
    return value


def make_client(opts):
    """A Client with the settings of the options."""
    secure = bool(opts["s"])
    port = opts.number("p", mqtt.PORTS[secure])
    keep = opts.number("k", mqtt.KEEP_S)
    if not 0 < port < 65536 or not 0 < keep < 65536:
        raise Usage("PORT and SECONDS must be 1 to 65535")
    client = mqtt.Client(need(opts, "h"), port, opts["i"])
    client.keep_s = keep
    client.user = opts["u"]
    client.password = opts["P"] or ""
    if secure:
        from net import tls  # late: only for -s

        client.context, checked = tls.context()
        if not checked:
            tls.warn(cpu.current, client.host)
    return client


async def connect(opts, qos):
    client = make_client(opts)
    client.will = _will[0] if _will else None
    await mqttd.start(client)


class Own:
    """A Client's connection for one run: `async with`."""

    def __init__(self, client):
        self.client = client

    async def __aenter__(self):
        await self.client.open()
        self.task = asyncio.create_task(self.run())
        await self.client.up.wait()
        return self.client

    async def run(self):
        try:
            await self.client.run()
        except Failure:  # reported by the verb that waits
            pass

    async def __aexit__(self, kind, value, trace):
        await self.client.close()
        self.task.cancel()


async def pub(opts, qos):
    topic, message = need(opts, "t"), need(opts, "m")
    if opts["h"]:
        async with Own(make_client(opts)) as client:
            await client.publish(topic, message, qos, opts["r"])
    else:
        await mqttd.current().publish(topic, message, qos, opts["r"])


async def sub(opts, qos):
    await mqttd.current().subscribe(need(opts, "t"), qos)


async def unsub(opts, qos):
    await mqttd.current().unsubscribe(need(opts, "t"))


async def listsub(opts, qos):
    topics = mqttd.current().topics
    for topic in sorted(topics):
        cpu.current.stdout.write(f"{topic} (QoS {topics[topic]})\n")


async def lastwill(opts, qos):
    topic = need(opts, "t")
    mqtt.check(topic, False)
    _will[:] = [(topic, need(opts, "m"), qos, bool(opts["r"]))]
    if mqttd.client:
        old = mqttd.client
        new = mqtt.Client(old.host, old.port, old.name)
        for name in ("user", "password", "context", "keep_s", "topics"):
            setattr(new, name, getattr(old, name))
        new.will = _will[0]
        await mqttd.start(new)


async def ping(opts, qos):
    client = mqttd.current()
    cpu.current.stdout.write(f"{client.host}: {await client.ping()} ms\n")


async def status(opts, qos):
    client = mqttd.client
    if not client:
        cpu.current.stdout.write("not connected\n")
        raise SystemExit(1)
    how = "connected to" if client.link else "trying to connect to"
    cpu.current.stdout.write(f"{how} {client.host}:{client.port} as {client.name}, {len(client.topics)} topics\n")


async def close(opts, qos):
    if not await mqttd.stop():
        raise Failure("", "not connected")


async def listen(opts, qos):
    count = opts.number("n", 0)
    if not opts["h"]:
        if opts["t"]:
            await mqttd.current().subscribe(opts["t"], qos)
        listener = mqttd.Listener()
        try:
            await show(listener, count, opts)
        finally:
            listener.close()
        return
    topic = need(opts, "t")
    async with Own(make_client(opts)) as client:
        queue = Queue(client)
        await client.subscribe(topic, qos)
        await show(queue, count, opts)


class Queue:
    """The messages of a private client."""

    def __init__(self, client):
        self.client = client
        self.queue = []
        self.ready = asyncio.Event()
        client.on_message = self.put

    def put(self, *message):
        if len(self.queue) < 32:
            self.queue.append(message)
        self.ready.set()

    async def get(self):
        while not self.queue:
            if self.client.dead:
                raise Failure("", self.client.dead)
            self.ready.clear()
            await self.ready.wait()
        return self.queue.pop(0)


async def show(source, count, opts):
    """Print each message, or run a command for it."""
    process = cpu.current
    done = 0
    while not count or done < count:
        topic, payload, retained = await source.get()
        done += 1
        message = payload.decode() if is_text(payload) else payload.hex()
        if opts["x"]:
            before = process.env
            process.env = dict(before, topic=topic, payload=message)
            try:
                await process.run(["sh", "-c", opts["x"]])
            finally:
                process.env = before
        else:
            process.stdout.write(f"{topic}: {message}{' (retained)' if retained and opts['v'] else ''}\n")


def is_text(data):
    try:
        return all(c >= " " or c in "\n\t" for c in data.decode())
    except UnicodeError:
        return False
