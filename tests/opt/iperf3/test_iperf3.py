"""iperf3 against the real one, in both directions, TCP and UDP."""

import json
import re
import socket
import subprocess

import pytest
from harness import PATIENCE

from bin import peers

LINE = re.compile(
    r"\[  1\]\s+0\.00-(\d\.\d+)\s+sec\s+([\d.e+]+) (KBytes|MBytes)\s+([\d.e+]+) (\w)bits/sec  (sender|receiver)"
)


@pytest.mark.parametrize("words", ["", "-R", "-u -b 5M", "-u -R -b 5M", "-l 1000 -b 8M"])
def test_as_a_client(sim, require, words):
    port = peers.free_port()
    with peers.program(require("iperf3"), "-s", "-p", str(port), port=port):
        result = sim(f"iperf3 -c 127.0.0.1 -p {port} -t 1 {words}")
    assert (result.status, result.stderr) == (0, "")
    lines = LINE.findall(result.stdout)
    assert [line[-1] for line in lines] == ["sender", "receiver"]
    assert float(lines[1][1]) > 0
    if "-u" in words:
        assert re.search(r"jitter [\d.]+ ms, lost \d+/[1-9]\d* ", result.stdout)
    if "-b" in words:
        rate = float(lines[0][3]) * 1e6
        assert 0.5 < rate / (5e6 if "5M" in words else 8e6) < 1.2


@pytest.fixture(scope="module")
def iperf_port():
    return peers.free_port()


@pytest.mark.parametrize("words", ["", "-R", "-u -b 2M -l 1400", "-u -R -b 2M -l 1400"])
def test_as_a_server(console, require, port_offset, words):
    iperf3 = require("iperf3")
    console(port_offset=port_offset)
    console.expect("$: ")
    console.send("iperf3 -s -1 -p 5201\r")
    console.expect(f"listening on port {5201 + port_offset}")
    command = [iperf3, "-c", "127.0.0.1", "-p", str(5201 + port_offset), "-t", "1", "--json", *words.split()]
    run = subprocess.run(command, capture_output=True, timeout=PATIENCE)
    found = json.loads(run.stdout)
    assert run.returncode == 0, found.get("error")
    end = found["end"]
    assert (end["sum"] if "-u" in words else end["sum_received"])["bytes"] > 10000
    console.expect("receiver")
    console.expect("$: ")


def test_several_streams_are_refused_with_a_sentence(console, require, port_offset):
    iperf3 = require("iperf3")
    console(port_offset=port_offset)
    console.expect("$: ")
    console.send("iperf3 -c 127.0.0.1 -P 4\r")
    console.expect("parallel streams are not supported")
    console.expect("$: ")
    console.send("iperf3 -s\r")
    console.expect("listening on port")
    command = [iperf3, "-c", "127.0.0.1", "-p", str(5201 + port_offset), "-t", "1", "-P", "2"]
    assert subprocess.run(command, capture_output=True, timeout=PATIENCE).returncode
    console.expect("parallel streams are not supported")
    command[-1] = "1"
    assert subprocess.run(command, capture_output=True, timeout=PATIENCE).returncode == 0
    console.send("\x03")
    console.expect("$: ")


def test_junk_does_not_end_the_server(console, port_offset):
    console(port_offset=port_offset)
    console.expect("$: ")
    console.send("iperf3 -s\r")
    console.expect("listening on port")
    for junk in (b"", b"x" * 37, b"x" * 37 + b"\xff\xff\xff\xff", b"y" * 37 + b"\0\0\0\2{]", b"z" * 37 + b"\0\0\0\2[]"):
        with socket.create_connection(("127.0.0.1", 5201 + port_offset), 10) as sock:
            sock.sendall(junk)
            sock.shutdown(socket.SHUT_WR)
            sock.settimeout(PATIENCE)
            try:
                while sock.recv(100):
                    pass
            except ConnectionResetError:
                pass
    console.send("\x03")
    console.expect("$: ")
    console.send("netstat -l; echo e''nd\r")
    console.expect("end")


@pytest.mark.parametrize(
    "words", ["", "-c a -s", "-c a -t 0", "-c a -t x", "-c a -b x", "-c a b", "-c a -u -l 9999", "-c a -l 5"]
)
def test_wrong_words(sim, words):
    result = sim("iperf3 " + words)
    assert result.status == 2 and "usage: iperf3" in result.stderr


def test_nobody_there_and_the_words_of_upyos(sim):
    result = sim("iperf3 -c 127.0.0.1 -p 1; iperf3 -cu 127.0.0.1 -p 1; iperf3 -cr 127.0.0.1 -p 1")
    assert result.stderr == "iperf3: 127.0.0.1:1: Connection refused\n" * 3
