# The connection that stays between two runs of mqttc: a process of its own with a Client, and who listens to it.

import asyncio

from micropython import const

from base import log
from base.errors import Failure, reason
from net.mqtt import ANSWER_MS
from net.sockets import within
from process import process as processes
from process.stream import Stream

NAME = "mqtt"
_QUEUE_MAX = const(32)  # messages that wait for a listener

client = None  # the Client that is connected, or tries to be
process = None
listeners = []  # lists of (topic, payload, retained)
ready = None  # an Event: a message has come


def current():
    """The Client; Failure where there is none."""
    if not client:
        raise Failure("", "not connected: mqttc connect -h HOST")
    return client


def received(topic, payload, retained):
    for queue in listeners:
        if len(queue) >= _QUEUE_MAX:  # whoever listens is too slow: the oldest goes
            queue.pop(0)
        queue.append((topic, payload, retained))
    ready.set()


async def start(new):
    """Connect, and stay connected in a process of its own; Failure where the broker does not take us."""
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
    """End the connection, if there is one; True where there was."""
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
    """One who listens."""

    def __init__(self):
        current()
        self.queue = []
        listeners.append(self.queue)

    async def get(self):
        """The next message: (topic, payload, retained); Failure when the connection is closed for good."""
        while not self.queue:
            if not client:
                raise Failure("", "the connection has been closed")
            ready.clear()
            await ready.wait()
        return self.queue.pop(0)

    def close(self):
        if self.queue in listeners:
            listeners.remove(self.queue)
