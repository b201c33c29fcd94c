"""The mDNS responder, asked by dig, by multicast, by our own nslookup, and by nonsense."""

import socket
import struct
import subprocess

import pytest


@pytest.fixture
def mdns(board, require):
    dig = require("dig")
    machine = board()
    machine.configure(hostname="reef", login_ms=20, auth="none")
    machine.run("wifi sta connect -n Guest")
    for words in ("utelnetd start", "service start mdns"):
        output, status = machine.run(words)
        assert status == 0, output

    def ask(name, kind="A"):
        command = [dig, "-p", str(machine.port(5353)), "@127.0.0.1", "+short", "+tries=3", "+time=3", name, kind]
        return subprocess.run(command, capture_output=True, text=True, timeout=30).stdout

    machine.dig = ask
    return machine


def test_the_name_and_the_services_are_known(mdns):
    assert mdns.dig("reef.local") == "127.0.0.1\n"
    assert mdns.dig("REEF.local") == "127.0.0.1\n"
    assert mdns.dig("_services._dns-sd._udp.local", "PTR") == "_telnet._tcp.local.\n"
    assert mdns.dig("_telnet._tcp.local", "PTR") == "reef._telnet._tcp.local.\n"
    assert mdns.dig("reef._telnet._tcp.local", "SRV") == f"0 0 {mdns.port(23)} reef.local.\n"


def test_our_own_nslookup_finds_it(mdns):
    output, status = mdns.run(f"nslookup -p {mdns.port(5353)} reef.local 127.0.0.1")
    assert status == 0 and "Address: 127.0.0.1" in output


def test_a_question_to_everybody_is_answered(mdns):
    question = struct.pack(">HHHHHH", 0, 0, 1, 0, 0, 0) + b"\4reef\5local\0\0\1\x80\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        sock.settimeout(0.5)
        for _ in range(20):  # it joins when it has looked at the interfaces
            sock.sendto(question, ("224.0.0.251", mdns.port(5353)))
            try:
                data = sock.recv(1500)
                break
            except TimeoutError:
                continue
        else:
            pytest.fail("no answer")
    assert bytes([0, 4, 127, 0, 0, 1]) in data


def test_a_service_that_ends_is_not_offered_any_more(mdns):
    mdns.run("utelnetd stop")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.3)
        sock.sendto(
            struct.pack(">HHHHHH", 7, 0, 1, 0, 0, 0) + b"\7_telnet\4_tcp\5local\0\0\x0c\0\1",
            ("127.0.0.1", mdns.port(5353)),
        )
        with pytest.raises(TimeoutError):
            sock.recv(1500)
    assert mdns.dig("reef.local") == "127.0.0.1\n"


def test_nonsense_is_survived(mdns):
    head = struct.pack(">HHHHHH", 0, 0, 9, 9, 9, 9)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for junk in (b"", b"x", bytes(12), head, head + b"\xc0\x0c" * 99, b"\xff" * 1400, head + b"\x3f" * 300):
            sock.sendto(junk, ("127.0.0.1", mdns.port(5353)))
    assert mdns.dig("reef.local") == "127.0.0.1\n"
    assert "running" in mdns.run("service status mdns")[0]


def test_it_runs_once(mdns):
    assert mdns.run("mdnsd 2>&1") == ("mdnsd: is running already\n", 1)


def test_it_stops(mdns):
    assert mdns.run("service stop mdns")[1] == 0
    assert mdns.run("ps | grep -c mdnsd")[0] in ("0\n", "1\n")
