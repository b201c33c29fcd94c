"""tools/diatom scan: simulated boards, and those that announce themselves in the network."""

import json
import os
import socket
import struct
import subprocess
import sys
import threading

import pytest
from harness import DIATOM, PATIENCE, ROOT

from remote import mdns

SERVICE = b"\4_ftp\4_tcp\5local\0"


def record(owner, kind, data):
    return owner + struct.pack(">HHIH", kind, 0x8001, 120, len(data)) + data


def answer(name, port, address, text=b""):
    """A board's reply to a query for _ftp._tcp.local; names are compressed by pointers."""
    head = struct.pack(">6H", 0, 0x8400, 0, 1, 0, 3)
    service = struct.pack(">H", 0xC000 | len(head))
    label = bytes([len(name)]) + name
    instance = struct.pack(">H", 0xC000 | len(head) + len(SERVICE) + 10)
    host = label + b"\5local\0"
    return (
        head
        + record(SERVICE, mdns.PTR, label + service)
        + record(instance, mdns.SRV, struct.pack(">HHH", 0, 0, port) + host)
        + record(host, mdns.A, socket.inet_aton(address))
        + record(instance, mdns.TXT, bytes([len(text)]) + text)
    )


@pytest.fixture
def responder():
    """Callable: answer the next question by multicast with these packets."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    threads = []

    def responder(*packets):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.settimeout(PATIENCE)
        try:
            sock.bind(("", mdns.PORT))
            group = socket.inet_aton(mdns.GROUP) + struct.pack("=I", socket.INADDR_ANY)
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
            sock.sendto(b"", (mdns.GROUP, mdns.PORT))
            sock.recv(1)
        except OSError as e:
            pytest.skip(f"multicast does not work on this host ({e})")

        def serve():
            question = b""
            while SERVICE not in question:
                question, sender = sock.recvfrom(9000)
            for packet in packets:
                sock.sendto(packet, sender)

        threads.append(threading.Thread(target=serve))
        threads[-1].start()

    yield responder
    for thread in threads:
        thread.join()
    sock.close()


def test_boards_in_the_network(responder):
    broken = answer(b"x", 1, "10.0.0.1")[:-20]
    circle = struct.pack(">6H", 0, 0x8400, 0, 1, 0, 0) + b"\xc0\x0c" + bytes(10)
    responder(
        b"noise",
        broken,
        circle,
        answer(b"greenhouse", 21, "192.168.7.8", b"diatom=1.2.3"),
        answer(b"shed", 2121, "192.168.7.9"),
    )
    run = subprocess.run([*DIATOM, "scan", "--json", "--wait", "0.5"], capture_output=True, text=True, timeout=PATIENCE)
    found = {board["description"]: board for board in json.loads(run.stdout)}
    assert found["greenhouse"]["address"] == "ftp://192.168.7.8:21"
    assert (found["greenhouse"]["diatom"], "diatom" in found["shed"]) == ("1.2.3", False)
    assert found["shed"]["address"] == "ftp://192.168.7.9:2121"
    assert found["shed"]["state"] == "in network"


def test_simulated_boards(tmp_path):
    name = f"sim:{tmp_path / 'board.img'}"

    def diatom(*words):
        return subprocess.run(
            [*DIATOM, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE
        )

    assert diatom("-b", name, "sim", "start").returncode == 0
    try:
        table = diatom("scan", "--wait", "0", "--probe").stdout
        line = next(line for line in table.splitlines() if "board.img" in line and str(tmp_path.name) in line)
        assert "Diatom" in line and "MicroPython 1." in line
    finally:
        diatom("-b", name, "sim", "stop")
    assert str(tmp_path.name) not in diatom("scan", "--wait", "0").stdout


def test_finds_a_simulator_with_a_pseudo_terminal(tmp_path):
    image = tmp_path / "own.img"
    sim = [sys.executable, "-I", "-S", str(ROOT / "tools" / "sim"), "--flash", str(image), "--pty", "--quiet-boot"]
    with subprocess.Popen(sim, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        pty = process.stdout.readline().strip()
        scan = [*DIATOM, "scan", "--json", "--wait", "0"]
        try:
            found = json.loads(subprocess.run(scan, capture_output=True, text=True, timeout=PATIENCE).stdout)
        finally:
            process.terminate()
    board = next(board for board in found if board["description"] == pty)
    assert os.path.abspath(board["address"].removeprefix("sim:")) == str(image)
    assert board["state"] == "simulated"
    after = subprocess.run(scan, capture_output=True, text=True, timeout=PATIENCE).stdout
    assert pty not in after
