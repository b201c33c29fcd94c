# The node that is called: it gives a challenge, takes one call for it, runs the command and answers.

from binascii import a2b_base64, b2a_base64
from time import ticks_diff, ticks_ms

from micropython import const

from services.micros import fleet_key, sealed, settings

LINE = "intercon "  # before each frame in the socket shell, which is in base64 there
FRAME_MAX = const(1067)  # bytes of a frame over TCP: as a line it is shorter than the shell's limit
_LIFE_MS = const(10_000)  # how long a challenge is good for
_LOG_MS = const(1_000)  # between two lines in the log: whoever is refused decides how often

_logged = None  # ticks of the last line


class Responder:
    """One challenge, and the call that it lets in."""

    answers = None  # the frames of the answer, once the command has run

    def __init__(self, key, frame, execute):
        """frame: ASK; execute(command) returns what it prints. sealed.Refused."""
        self.execute = execute
        begin, self.caller = sealed.greeted(key, frame)
        nonces = begin + sealed.nonce()
        self.begin = begin
        self.challenge = sealed.greeting(key, sealed.CHALLENGE, nonces, settings.get("devfid"))
        self.call = sealed.Call(key, nonces)
        self.since = ticks_ms()

    def is_over(self):
        return ticks_diff(ticks_ms(), self.since) > _LIFE_MS

    def take(self, frame, size):
        """The frames of the answer once the command is whole, else none. It runs once, however often it comes."""
        if self.is_over():
            raise sealed.Refused(sealed.NO_CHALLENGE)
        line = self.call.take(sealed.CALL, frame)
        if line is None:
            return ()
        if self.answers is None:
            self.answers = ()  # a command that waits does not run again meanwhile
            text = self.execute(line)
            try:
                self.answers = self.call.seal(sealed.ANSWER, text, size)
            except sealed.Refused:
                text = f"answer longer than {sealed.TEXT_MAX} bytes"
                self.answers = self.call.seal(sealed.ANSWER, text, size)
        return self.answers


class Calls:
    """The calls of one connection to the socket shell, one after the other."""

    responder = None
    is_refused = False  # the connection ends

    def __init__(self, peer, execute):
        self.peer = peer
        self.execute = execute

    def take(self, text):
        """What the shell answers to a line with a frame; None for nothing yet."""
        try:
            frame = a2b_base64(text)
        except ValueError:
            frame = b""
        try:
            frames = self.replies(frame)
        except sealed.Refused as e:
            note(self.peer, e)
            self.is_refused = True
            frames = [sealed.refusal(frame, e.why)]
        return "\n".join([line_of(found) for found in frames]) or None

    def replies(self, frame):
        key = fleet_key.read()
        if not key:
            raise sealed.Refused(sealed.NO_KEY)
        if frame[:1] == bytes([sealed.ASK]):
            self.responder = Responder(key, frame, self.execute)
            return [self.responder.challenge]
        if not self.responder or not frame:
            raise sealed.Refused(sealed.NO_CHALLENGE if frame else sealed.ALTERED)
        frames = self.responder.take(frame, FRAME_MAX)
        if frames:
            self.responder = None
        return frames


def line_of(frame):
    """A frame as a line of the socket shell, without the newline."""
    return LINE + b2a_base64(frame).decode().rstrip("\n")


def note(peer, error):
    """Log why a frame has been refused."""
    from base import log  # late: only for what is refused

    global _logged
    if _logged is None or ticks_diff(ticks_ms(), _logged) >= _LOG_MS:
        _logged = ticks_ms()
        log.note("micros", f"intercon: {peer}: {error}", log.WARNING)
