"""The simulated ESP-NOW radio, as MicroPython documents it."""

import shutil
import socket
import tempfile
import threading
from pathlib import Path

import pytest

SCRIPT = """
import aioespnow, asyncio, espnow, network, simulator
sta = network.WLAN(network.WLAN.IF_STA)
def attempt(call, *words):
    try:
        return call(*words)
    except (OSError, ValueError) as e:
        return e.args[-1]
peer, other = bytes.fromhex("020000000001"), bytes.fromhex("020000000002")
e = espnow.ESPNow()
print(attempt(e.send, peer, b"x"), e.active(), e.active(True))
print(attempt(e.send, peer, b"x"))
e.add_peer(peer)
e.add_peer(other)
print(attempt(e.add_peer, peer), attempt(e.send, peer, b"x"))
sta.active(True)
print(e.send(peer, b"one"), e.send(other, b"none"), e.send(other, b"none", False), e.send("two"), attempt(e.send, peer, bytes(251)))
print(e.peer_count(), e.get_peer(peer)[1:], attempt(e.del_peer, b"123456"))
e.mod_peer(peer, b"0123456789abcdef")
print(e.peer_count(), e.get_peer(peer)[3:])
print([attempt(e.add_peer, bytes([2, 0, 0, 0, 1, i])) for i in range(19)][-1])
print(e.recv(0), e.any())
simulator.set("espnow.loss", 100)
print(e.send(peer, b"lost"))
simulator.set("espnow.loss", 0)
e.add_peer(b"\\xff" * 6) if e.del_peer(other) else e.add_peer(b"\\xff" * 6)
print(e.send(b"\\xff" * 6, b"all"), "go")
async def main():
    async for mac, msg in aioespnow.AIOESPNow():
        return mac, bytes(msg)
print(asyncio.run(asyncio.wait_for(main(), 60)), e.stats(), [entry[0] for entry in e.peers_table.values()])
"""


@pytest.fixture
def air():
    path = Path(tempfile.mkdtemp(prefix="air-"))
    yield path
    shutil.rmtree(path)


def test_it_does_what_is_documented(sim, air, tmp_path):
    (tmp_path / "it.py").write_text(SCRIPT)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sock.bind(str(air / "020000000001"))
    frame = bytes.fromhex("02d1a75e0001" + "020000000001") + b"hello"
    heard = []

    def listen():
        while not heard or heard[-1] != b"all":
            heard.append(sock.recv(4096)[12:])
        sock.sendto(frame, str(air / "02d1a75e0001"))

    threading.Thread(target=listen, daemon=True).start()
    result = sim("python /mine/it.py", mount=[f"{tmp_path}:/mine"], set={"espnow.air": air})
    assert result.stdout.splitlines() == [
        "ESP_ERR_ESPNOW_NOT_INIT False True",
        "ESP_ERR_ESPNOW_NOT_FOUND",
        "ESP_ERR_ESPNOW_EXIST ESP_ERR_ESPNOW_IF",
        "True False True False invalid buffer length",
        "(2, 0) (b'" + "\\x00" * 16 + "', 0, 0, False) ESP_ERR_ESPNOW_NOT_FOUND",
        "(2, 1) (0, True)",
        "ESP_ERR_ESPNOW_FULL",
        "(None, None) False",
        "False",
        "True go",
        "(b'\\x02\\x00\\x00\\x00\\x00\\x01', b'hello') (7, 3, 4, 1, 0) [-50]",
    ]
    assert heard == [b"one", b"two", b"all"]


def test_chips_without_it(sim):
    assert "no module named 'espnow'" in sim("python -c 'import espnow'", board="pico2-w").stderr
