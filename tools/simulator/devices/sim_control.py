# The control channel: a socket at which a test or a person reads and changes the world of the simulated board.
#
# A request is one line with a JSON array, the answer one line with a JSON object, {"ok": value} or {"error": text}:
#   ["get", path]   ["tree", prefix]   ["set", path, value]   ["wait", path, value, timeout_ms]
# Each socket has a coroutine on the event loop. A program that only looks at a pin serves them by simulator.poll().

import json
import select
import socket
import sys
from asyncio import core

from micropython import const

import simulator

_LINE_MAX = const(65536)
_CHUNK = const(512)
_CLIENTS_MAX = const(4)
_PATH_MAX = const(120)
_WAIT_MAX = const(600_000)  # ms
_EAGAIN = const(11)

_clients = []
_chunk = bytearray(_CHUNK)
_poller = select.poll()


def start(address):
    """Listen at HOST:PORT for as long as the board has power."""
    host, _, port = address.rpartition(":")
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(socket.getaddrinfo(host, int(port))[0][-1])
    except (OSError, OverflowError) as e:
        import power

        sys.stderr.write("sim: --control: cannot listen at %s (%s)\n" % (address, e))
        power.off(1)
    listener.listen(_CLIENTS_MAX)
    listener.setblocking(False)
    _poller.register(listener, select.POLLIN)
    simulator.watchers.append(_changed)
    simulator.pollers.append(lambda: _serve_now(listener))
    simulator.always(lambda: _listen(listener))
    simulator.always(_resume)


async def _listen(listener):
    simulator.at_home()
    while True:
        await _ready(listener)
        _accept(listener)


async def _resume():
    """A new event loop knows nothing of the clients that are there."""
    for client in _clients:
        simulator.spawn(client.serve())


def _ready(stream):
    """Wait until there is something to read."""
    yield core._io_queue.queue_read(stream)


def _room(stream):
    """Wait until it takes output."""
    yield core._io_queue.queue_write(stream)


def _accept(listener):
    try:
        stream = listener.accept()[0]
    except OSError:  # simulator.poll() was quicker
        return
    if len(_clients) >= _CLIENTS_MAX:
        stream.write(b'{"error": "too many clients"}\n')
        stream.close()
        return
    stream.setblocking(False)
    client = Client(stream)
    _clients.append(client)
    simulator.spawn(client.serve())


def _serve_now(listener):
    """For simulator.poll(): what the coroutines would do, without waiting."""
    for _ in _poller.poll(0):
        _accept(listener)
    for client in _clients:
        client.settle()
        client.read()


def _changed(path):
    """For simulator.put(), which devices call at any depth: what takes calls is left to a coroutine."""
    for client in _clients:
        waiting = client.waiting
        if waiting and not waiting[2] and waiting[0] == path and waiting[1] == simulator.get(path):
            waiting[2] = True
            simulator.spawn(client.granted())


class Client:
    """One connection: requests are answered in their order."""

    def __init__(self, stream):
        self.stream = stream
        self.line = bytearray()  # the beginning of a request
        self.refused = None  # why the line that is coming cannot be a request
        self.out = []  # what the other side has not taken yet: nothing is read until it has
        self.waiting = None  # [path, value, whether it has been seen] of a wait that has not been answered yet
        self.closed = False

    async def serve(self):
        """Until the other side closes."""
        try:
            while not self.closed:
                await _ready(self.stream)
                self.read()
                while self.out:
                    await _room(self.stream)
                    self.flush()
        except (OSError, MemoryError):
            pass  # the other side is gone, or asks for too much
        self.waiting = None
        if self in _clients:
            _clients.remove(self)
        self.stream.close()

    def read(self):
        """Take what has come, and answer."""
        if self.closed or self.out:
            return
        try:
            count = self.stream.readinto(_chunk)
        except OSError:
            count = 0
        if count is None:
            return
        if count == 0 or self.waiting and len(self.line) > _LINE_MAX:  # or it asks and asks, and takes no answer
            self.closed = True
            return
        try:
            self.line.extend(memoryview(_chunk)[:count])
        except MemoryError:
            end = _chunk.find(b"\n", 0, count)
            self.line = bytearray() if end < 0 else bytearray(_chunk[end:count])
            self.refused = "there is no memory for it"
        self.work()

    def work(self):
        """Answer the requests that are complete, until one has to wait."""
        while not self.waiting and not self.out:
            end = self.line.find(b"\n")
            if (len(self.line) if end < 0 else end) > _LINE_MAX:
                self.refused = "at most %d bytes expected" % _LINE_MAX
            if end < 0:
                if self.refused:
                    self.line = bytearray()
                return
            request = memoryview(self.line)[:end]
            self.line = bytearray(memoryview(self.line)[end + 1 :])
            if self.refused:
                self.answer("error", "a long request: " + self.refused)
                self.refused = None
            elif end:
                self.obey(request)

    def obey(self, line):
        """Answer one request; whatever is wrong with it is the answer."""
        try:
            request = json.loads(line)
            line = None
            if not isinstance(request, list) or not request:
                raise ValueError("a request is a JSON array")
            verb, *args = request
            count = _ARGUMENTS.get(verb) if isinstance(verb, str) else None
            if count is None:
                raise ValueError("get, tree, set or wait expected")
            if len(args) != count:
                raise ValueError("%s: %d arguments expected" % (verb, count))
            path = args[0]
            if not isinstance(path, str) or len(path) > _PATH_MAX or not path and verb != "tree":
                raise ValueError("a path is a text of at most %d characters" % _PATH_MAX)
            if verb == "wait":
                return self.wait(*args)
            value = getattr(simulator, verb)(*args)
            self.answer("ok", value)
        except Exception as e:
            self.answer("error", str(e.args[0]) if isinstance(e, ValueError) and e.args else repr(e))

    def wait(self, path, value, timeout):
        if not isinstance(timeout, int) or not 0 <= timeout <= _WAIT_MAX:
            raise ValueError("wait: a time of 0 to %d ms expected" % _WAIT_MAX)
        if simulator.get(path) == value:
            self.answer("ok", value)
            return
        self.waiting = waiting = [path, value, False]
        simulator.spawn(self.expire(waiting, timeout))

    async def expire(self, waiting, timeout):
        await core.sleep_ms(timeout)
        self.settle()
        if self.waiting is waiting:
            self.waiting = None
            self.answer("error", "%s is %s" % (waiting[0], json.dumps(simulator.get(waiting[0]))))
            self.work()

    async def granted(self):
        self.settle()

    def settle(self):
        """Answer the wait if its value has been seen."""
        if self.waiting and self.waiting[2]:
            value = self.waiting[1]
            self.waiting = None
            self.answer("ok", value)
            self.work()

    def answer(self, word, value):
        """Send an answer, as far as the other side takes it."""
        self.out = [memoryview(json.dumps({word: value})), b"\n"]
        self.flush()

    def flush(self):
        try:
            while self.out:
                sent = self.stream.write(self.out[0])
                if sent is None:
                    return
                self.out[0] = self.out[0][sent:]
                if not self.out[0]:
                    self.out.pop(0)
        except OSError:
            self.closed = True
            self.out = []


_ARGUMENTS = {"get": 1, "tree": 1, "set": 2, "wait": 3}
