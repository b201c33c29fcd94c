"""ping, nslookup and nc against servers on this computer."""

import socket
import subprocess
import threading
import time

import pytest
from harness import PATIENCE

from bin import peers


@pytest.fixture(scope="module")
def resolver(require):
    """A name server (dnsmasq); returns its port."""
    program = require("dnsmasq")
    port = peers.free_port()
    words = f"-k -p {port} --listen-address=127.0.0.1 --bind-interfaces --no-resolv --no-hosts --conf-file=/dev/null"
    zone = [
        "--local=/pond.test/",
        "--address=/www.pond.test/10.1.2.3",
        "--address=/six.pond.test/fd00::17",
        "--mx-host=pond.test,mail.pond.test,5",
        "--txt-record=pond.test,still water",
        "--srv-host=_http._tcp.pond.test,www.pond.test,8080,1,2",
        "--cname=pool.pond.test,www.pond.test",
        "--ptr-record=3.2.1.10.in-addr.arpa,www.pond.test",
    ]
    with peers.program(program, *words.split(), "--pid-file=", *zone, port=port):
        yield port


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("www.pond.test", "Name: www.pond.test\nAddress: 10.1.2.3\n"),
        ("-t AAAA six.pond.test", "Name: six.pond.test\nAddress: fd00:0:0:0:0:0:0:17\n"),
        ("-t mx pond.test", "Name: pond.test\nMX: 5 mail.pond.test\n"),
        ("--type=TXT pond.test", 'Name: pond.test\nTXT: "still water"\n'),
        ("-t SRV _http._tcp.pond.test", "Name: _http._tcp.pond.test\nSRV: 1 2 8080 www.pond.test\n"),
        ("10.1.2.3", "Name: 3.2.1.10.in-addr.arpa\nPTR: www.pond.test\n"),
    ],
)
def test_nslookup_asks_a_name_server(sim, resolver, words, answer):
    result = sim(f"nslookup -p {resolver} {words} 127.0.0.1")
    assert (result.stdout, result.stderr) == ("Server: 127.0.0.1\n" + answer, "")


def test_nslookup_says_why_there_is_no_answer(sim, resolver):
    result = sim(
        f"nslookup -p {resolver} no.pond.test 127.0.0.1; echo $?; nslookup -p {resolver} -t AAAA pond.test 127.0.0.1\n"
        f"nslookup -p {peers.free_port()} -W 1 x 127.0.0.1; nslookup -p {resolver} a..b 127.0.0.1; nslookup -t X a"
    )
    assert result.stdout == "1\n" + "Server: 127.0.0.1\n"
    lines = result.stderr.splitlines()
    assert lines[0] == "nslookup: no.pond.test: no such name"
    assert lines[1] == "nslookup: pond.test: no such record"
    assert lines[2] in ("nslookup: 127.0.0.1: no response", "nslookup: 127.0.0.1: Connection refused")
    assert lines[3] == "nslookup: a..b: invalid host name"
    assert lines[4] == "nslookup: X: not a type"


def test_nslookup_survives_answers_that_are_none(sim):
    answers = [b"", b"x", b"\0" * 12, b"\xc0\x0c" * 300, bytes(range(256))]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(PATIENCE)

        def answer():
            try:
                data, peer = sock.recvfrom(600)
            except OSError:
                return
            for junk in answers:
                sock.sendto(junk, peer)
                sock.sendto(data[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + junk, peer)
            loop = data[:2] + b"\x81\x80\0\0\0\1\0\0\0\0\xc0\x0c\0\1\0\1\0\0\0\0\0\4\1\2\3\4"
            sock.sendto(loop, peer)
            good = data[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + data[12:] + b"\xc0\x0c\0\1\0\1\0\0\0\x09\0\4\1\2\3\4"
            sock.sendto(good, peer)

        thread = threading.Thread(target=answer)
        thread.start()
        result = sim(f"nslookup -p {sock.getsockname()[1]} -W 5 a.test 127.0.0.1")
        thread.join()
    assert result.stdout == "Server: 127.0.0.1\nName: a.test\nAddress: 1.2.3.4\n"


def can_ping():
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
        return True
    except OSError:
        pass
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).close()
        return True
    except OSError:
        return False


pinging = pytest.mark.skipif(not can_ping(), reason="this user has no raw sockets")


@pinging
def test_ping_counts_answers(sim):
    result = sim("ping -c 3 -i .01 -s 8 127.0.0.1; echo $?; ping -qc 2 -i .01 localhost | head -1")
    lines = result.stdout.splitlines()
    assert lines[0] == "PING 127.0.0.1 (127.0.0.1): 8 data bytes"
    assert [line.split(" ttl")[0] for line in lines[1:4]] == [f"16 bytes from 127.0.0.1: seq={i}" for i in (1, 2, 3)]
    assert lines[4:7] == ["", "--- 127.0.0.1 ---", "3 sent, 3 received, 0% lost"]
    assert lines[7].startswith("round trip min/avg/max = ") and lines[8] == "0"
    assert lines[9] == "PING localhost (127.0.0.1): 56 data bytes"


@pinging
def test_ping_says_that_nobody_answers(sim):
    result = sim("ping -c 1 -W .2 240.0.0.1 | tail -1; ping -qc 1 -W .2 240.0.0.1 > /dev/null; echo $?")
    assert result.stdout == "1 sent, 0 received, 100% lost\n1\n"


@pinging
def test_ctrl_c_ends_ping_with_its_summary(console):
    console.expect("$: ")
    console.send("ping -c 0 -i .05 127.0.0.1\r")
    console.expect("seq=2")
    console.send("\x03")
    console.expect(" received, 0% lost")
    console.expect("$: ")


@pytest.mark.parametrize("words", ["", "a b", "-c x a", "-i -1 a", "-W x a", "-s 70000 a", "-t 0 a", "-c -1 a"])
def test_ping_with_wrong_words(sim, words):
    result = sim("ping " + words)
    assert result.status == 2 and "usage: ping" in result.stderr


def test_nc_talks_to_netcat(sim, require):
    port = peers.free_port()
    with peers.program(require("nc"), "-l", "127.0.0.1", str(port), stdin=subprocess.PIPE) as other:
        other.stdin.write(b"from there\n")
        other.stdin.flush()
        result = sim(f"until echo from here | nc -q 1 127.0.0.1 {port}; do sleep .05; done 2> /dev/null")
        assert result.stdout == "from there\n"
        assert other.stdout.readline() == b"from here\n"


def test_nc_listens_for_netcat(sim, require, port_offset):
    command = [require("nc"), "-q", "1", "127.0.0.1", str(8080 + port_offset)]
    ends = []

    def client():
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            ends.append(subprocess.run(command, input=b"x" * 50000, capture_output=True, timeout=PATIENCE).returncode)
            if not ends[-1]:
                return
            time.sleep(0.05)

    thread = threading.Thread(target=client)
    thread.start()
    result = sim("nc -lv 8080 < /dev/null | wc -c", port_offset=port_offset)
    thread.join()
    assert result.stdout.split() == ["50000"]
    assert f"listening on port {8080 + port_offset}\n" in result.stderr
    assert "nc: connection from 127.0.0.1:" in result.stderr
    assert ends[-1] == 0


def test_nc_moves_much_both_ways(sim):
    """Echo 300 kB through a pipe, a connection and a pipe."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def echo():
            peer, _ = server.accept()
            with peer:
                left = 300 * 1024
                while left > 0:
                    data = peer.recv(4096)
                    if not data:
                        break
                    peer.sendall(data)
                    left -= len(data)

        thread = threading.Thread(target=echo)
        thread.start()
        script = "dd if=/dev/urandom of=/tmp/d bs=1k count=300 2>/dev/null"
        result = sim(f"{script}; nc 127.0.0.1 {server.getsockname()[1]} < /tmp/d | cmp - /tmp/d && echo same")
        thread.join()
    assert result.stdout == "same\n"


def test_nc_over_udp(sim, require):
    port = peers.free_port(socket.SOCK_DGRAM)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", port))
        peer.settimeout(PATIENCE)

        def answer():
            data, address = peer.recvfrom(100)
            peer.sendto(b"got " + data, address)

        thread = threading.Thread(target=answer)
        thread.start()
        result = sim(f"echo hello | nc -u -w 1 127.0.0.1 {port}")
        thread.join()
    assert result.stdout == "got hello\n"


def test_nc_looks_whether_a_port_is_open(sim):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        result = sim(f"nc -z 127.0.0.1 {port}; echo $?; nc -z -v 127.0.0.1 {port}; nc -z 127.0.0.1 1 && echo open")
    assert result.stdout == "0\n"
    assert f"nc: 127.0.0.1:{port}: open\n" in result.stderr
    assert result.stderr.endswith("nc: 127.0.0.1:1: Connection refused\n")


def test_nc_on_a_port_that_is_taken(sim, port_offset):
    with socket.socket() as server:
        server.bind(("0.0.0.0", 8080 + port_offset))
        server.listen()
        result = sim("nc -l 8080", port_offset=port_offset)
    assert (result.status, result.stderr) == (1, "nc: 8080: Address already in use\n")


@pytest.mark.parametrize("words", ["", "a", "a b", "a 0", "-l", "-l a 1", "-q x -l 1 2", "a 70000"])
def test_nc_with_wrong_words(sim, words):
    result = sim("nc " + words)
    assert result.status == 2 and "usage: nc" in result.stderr
