# The telnet protocol (RFC 854, 855) as a state machine between the bytes of the network and those of a terminal.
#
# Options: we echo (RFC 857) and suppress go-ahead (858) if the client agrees, send and accept eight-bit data (856) on
# request, answer timing marks (860), ask for the window size (1073) and the terminal type (1091), and refuse all others.
# An option is answered only when it changes, which prevents loops (RFC 1143).

from micropython import const

_IAC = const(255)
_DONT = const(254)
_DO = const(253)
_WONT = const(252)
_WILL = const(251)
_SB = const(250)
_EL = const(248)
_EC = const(247)
_AYT = const(246)
_AO = const(245)
_IP = const(244)
_BRK = const(243)
_SE = const(240)
_ABORT = const(238)
_SUSP = const(237)
_EOF = const(236)

_BINARY = const(0)
_ECHO = const(1)
_SGA = const(3)
_TIMING = const(6)
_TTYPE = const(24)
_NAWS = const(31)

# A set of options is a number; bit i stands for option _KNOWN[i].
_KNOWN = b"\x00\x01\x03\x18\x1f"
_BINARY_BIT = const(1)
_ECHO_BIT = const(2)
_SGA_BIT = const(4)
_TTYPE_BIT = const(8)
_NAWS_BIT = const(16)
_OURS = const(7)  # binary, echo, SGA: our options that the client may enable
_THEIRS = const(29)  # binary, SGA, type, window: the options that we allow the client

_SUB_MAX = const(48)  # bytes of a subnegotiation that are kept
_SIZE_MAX = const(1000)  # columns or rows

# The keys for commands of the protocol.
_KEYS = {_IP: 3, _BRK: 3, _ABORT: 3, _SUSP: 26, _EOF: 4, _EC: 127, _EL: 21}

# States of the receiver.
_DATA = const(0)
_COMMAND = const(1)  # after IAC
_OPTION = const(2)  # after WILL, WONT, DO, DONT
_SUBNEGOTIATION = const(3)
_SUB_COMMAND = const(4)  # after IAC in a subnegotiation


class Telnet:
    """One end of the protocol. take() extracts the data of received bytes; replies collect in `answers`."""

    state = _DATA
    verb = 0  # WILL, WONT, DO or DONT before its option
    sub = None  # an incomplete subnegotiation
    last = 0  # the previous byte of data, for CR NUL and CR LF
    ours = 0  # our enabled options
    theirs = 0  # the client's enabled options
    offered = _ECHO_BIT | _SGA_BIT  # our offers without an answer
    wanted = _TTYPE_BIT | _NAWS_BIT  # our requests without an answer
    answered = False  # the client speaks telnet
    size = None  # a new (columns, rows) of the client's window
    kind = None  # the terminal type
    discard = False  # the client has asked to discard pending output

    def __init__(self):
        self.answers = bytearray()
        for verb, option in ((_WILL, _ECHO), (_WILL, _SGA), (_DO, _TTYPE), (_DO, _NAWS)):
            self.send_option(verb, option)

    @property
    def echoes(self):
        """True if we echo."""
        return self.ours & _ECHO_BIT != 0

    def take(self, data):
        """Extract the data of received bytes, with keys for commands (Ctrl-C for IP ...)."""
        out = bytearray()
        state = self.state
        if state == _DATA and _IAC not in data and 13 not in data and self.last != 13:
            return data
        for c in data:
            if state == _DATA:
                if c == _IAC:
                    state = _COMMAND
                elif self.last == 13 and (c == 0 or c == 10) and not self.theirs & _BINARY_BIT:
                    self.last = 0  # CR NUL and CR LF are one key
                else:
                    self.last = c
                    out.append(c)
            elif state == _COMMAND:
                state = _DATA
                if c == _IAC:
                    self.last = c
                    out.append(c)
                elif c >= _WILL:
                    self.verb = c
                    state = _OPTION
                elif c == _SB:
                    self.sub = bytearray()
                    state = _SUBNEGOTIATION
                elif c in _KEYS:
                    out.append(_KEYS[c])
                elif c == _AYT:
                    self.answers.extend(b"\r\n[Yes]\r\n")
                elif c == _AO:
                    self.discard = True
            elif state == _OPTION:
                state = _DATA
                self.negotiate(self.verb, c)
            elif state == _SUBNEGOTIATION:
                if c == _IAC:
                    state = _SUB_COMMAND
                elif len(self.sub) < _SUB_MAX:
                    self.sub.append(c)
            else:
                state = _SUBNEGOTIATION
                if c == _IAC:
                    if len(self.sub) < _SUB_MAX:
                        self.sub.append(c)
                else:  # SE, or an error, which ends it, too
                    state = _DATA
                    self.handle_subnegotiation(self.sub)
                    self.sub = None
        self.state = state
        return bytes(out)

    def negotiate(self, verb, option):
        """Handle WILL, WONT, DO or DONT."""
        self.answered = True
        if verb == _DO and option == _TIMING:
            self.send_option(_WILL, option)
            return
        on = verb == _WILL or verb == _DO
        at = _KNOWN.find(option)
        bit = 1 << at if at >= 0 else 0
        if verb == _DO or verb == _DONT:
            asked = self.offered & bit
            self.offered &= ~bit
            self.ours = self.change(self.ours, bit, on and _OURS & bit, on, asked, _WILL, option)
        else:
            asked = self.wanted & bit
            self.wanted &= ~bit
            had = self.theirs
            self.theirs = self.change(had, bit, on and _THEIRS & bit, on, asked, _DO, option)
            if self.theirs & ~had & _TTYPE_BIT:
                self.answers.extend(bytes((_IAC, _SB, _TTYPE, 1, _IAC, _SE)))

    def change(self, active, bit, good, on, asked, yes, option):
        """The options of one side after a request; answers it unless it confirms our own."""
        if on and not good:
            self.send_option(yes + 1, option)  # WONT, DONT
        elif on and not active & bit:
            if not asked:
                self.send_option(yes, option)
            return active | bit
        elif not on and active & bit:
            self.send_option(yes + 1, option)
            return active & ~bit
        return active

    def send_option(self, verb, option):
        self.answers.extend(bytes((_IAC, verb, option)))

    def handle_subnegotiation(self, sub):
        """Handle a complete subnegotiation."""
        if len(sub) == 5 and sub[0] == _NAWS:
            columns = sub[1] << 8 | sub[2]
            rows = sub[3] << 8 | sub[4]
            if 0 < columns <= _SIZE_MAX and 0 < rows <= _SIZE_MAX:
                self.size = (columns, rows)
        elif len(sub) > 2 and sub[0] == _TTYPE and sub[1] == 0:
            name = "".join([chr(c) for c in sub[2:34] if chr(c).isalpha() or chr(c).isdigit() or c in b"-+._"])
            self.kind = name.lower() or None

    def wrap(self, data):
        """Escape data for the network."""
        if _IAC in data:
            data = bytes(data).replace(b"\xff", b"\xff\xff")
        if 13 in data and not self.ours & _BINARY_BIT:
            data = bytes(data).replace(b"\r", b"\r\0").replace(b"\r\0\n", b"\r\n")
        return data
