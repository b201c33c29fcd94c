# The protocol of iperf3 (https://github.com/esnet/iperf): a control connection with one byte for each state and JSON for
# parameters and results, and one data stream, TCP or UDP.

import asyncio
import json
import os
import struct
from time import ticks_add, ticks_diff, ticks_ms, ticks_us

from micropython import const

from base.errors import Failure
from net.sockets import readable, within, writable

PORT = const(5201)
COOKIE = const(37)
_JSON_MAX = const(16384)
_CONTROL_MS = const(20_000)
_FINISH_MS = const(5000)
_TURN = const(8)  # writes or reads without waiting, before other tasks may run
_TCP_LENGTH = const(4096)  # bytes at a time
_UDP_LENGTH = const(1400)

START = const(1)
RUNNING = const(2)
END = const(4)
PARAMETERS = const(9)
STREAMS = const(10)
SERVER_TERMINATE = const(11)
CLIENT_TERMINATE = const(12)
RESULTS = const(13)
DISPLAY = const(14)
DONE = const(16)
ERROR = const(254)
DENIED = const(255)
HELLO = b"9876"  # the first datagram of a client, and the server's reply
WELCOME = b"6789"


def cookie():
    """The cookie of a test, sent first on both connections."""
    return os.urandom(18).hex().encode() + b"\0"


async def tell(link, content):
    """Send an object as JSON."""
    data = json.dumps(content).encode()
    await link.send(struct.pack(">I", len(data)) + data)


async def hear(link):
    """Receive an object as JSON."""
    size = struct.unpack(">I", await link.exactly(4))[0]
    if size > _JSON_MAX:
        raise Failure(link.peer[0], "iperf3 protocol error")
    try:
        found = json.loads(await link.exactly(size))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Failure(link.peer[0], "iperf3 protocol error")
    return found


class Flow:
    """The data of a test, in one direction. A task runs send() or receive() until it is cancelled."""

    bytes = packets = lost = 0
    jitter = 0.0  # seconds
    last = 0  # the highest number of a datagram
    transit = None

    def __init__(self, sock, udp, length, rate, on_line, peer=None):
        self.sock = sock
        self.udp = udp
        self.rate = rate  # bits a second; 0: unlimited
        self.on_line = on_line  # called with the text of each interval
        self.peer = peer  # the destination on an unconnected socket
        self.block = length or (_UDP_LENGTH if udp else _TCP_LENGTH)
        self.buffer = bytearray(self.block if udp else min(self.block, _TCP_LENGTH))
        self.begun = self.stopped = ticks_ms()

    def start(self, sending):
        self.begun = ticks_ms()
        self.tasks = [asyncio.create_task(self.send() if sending else self.receive())]
        self.tasks.append(asyncio.create_task(self.watch()))

    def stop(self):
        self.stopped = ticks_ms()
        for task in self.tasks:
            task.cancel()

    async def finish(self):
        """Stop sending at the end of a block: the peer waits for complete blocks."""
        self.stop()
        if not self.udp:
            self.bytes += await within(self.fill(-self.bytes % self.block), _FINISH_MS)

    async def fill(self, size):
        left = size
        while left:
            n = self.sock.write(memoryview(self.buffer)[: min(left, len(self.buffer))])
            if n:
                left -= n
            else:
                await writable(self.sock)
        return size

    @property
    def seconds(self):
        return max(ticks_diff(self.stopped, self.begun), 1) / 1000

    async def watch(self):
        """Report each second."""
        before = 0
        number = 0
        while True:
            await asyncio.sleep_ms(max(ticks_diff(ticks_add(self.begun, 1000 * (number + 1)), ticks_ms()), 1))
            self.on_line(line(number, number + 1, self.bytes - before))
            before = self.bytes
            number += 1

    async def send(self):
        turn = 0
        while True:
            if self.rate:
                early = self.bytes * 8000 // self.rate - ticks_diff(ticks_ms(), self.begun)
                if early > 0:
                    await asyncio.sleep_ms(early)
            n = self.datagram() if self.udp else self.sock.write(self.buffer)
            if n:
                self.bytes += n
                turn += 1
                if turn >= _TURN:
                    turn = 0
                    await asyncio.sleep_ms(0)
            else:
                turn = 0
                await writable(self.sock)

    def datagram(self):
        """Send a datagram; None if the buffers are full."""
        us = ticks_us()
        struct.pack_into(">III", self.buffer, 0, us // 1_000_000, us % 1_000_000, self.packets + 1)
        try:
            n = self.sock.sendto(self.buffer, self.peer)
        except OSError as e:
            if e.args[0] in (11, 12, 105):  # EAGAIN, ENOMEM, ENOBUFS
                return None
            raise
        self.packets += 1
        return n

    async def receive(self):
        turn = 0
        while True:
            n = self.sock.readinto(self.buffer)  # a datagram, too: the buffer is as long as each of them
            if n and self.udp:
                self.count(n)
            if n:
                self.bytes += n
                turn += 1
                if turn >= _TURN:
                    turn = 0
                    await asyncio.sleep_ms(0)
            elif n is None:
                turn = 0
                await readable(self.sock)
            else:
                return

    def count(self, size):
        """Count a datagram by the time and number in its header."""
        if size < 12:
            return
        seconds, us, number = struct.unpack_from(">III", self.buffer)
        if number > self.last:
            self.lost += number - self.last - 1
            self.last = number
        elif self.lost:
            self.lost -= 1  # out of order, not lost
        self.packets += 1
        transit = ticks_ms() - seconds * 1000 - us // 1000
        if self.transit is not None:
            self.jitter += (abs(transit - self.transit) / 1000 - self.jitter) / 16
        self.transit = transit

    def results(self):
        """The results for the peer."""
        return {
            "cpu_util_total": 0,
            "cpu_util_user": 0,
            "cpu_util_system": 0,
            "sender_has_retransmits": 0,
            "streams": [
                {
                    "id": 1,
                    "bytes": self.bytes,
                    "retransmits": -1,
                    "jitter": self.jitter,
                    "errors": self.lost,
                    "omitted_errors": 0,
                    "packets": max(self.last, self.packets),
                    "omitted_packets": 0,
                    "start_time": 0,
                    "end_time": self.seconds,
                }
            ],
        }


def line(first, last, size, word=""):
    """A line of the report."""
    bits = size * 8 / max(last - first, 0.001)
    rate = f"{bits / 1e6:.3g} Mbits/sec" if bits < 1e9 else f"{bits / 1e9:.3g} Gbits/sec"
    amount = f"{size / 1048576:.3g} MBytes" if size >= 1048576 else f"{size / 1024:.3g} KBytes"
    return f"[  1] {first:6.2f}-{last:<6.2f} sec {amount:>12} {rate:>16}  {word}"


def report(say, flow, sending, other):
    """The summary of sender and receiver."""
    theirs = (other.get("streams") or [{}])[0]
    for word in ("sender", "receiver"):
        own = sending == (word == "sender")
        size = flow.bytes if own else int(theirs.get("bytes", 0))
        seconds = flow.seconds if own else float(theirs.get("end_time") or flow.seconds)
        text = line(0, seconds, size, word)
        if flow.udp and word == "receiver":
            lost = flow.lost if own else int(theirs.get("errors", 0))
            packets = max(flow.last, flow.packets) if own else int(theirs.get("packets", 0))
            jitter = flow.jitter if own else float(theirs.get("jitter", 0))
            text += f"  jitter {jitter * 1000:.3f} ms, lost {lost}/{packets} ({100 * lost / max(packets, 1):.2g}%)"
        say(text)


async def state(link):
    """Receive the next state."""
    found = (await link.exactly(1))[0]
    if found == DENIED:
        raise Failure(link.peer[0], "the server is busy running another test")
    if found == ERROR:
        number = struct.unpack(">ii", await link.exactly(8))[0]
        raise Failure(link.peer[0], f"server error {number}")
    if found in (SERVER_TERMINATE, CLIENT_TERMINATE):
        raise Failure(link.peer[0], "test terminated by the server")
    return found


async def client(host, port, udp, reverse, seconds, rate, length, say):
    """Run a test against a server."""
    from net.link import connect

    link = await connect(host, port, idle_ms=_CONTROL_MS)
    link.idle_ms = _CONTROL_MS + seconds * 1000
    name = cookie()
    sock = flow = None
    try:
        await link.send(name)
        while True:
            try:
                now = await state(link)
            except OSError:
                raise Failure(host, "test terminated by the server")
            if now == PARAMETERS:
                wanted = {"omit": 0, "time": seconds, "parallel": 1, "client_version": "3.12", "pacing_timer": 1000}
                wanted["udp" if udp else "tcp"] = True
                wanted["len"] = length or (_UDP_LENGTH if udp else _TCP_LENGTH)
                if rate:
                    wanted["bandwidth"] = rate
                if reverse:
                    wanted["reverse"] = True
                await tell(link, wanted)
            elif now == STREAMS:
                if udp:
                    sock, peer = await _datagrams(host, port)
                else:
                    stream = await connect(host, port)
                    sock, peer = stream, None
                    await stream.send(name)
                flow = Flow(sock if udp else stream.sock, udp, length, rate, say, peer)
            elif now == RUNNING and flow:
                flow.start(not reverse)
                await asyncio.sleep_ms(seconds * 1000)
                if not reverse:
                    await flow.finish()
                await link.send(bytes((END,)))
            elif now == RESULTS and flow:
                flow.stop()
                await tell(link, flow.results())
                other = await hear(link)
            elif now == DISPLAY and flow:
                await link.send(bytes((DONE,)))
                report(say, flow, not reverse, other)
                return
            elif now != START:
                raise Failure(host, "iperf3 protocol error")
    finally:
        if flow and hasattr(flow, "tasks"):
            flow.stop()
        if sock:
            sock.close()
        link.close()


async def _datagrams(host, port):
    """A UDP socket after the handshake with the server."""
    from net import resolver
    from net.sockets import datagrams, sockaddr

    peer = sockaddr(await resolver.address(host), port)
    sock = datagrams()
    try:
        for _ in range(3):
            sock.sendto(HELLO, peer)
            try:
                await within(readable(sock), 2000)
                sock.recvfrom(64)
                return sock, peer
            except OSError:
                continue
        raise Failure(host, "no UDP response")
    except BaseException:
        sock.close()
        raise
