# espnow: ESP-NOW between simulated boards (https://docs.micropython.org/en/latest/library/espnow.html).
#
# The air is a directory of this computer, `espnow.air` in the store: each board has a datagram socket in it, named by the
# address of its radio. What nobody can receive is not acknowledged. docs/simulator-network.md has the paths.

import io
import select
import socket
from time import ticks_ms

import network
import sim_port
import vfs
from micropython import const

import simulator

sim_port.require("espnow", sim_port.port() == "esp32")

MAX_DATA_LEN = 250
KEY_LEN = 16
ADDR_LEN = 6
MAX_TOTAL_PEER_NUM = 20
MAX_ENCRYPT_PEER_NUM = 6

_UNIX = const(1)  # AF_UNIX
_FILENO = const(10)  # requests to a stream
_CLOSE = const(4)
_RSSI = const(-50)
_TIMEOUT_MS = const(300_000)
_RXBUF = const(526)
_BROADCAST = b"\xff" * ADDR_LEN
_MONITOR = "monitor"  # a socket of this name gets all that is sent
_ERRORS = (
    "NOT_INIT=12389 ARG=12390 NO_MEM=12391 FULL=12392 NOT_FOUND=12393 INTERNAL=12394 EXIST=12395 IF=12396 "  # esp_now.h
)


def _error(name):
    number = _ERRORS.partition(name + "=")[2].partition(" ")[0]
    return OSError(-int(number), "ESP_ERR_ESPNOW_" + name)


def _address(directory, name):
    """A packed sockaddr_un."""
    return b"\1\0" + f"{directory}/{name}".encode() + b"\0"


def _bytes(data, length=None):
    data = data.encode() if isinstance(data, str) else bytes(data)
    if length and len(data) != length:
        raise ValueError("invalid buffer length")
    return data


class _Radio:
    """What all ESPNow objects of a board share."""

    def __init__(self):
        self.sock = None
        self.peers = {}  # {address: (lmk, channel, ifidx, encrypt)}
        self.heard = {}  # {address: [RSSI, ticks]} of those that have been heard
        self.stats = [0, 0, 0, 0, 0]
        self.timeout_ms = _TIMEOUT_MS
        self.rxbuf = _RXBUF
        self.data = [None, bytearray(MAX_DATA_LEN)]
        self.irq = None
        self.chance = 1  # what decides whether a frame is lost: the same in each run


_radio = _Radio()


class ESPNow(io.IOBase):
    """The radio."""

    @property
    def peers_table(self):
        return _radio.heard

    def active(self, flag=None):
        """Get or set whether the radio takes part."""
        if flag is not None and bool(flag) != bool(_radio.sock):
            if flag:
                self._open()
            else:
                _radio.sock.close()
                _radio.sock = None
                _radio.peers.clear()
            simulator.put("espnow.active", bool(flag))
        return bool(_radio.sock)

    def _open(self):
        _radio.sock = socket.socket(_UNIX, socket.SOCK_DGRAM)
        _radio.sock.setblocking(False)
        air = simulator.get("espnow.air")
        if air:
            name = self._mac().hex()
            try:
                vfs.VfsPosix(air).remove("/" + name)  # that of the board before a reset
            except OSError:
                pass
            _radio.sock.bind(_address(air, name))

    def _mac(self):
        return network.WLAN(network.WLAN.IF_STA).config("mac")

    def _require(self):
        if not _radio.sock:
            raise _error("NOT_INIT")

    def config(self, *query, **changes):
        """Get or set rxbuf, timeout_ms; rate can be set."""
        for name in changes:
            if name not in ("rxbuf", "timeout_ms", "rate"):
                raise ValueError("unknown config param")
        _radio.rxbuf = changes.get("rxbuf", _radio.rxbuf)
        _radio.timeout_ms = changes.get("timeout_ms", _radio.timeout_ms)
        if query == ("rxbuf",):
            return _radio.rxbuf
        if query == ("timeout_ms",):
            return _radio.timeout_ms
        if query:
            raise ValueError("unknown config param")

    def send(self, *words):
        """send([MAC,] MSG[, SYNC]): whether all that were meant have acknowledged; without a MAC, all peers."""
        self._require()
        if not words or len(words) > 3:
            raise TypeError("wrong number of arguments")
        mac, msg = (None, words[0]) if len(words) == 1 else words[:2]
        sync = words[2] if len(words) == 3 else True
        msg = _bytes(msg)
        if not 0 < len(msg) <= MAX_DATA_LEN:
            raise ValueError("invalid buffer length")
        wanted = list(_radio.peers) if mac is None else [_bytes(mac, ADDR_LEN)]
        good = True
        for address in wanted:
            if address not in _radio.peers:
                raise _error("NOT_FOUND")
            if not network.WLAN(_radio.peers[address][2]).active():
                raise _error("IF")
            good = self._carry(address, msg) and good
        simulator.put("espnow.stats", list(_radio.stats))
        return good or not sync

    def _carry(self, address, msg):
        """Send a frame to one address; whether it was acknowledged."""
        air = simulator.get("espnow.air")
        frame = address + self._mac() + msg
        everybody = address == _BROADCAST
        _radio.stats[0] += 1
        good = everybody
        if air:
            names = [entry[0] for entry in vfs.VfsPosix(air).ilistdir("/") if everybody]
            for name in names if everybody else [address.hex()]:
                if name not in (self._mac().hex(), _MONITOR):
                    good = (not self._is_lost() and self._deliver(air, name, frame)) or everybody
            self._deliver(air, _MONITOR, frame)
        _radio.stats[1 if good else 2] += 1
        return good

    def _is_lost(self):
        _radio.chance = (_radio.chance * 1103515245 + 12345) & 0x7FFFFFFF
        return (_radio.chance >> 8) % 100 < simulator.get("espnow.loss", 0)

    def _deliver(self, air, name, frame):
        try:
            _radio.sock.sendto(frame, _address(air, name))
            return True
        except OSError:  # nobody is there, or takes nothing more
            return False

    def recvinto(self, data, timeout_ms=None):
        """Receive into data, [MAC, BUFFER, ...]: the bytes of the message, 0 for none in time."""
        self._require()
        wait = _radio.timeout_ms if timeout_ms is None else timeout_ms
        if not self._readable(wait):
            return 0
        frame = _radio.sock.recv(2 * ADDR_LEN + MAX_DATA_LEN)
        mac, msg = frame[ADDR_LEN : 2 * ADDR_LEN], frame[2 * ADDR_LEN :]
        _radio.stats[3] += 1
        _radio.heard[mac] = [simulator.get("espnow.rssi", _RSSI), ticks_ms()]
        data[0] = mac
        if len(data[1]) < len(msg):
            data[1] = bytearray(MAX_DATA_LEN)
        if len(data) > 3:
            data[2:] = _radio.heard[mac]
        data[1][: len(msg)] = msg
        if isinstance(data[1], bytearray) and len(data[1]) != len(msg):
            data[1] = bytearray(msg)
        return len(msg)

    def _readable(self, ms):
        poller = select.poll()
        poller.register(_radio.sock, select.POLLIN)
        return bool(poller.poll(ms))

    def irecv(self, timeout_ms=None):
        """The next message as [MAC, MSG], in a list that is used again; (None, None) for none in time."""
        return _radio.data if self.recvinto(_radio.data, timeout_ms) else (None, None)

    def recv(self, timeout_ms=None):
        """The next message as [MAC, MSG]; (None, None) for none in time."""
        found = self.irecv(timeout_ms)
        return [bytes(found[0]), bytes(found[1])] if found[0] else found

    def any(self):
        """Whether there is a message."""
        self._require()
        return self._readable(0)

    def __iter__(self):
        return self

    def __next__(self):
        return self.irecv()

    def irq(self, callback):
        """Call callback(self) after a message has come; None: do not."""
        began = _radio.irq
        _radio.irq = callback
        if callback and not began:
            simulator.spawn(self._call_back())

    async def _call_back(self):
        from asyncio import sleep_ms

        while _radio.irq and _radio.sock:
            if self._readable(0):
                _radio.irq(self)
            await sleep_ms(1)
        _radio.irq = None

    def stats(self):
        """(sent, acknowledged, not acknowledged, received, dropped)."""
        return tuple(_radio.stats)

    def set_pmk(self, pmk):
        self._require()
        _bytes(pmk, KEY_LEN)

    def add_peer(self, mac, lmk=None, channel=None, ifidx=None, encrypt=None):
        """Register a peer."""
        self._require()
        mac = _bytes(mac, ADDR_LEN)
        if mac in _radio.peers:
            raise _error("EXIST")
        if len(_radio.peers) >= MAX_TOTAL_PEER_NUM:
            raise _error("FULL")
        self._put_peer(mac, lmk, channel, ifidx, encrypt)

    def mod_peer(self, mac, lmk=None, channel=None, ifidx=None, encrypt=None):
        """Change a peer."""
        old = self.get_peer(mac)
        new = (mac, lmk, channel, ifidx, bool(lmk) if lmk and encrypt is None else encrypt)
        self._put_peer(*[old[i] if new[i] is None else new[i] for i in range(len(old))])

    def _put_peer(self, mac, lmk, channel, ifidx, encrypt):
        lmk = _bytes(lmk, KEY_LEN) if lmk else None
        encrypt = bool(lmk) if encrypt is None else bool(encrypt)
        if (
            encrypt
            and len([1 for peer in _radio.peers if peer != mac and _radio.peers[peer][3]]) >= MAX_ENCRYPT_PEER_NUM
        ):
            raise _error("FULL")
        if ifidx not in (None, 0, 1):
            raise ValueError("invalid interface")
        _radio.peers[bytes(mac)] = (lmk or bytes(KEY_LEN), channel or 0, ifidx or 0, encrypt)

    def get_peer(self, mac):
        """(MAC, lmk, channel, ifidx, encrypt)."""
        self._require()
        mac = _bytes(mac, ADDR_LEN)
        if mac not in _radio.peers:
            raise _error("NOT_FOUND")
        return (mac,) + _radio.peers[mac]

    def get_peers(self):
        return tuple([self.get_peer(mac) for mac in _radio.peers])

    def peer_count(self):
        """(all peers, those that are encrypted)."""
        return len(_radio.peers), len([1 for peer in _radio.peers.values() if peer[3]])

    def del_peer(self, mac):
        del _radio.peers[self.get_peer(mac)[0]]

    def ioctl(self, request, argument):
        if request == _CLOSE:
            self.active(False)
            return 0
        return _radio.sock.fileno() if request == _FILENO and _radio.sock else -1
