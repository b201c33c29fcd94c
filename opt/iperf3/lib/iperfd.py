# An iperf3 server: one test at a time; other clients are refused.

import asyncio
import struct

import iperf

from base import config
from base.errors import Failure, reason
from net.link import Link
from net.sockets import datagrams, endpoint, listener, readable, sockaddr, within

_WAIT_MS = 20_000
_BLOCK_MAX = 1048576  # bytes of a block in TCP streams
_TIME_MAX = 3600  # seconds of a test


class Server:
    """Accepts tests; `await serve(once)`."""

    def __init__(self, port, say):
        self.port = config.port(port)
        self.say = say
        self.socket = listener(self.port)
        self.link = None  # the control connection of the current test
        self.name = b""
        self.stream = None  # the Link of its data

    async def serve(self, once):
        try:
            accepting = asyncio.create_task(self.accept())
            while True:
                while not self.link:
                    if accepting.done():
                        raise Failure("", "cannot accept connections")
                    await asyncio.sleep_ms(20)
                try:
                    await self.test(self.link)
                except (Failure, OSError, ValueError) as e:
                    self.say(f"iperf3: {reason(e)}")
                finally:
                    for link in (self.stream, self.link):
                        if link:
                            link.close()
                    self.stream = self.link = None
                if once:
                    return
        finally:
            self.socket.close()

    async def accept(self):
        """Accept the control and the data connection; refuse all others."""
        while True:
            await readable(self.socket)
            try:
                sock, address = self.socket.accept()
            except OSError:
                continue
            sock.setblocking(False)
            link = Link(sock, endpoint(address), _WAIT_MS)
            asyncio.create_task(self.admit(link))

    async def admit(self, link):
        try:
            name = await within(link.exactly(iperf.COOKIE), _WAIT_MS)
            if not self.link:
                self.name = name
                self.link = link
            elif name == self.name and not self.stream:
                self.stream = link
            else:
                await link.send(bytes((iperf.DENIED,)))
                link.close()
        except OSError:
            link.close()

    async def test(self, link):
        """Run one test."""
        self.say(f"accepted connection from {link.peer[0]}")
        await link.send(bytes((iperf.PARAMETERS,)))
        wanted = await iperf.hear(link)
        seconds = int(wanted.get("time", 10))
        if wanted.get("parallel", 1) != 1 or wanted.get("bidirectional") or not 0 < seconds <= _TIME_MAX:
            await link.send(bytes((iperf.ERROR,)) + struct.pack(">ii", 9, 0))
            raise Failure(link.peer[0], "parallel streams are not supported")
        udp = bool(wanted.get("udp"))
        sending = bool(wanted.get("reverse"))
        length = int(wanted.get("len", 0))
        if not 16 <= length <= (65507 if udp else _BLOCK_MAX):
            raise Failure(link.peer[0], "iperf3 protocol error")
        link.idle_ms = _WAIT_MS + seconds * 1000
        flow = None
        sock = None
        try:
            if udp:
                sock = datagrams(self.port)
            await link.send(bytes((iperf.STREAMS,)))
            if udp:
                await within(readable(sock), _WAIT_MS)
                _, address = sock.recvfrom(64)
                peer = sockaddr(*endpoint(address))
                sock.sendto(iperf.WELCOME, peer)
                flow = iperf.Flow(sock, True, length, int(wanted.get("bandwidth", 0)), self.say, peer)
            else:
                for _ in range(_WAIT_MS // 20):
                    if self.stream:
                        break
                    await asyncio.sleep_ms(20)
                else:
                    raise Failure(link.peer[0], "no data stream")
                flow = iperf.Flow(self.stream.sock, False, length, int(wanted.get("bandwidth", 0)), self.say)
            await link.send(bytes((iperf.START,)))
            await link.send(bytes((iperf.RUNNING,)))
            flow.start(sending)
            if await iperf.state(link) != iperf.END:
                raise Failure(link.peer[0], "iperf3 protocol error")
            flow.stop()
            if sending and not udp:  # the other side reads to the end of a block, or of the stream
                self.stream.close()
            await link.send(bytes((iperf.RESULTS,)))
            other = await iperf.hear(link)
            await iperf.tell(link, flow.results())
            await link.send(bytes((iperf.DISPLAY,)))
            iperf.report(self.say, flow, sending, other)
            await iperf.state(link)
        finally:
            if flow and hasattr(flow, "tasks"):
                flow.stop()
            if sock:
                sock.close()
