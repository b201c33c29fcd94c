# micrOS's form of InterCon over ESP-NOW: ID|REQ or RSP|TEXT|NAME$, in one frame, for everybody to read and to forge.
#
# Used only where `intercon` is `plain`. As in micrOS, with `auth` only Load Modules that are loaded can be called.

from base.errors import Failure
from services.micros import modules, radio, sealed, settings

_ANSWER_MS = 10_000
_PEERS_MAX = 20


class PlainRadio:
    """What nodes without the sealed form say and hear."""

    def __init__(self, radio):
        self.radio = radio
        self.peers = {}  # {address: name} as they say

    def packet(self, tid, kind, text):
        data = f"{tid}|{kind}|{text}|{settings.get('devfid')}$".encode()
        if len(data) > radio.FRAME_MAX:
            raise Failure("", f"longer than {radio.FRAME_MAX} bytes")
        return data

    async def take(self, mac, frame):
        """Take a frame; Failure for what is none of these."""
        try:
            fields = frame.decode().strip().rstrip("$").split("|")
        except UnicodeError:
            fields = ()
        if len(fields) != 4:
            raise Failure("", "refused: neither sealed nor micrOS's form")
        tid, kind, text, name = fields
        if mac not in self.peers and len(self.peers) >= _PEERS_MAX:
            del self.peers[next(iter(self.peers))]
        self.peers[mac] = name
        if kind == "REQ":
            await self.radio.put_all(mac, [self.answer(tid, text, name)])
        elif kind == "RSP" and tid in self.radio.waiting:
            waiting = self.radio.waiting[tid]
            waiting.text = text
            waiting.event.set()

    def answer(self, tid, text, name):
        """The packet that answers a request."""
        module = text.split(" ", 1)[0]
        if text == "hello":
            return self.packet(tid, "RSP", "hello " + name)
        if settings.get("auth") and module not in modules.loaded() + ["task", "modules"]:
            return self.packet(tid, "RSP", f"[WARN][_ESPNOW] NotAllowed {module}")
        out = self.radio.execute(text)
        try:
            return self.packet(tid, "RSP", out)
        except Failure as e:
            return self.packet(tid, "RSP", f"[ERR] {e}")

    async def call(self, mac, line):
        """The answer of a node to a command; radio.Unreachable, Failure."""
        tid = sealed.nonce().hex()
        waiting = radio.Waiting(None)
        if "|" in line:
            raise Failure("", "micrOS's form takes no | in a command")
        packet = self.packet(tid, "REQ", line)
        self.radio.waiting[tid] = waiting
        try:
            if not await self.radio.put_all(mac, [packet]):
                raise radio.Unreachable("", "Peer not responding")
            if not await waiting.comes(_ANSWER_MS):
                raise Failure("", "Timeout has been exceeded")
            return waiting.text
        finally:
            del self.radio.waiting[tid]

    def address_of(self, name):
        for mac in self.peers:
            if self.peers[mac] == name:
                return mac
        return None
