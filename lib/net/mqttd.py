# The connection that persists between runs of mqttc: a process with a Client, and its listeners.

import asyncio

from micropython import const

from base import log
from base.errors import Failure, reason
from net.mqtt import ANSWER_MS
from net.sockets import within
from process import process as processes
from process.stream import Stream

NAME = "mqtt"
_QUEUE_MAX = const(32)  # queued messages of a listener

client = None  # the Client, connected or trying to connect
process = None
listeners = []  # lists of (topic, payload, retained)
ready = None  # an Event: a message was received


def current():
    """The Client; Failure if there is none."""
    if not client:
        raise Failure("", "not connected; use mqttc connect -h HOST")
    return client


def received(topic, payload, retained):
    for queue in listeners:
        if len(queue) >= _QUEUE_MAX:  # a slow listener loses the oldest message
            queue.pop(0)
        queue.append((topic, payload, retained))
    ready.set()


async def start(new):
    """Connect, and stay connected in a process; Failure if the broker refuses."""
    global client, process, ready
    await stop()
    await new.open()
    client = new
    ready = asyncio.Event()
    new.on_message = received
    new.on_state = lambda sentence: log.note(NAME, sentence)
    process = processes.spawn(
        NAME, [new.host], processes.get(1), main, stdin=Stream(), stdout=Stream(), stderr=Stream()
    )
    process.cwd = "/"
    await within(new.up.wait(), ANSWER_MS)


def main(args):
    return keep(client)


async def keep(mine):
    global client
    try:
        await mine.run()
    except Failure as e:
        log.note(NAME, reason(e), log.ERR)
        return 1
    finally:
        await mine.close()
        if client is mine:
            client = None
        if ready:
            ready.set()


async def stop():
    """Close the connection; False if there is none."""
    global client
    if not client:
        return False
    mine, client = client, None
    await mine.close()
    process.kill(15)
    for _ in range(200):
        if process.status is not None:
            break
        await asyncio.sleep_ms(10)
    return True


class Listener:
    """A subscriber to the received messages."""

    def __init__(self):
        current()
        self.queue = []
        listeners.append(self.queue)

    async def get(self):
        """The next message: (topic, payload, retained); Failure once the connection is closed."""
        while not self.queue:
            if not client:
                raise Failure("", "connection closed")
            ready.clear()
            await ready.wait()
        return self.queue.pop(0)

    def close(self):
        if self.queue in listeners:
            listeners.remove(self.queue)
