# InterCon over ESP-NOW: calls between nodes without an access point, in frames of at most 250 bytes.
#
# Nodes with the fleet key use the sealed form (services.micros.sealed). A node is found by its name: everybody who has the key
# answers an ASK to all. A frame that is not acknowledged is sent again, and so is a whole call without an answer; the other
# node runs it once. micrOS's plain form is answered and sent only where `intercon` is `plain`: services.micros.plain_radio.

import asyncio

from micropython import const

from base.errors import Failure
from net.sockets import readable
from process import cpu
from services.micros import fleet_key, sealed, settings

FRAME_MAX = const(250)  # bytes: what every chip and firmware takes
EVERYBODY = b"\xff" * 6
TAG = "espnow.server"  # of the task, as clients know it

_BUFFER = const(4096)  # bytes of received frames that wait
_PEERS_MAX = const(20)  # the radio has no more
_RESPONDERS_MAX = const(8)
_TRIES = const(5)  # of a frame, and of a call
_FINDS = const(3)  # of a question to all, which nobody acknowledges
_RETRY_MS = const(20)
_PAUSE_MS = const(4)  # between frames: the other node takes them out of its buffer
_ASK_MS = const(300)  # for a challenge
_ANSWER_MS = const(2000)  # for an answer, before the call is sent again

radio = None  # the Radio, while the service has one


class Unreachable(Failure):
    """The node does not answer, and has not got the command either."""


class Waiting:
    """A call of this node: what it waits for."""

    mac = None
    nonces = None  # of the challenge
    call = None
    text = None  # the answer
    refused = None

    def __init__(self, name):
        self.name = name  # of the node that is meant; None: all
        self.event = asyncio.Event()

    async def comes(self, ms):
        """Whether what is waited for comes in time."""
        try:
            await asyncio.wait_for_ms(self.event.wait(), ms)
            return True
        except asyncio.TimeoutError:
            return False


class Radio:
    """The radio of this node. OSError or Failure where there is none."""

    def __init__(self, execute):
        """execute(command) returns what it prints."""
        self.execute = execute
        try:
            from network import WLAN  # late: not on every board

            ESPNow = __import__("espnow").ESPNow  # noqa: N806 (not every port has the module)
        except ImportError:
            raise Failure("", "this board has no ESP-NOW")
        WLAN(WLAN.IF_STA).active(True)
        self.now = ESPNow()
        self.now.active(True)
        self.now.config(rxbuf=_BUFFER)
        self.peers = []  # that the radio knows, the last used at the end
        self.members = {}  # {address: name} of nodes that have proved to have the key
        self.responders = {}  # {address and nonce: Responder}
        self.waiting = {}  # {nonce: Waiting}
        self.plain = None  # micrOS's form, while it is allowed

    async def serve(self, task):
        """The main function of the task: receive."""
        task.out = "ESPNow receiver running"
        try:
            cpu.schedule(self.find(EVERYBODY))
            while True:
                await readable(self.now)
                mac, frame = self.now.recv(0)
                if mac and frame:
                    try:
                        await self.take(bytes(mac), bytes(frame))
                    except Exception as e:  # sealed.Refused; or no memory, with which the others must not end
                        self.refuse(mac, frame, e)
                await asyncio.sleep_ms(0)
        finally:
            task.finish()

    def refuse(self, mac, frame, error):
        """Log why a frame is not taken, and tell who has called."""
        from services.micros import responder  # late: only for what is refused

        responder.note(address_text(mac), error)
        if frame[0] in (sealed.ASK, sealed.CALL) and isinstance(error, sealed.Refused):
            self.put(mac, sealed.refusal(frame, error.why))

    async def take(self, mac, frame):
        """Take a frame; Failure if it is refused."""
        kind = frame[0]
        if not sealed.ASK <= kind <= sealed.REFUSED:
            await self.take_plain(mac, frame)
            return
        key = fleet_key.read()
        begin = frame[1 : 1 + sealed.NONCE]
        if not key:
            raise sealed.Refused(sealed.NO_KEY)
        if kind == sealed.ASK:
            await self.challenge(key, mac, begin, frame)
        elif kind == sealed.CALL:
            self.answer(mac, begin, frame)
        elif begin in self.waiting:
            self.hear(key, self.waiting[begin], mac, kind, frame)

    async def challenge(self, key, mac, begin, frame):
        """Answer an ASK."""
        from services.micros.responder import Responder  # late: only for nodes that call

        if begin in self.waiting:  # this node's own, sent back
            return
        found = self.responders.get(mac + begin)
        if not found:
            found = Responder(key, frame, self.execute)
            for name in [name for name in self.responders if self.responders[name].is_over()]:
                del self.responders[name]
            if len(self.responders) >= _RESPONDERS_MAX:
                del self.responders[min(self.responders, key=lambda name: self.responders[name].since)]
            self.responders[mac + begin] = found
        await self.put_all(mac, [found.challenge])
        if mac not in self.members and not self.waiting:
            cpu.schedule(self.find(mac))

    def answer(self, mac, begin, frame):
        """Run a call, once it is whole."""
        found = self.responders.get(mac + begin)
        if not found:
            raise sealed.Refused(sealed.NO_CHALLENGE)
        frames = found.take(frame, FRAME_MAX)
        if frames:
            self.remember(mac, found.caller)
            cpu.schedule(self.put_all(mac, frames))

    def hear(self, key, waiting, mac, kind, frame):
        """Take what belongs to a call of this node."""
        if kind == sealed.REFUSED:
            waiting.refused = sealed.reason_of(frame[-1])
        elif kind == sealed.CHALLENGE:
            nonces, name = sealed.greeted(key, frame)
            if name == settings.get("devfid"):  # whoever relays this node's own challenge
                return
            self.remember(mac, name)
            if waiting.name and waiting.name.lower() == name.lower() and not waiting.nonces:
                waiting.mac, waiting.nonces = mac, nonces
                waiting.event.set()
        elif waiting.call and waiting.text is None:
            waiting.text = waiting.call.take(kind, frame)
            if waiting.text is not None:
                waiting.event.set()

    def remember(self, mac, name):
        """A node has proved that it has the key: what is known of its name and its address is replaced."""
        for old in [old for old in self.members if self.members[old] == name or old == mac]:
            del self.members[old]
        if len(self.members) >= _PEERS_MAX:
            del self.members[next(iter(self.members))]
        self.members[mac] = name

    async def take_plain(self, mac, frame):
        if not settings.is_plain():
            raise Failure("", "refused: plain text is not allowed")
        await self.plainly().take(mac, frame)

    def plainly(self):
        """micrOS's form."""
        if not self.plain:
            from services.micros.plain_radio import PlainRadio  # late: only where it is allowed

            self.plain = PlainRadio(self)
        return self.plain

    def put(self, mac, frame):
        """Send a frame; whether it has been acknowledged."""
        try:
            if mac in self.peers:
                self.peers.remove(mac)
            else:
                if len(self.peers) >= _PEERS_MAX:
                    self.now.del_peer(self.peers.pop(0))
                self.now.add_peer(mac)
            self.peers.append(mac)
            return self.now.send(mac, frame, True)
        except OSError:  # no memory, or a Load Module has changed the peers
            return False

    async def put_all(self, mac, frames):
        """Send frames, each until it is acknowledged; whether all were."""
        for frame in frames:
            for _ in range(_TRIES):
                if self.put(mac, frame):
                    break
                await asyncio.sleep_ms(_RETRY_MS)
            else:
                return False
            await asyncio.sleep_ms(_PAUSE_MS)
        return True

    async def find(self, mac):
        """Ask one node, or all, who they are: who has the key becomes a member."""
        key = fleet_key.read()
        if key:
            await self.ask(key, mac, Waiting(None), 1)

    async def ask(self, key, mac, waiting, tries):
        """Ask for a challenge; the nonce under which waiting is listed, by which the caller removes it."""
        begin = sealed.nonce()
        self.waiting[begin] = waiting
        try:
            for _ in range(tries):
                await self.put_all(mac, [sealed.greeting(key, sealed.ASK, begin, settings.get("devfid"))])
                if await waiting.comes(_ASK_MS):
                    break
        finally:
            if not waiting.nonces:
                del self.waiting[begin]
        return begin

    async def call(self, name, line):
        """Run a command on the node of that name: its answer; Unreachable where it has not got it, else Failure."""
        key = fleet_key.read()
        if not key:
            raise Unreachable(name, "no fleet key")
        waiting = Waiting(name)
        mac = self.address_of(name)
        begin = await self.ask(key, mac or EVERYBODY, waiting, _TRIES if mac else _FINDS)
        if not waiting.nonces:
            raise Unreachable(name, "refused: " + waiting.refused if waiting.refused else "no answer over ESP-NOW")
        try:
            waiting.call = sealed.Call(key, waiting.nonces)
            frames = waiting.call.seal(sealed.CALL, line, FRAME_MAX)
            for _ in range(_TRIES):
                waiting.event.clear()
                await self.put_all(waiting.mac, frames)
                if await waiting.comes(_ANSWER_MS):
                    return waiting.text
            raise Failure(name, "refused: " + waiting.refused if waiting.refused else "no answer over ESP-NOW")
        finally:
            del self.waiting[begin]

    def address_of(self, name):
        """The address of the member of that name, or None."""
        for mac in self.members:
            if self.members[mac].lower() == name.lower():
                return mac
        return None


def begin(execute):
    """Switch the radio on; returns the Radio. Failure or OSError."""
    global radio
    radio = Radio(execute)
    return radio


def end():
    """Switch it off."""
    global radio
    if radio:
        radio.now.active(False)
        radio = None


def address_text(mac):
    """An address as people write it."""
    return ":".join([f"{byte:02x}" for byte in mac])
