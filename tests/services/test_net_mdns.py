"""The mDNS responder, queried by dig, by multicast, by our own nslookup, and with garbage."""

import contextlib
import socket
import struct
import subprocess
import time

import pytest
from harness import PATIENCE

from remote import mdns as browser


@pytest.fixture
def mdns(board, require):
    dig = require("dig")
    machine = board()
    machine.configure(hostname="reef", login_ms=20, auth="none")
    machine.run("wifi sta connect -n Guest")
    for words in ("utelnetd start", "service start mdns"):
        output, status = machine.run(words)
        assert status == 0, output
    machine.wait("dmesg", "this is reef.local")

    def ask(name, kind="A"):
        command = [dig, "-p", str(machine.port(5353)), "@127.0.0.1", "+short", "+tries=3", "+time=3", name, kind]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE).stdout

    machine.dig = ask
    return machine


@contextlib.contextmanager
def host(machine):
    """A socket of another host that sends and receives multicasts."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("", machine.port(5353)))
        group = socket.inet_aton("224.0.0.251") + socket.inet_aton("127.0.0.1")
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        sock.settimeout(PATIENCE)
        yield sock


def test_the_name_and_the_services_are_known(mdns):
    assert mdns.dig("reef.local") == "127.0.0.1\n"
    assert mdns.dig("REEF.local") == "127.0.0.1\n"
    assert mdns.dig("1.0.0.127.in-addr.arpa", "PTR") == "reef.local.\n"
    assert mdns.dig("_services._dns-sd._udp.local", "PTR") == "_telnet._tcp.local.\n"
    assert mdns.dig("_telnet._tcp.local", "PTR") == "reef._telnet._tcp.local.\n"
    assert mdns.dig("reef._telnet._tcp.local", "SRV") == f"0 0 {mdns.port(23)} reef.local.\n"


def test_diatom_scan_finds_the_board(mdns, monkeypatch):
    monkeypatch.setattr(browser, "PORT", mdns.port(5353))
    found = [answer for answer in browser.browse("_telnet._tcp.local", 3) if answer[0] == "reef"]
    assert [answer[:3] for answer in found] == [("reef", "127.0.0.1", mdns.port(23))]
    assert found[0][3]["diatom"]


def test_who_asks_for_what_a_name_has_not_is_told_so_at_once(mdns):
    """RFC 6762, 6.1. A resolver that is no mDNS host gets the empty answer of any DNS server."""
    host_types = struct.pack(">HHIH", 47, 0x8001, 120, 15) + b"\4reef\5local\0\0\1\x40"
    names = {
        b"\4reef\5local\0": host_types,
        b"\4reef\7_telnet\4_tcp\5local\0": b"\0\5\0\0\x80\0\x40",
    }
    with host(mdns) as sock:
        for name, told in names.items():
            question = struct.pack(">HHHHHH", 0, 0, 1, 0, 0, 0) + name + b"\0\x1c\0\1"  # AAAA
            sock.sendto(question, ("224.0.0.251", mdns.port(5353)))
            while (data := sock.recv(1500))[:12] != struct.pack(">HHHHHH", 0, 0x8400, 0, 1, 0, 0):
                pass  # our own question, and announcements
            assert data[12:].startswith(name + b"\0\x2f\x80\1") and data.endswith(told)
    assert mdns.dig("reef.local", "AAAA") == ""  # where nobody answers dig says so


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


def test_a_name_that_another_host_claims_is_asked_for_again(mdns):
    """And left to it where it answers: RFC 6762, section 9."""
    name = b"\4reef\5local\0"
    claim = struct.pack(">HHHHHH", 0, 0x8400, 0, 1, 0, 0) + name + b"\0\1\x80\1\0\0\0\x78\0\4\x09\x09\x09\x09"
    group = ("224.0.0.251", mdns.port(5353))
    with host(mdns) as sock:
        for answers in (False, True):
            sock.sendto(claim, group)
            probes = 0
            while probes < (1 if answers else 3):
                data = sock.recv(1500)
                probes += not data[2] & 0x80 and name + b"\0\xff\x80\1" in data
            if answers:
                sock.sendto(claim, group)
                assert "reef-2.local, 127.0.0.1" in mdns.wait("dmesg", "this is reef-2.local")
            else:
                mdns.wait("dmesg | grep -c 'this is reef.local'", "2\n")


def test_a_network_that_comes_back_is_asked_again(mdns):
    mdns.run("wifi sta disconnect")
    mdns.wait("dmesg", "mdns: no network")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:  # what comes meanwhile does no harm
        sock.sendto(
            struct.pack(">HHHHHH", 7, 0, 1, 0, 0, 0) + b"\4reef\5local\0\0\1\0\1", ("127.0.0.1", mdns.port(5353))
        )
    mdns.run("wifi sta connect -n Guest")
    mdns.wait("dmesg | grep -c 'this is reef.local'", "2\n", 20)
    assert mdns.dig("reef.local") == "127.0.0.1\n"


def test_of_two_that_ask_for_a_name_the_later_data_win(board):
    machine = board()
    machine.configure(hostname="reef", login_ms=20, auth="none")
    machine.run("wifi sta connect -n Guest")
    name = b"\4reef\5local\0"
    probe = struct.pack(">HHHHHH", 0, 0, 1, 0, 1, 0) + name + b"\0\xff\0\1" + name + b"\0\1\0\1\0\0\0\x78\0\4"
    group = ("224.0.0.251", machine.port(5353))
    with host(machine) as sock:
        machine.console.send("service start mdns\r")
        for data, wins in ((b"\x7f\0\0\0", True), (b"\xc0\xa8\1\1", False), (b"\xc0\xa8\1\1", False)):
            while name + b"\0\1\0\1" not in sock.recv(1500):  # it probes
                pass
            sock.sendto(probe + data, group)
            begun = time.monotonic()
            while sock.recv(1500) == probe + data:
                pass
            assert wins or time.monotonic() - begun > 0.9
    machine.console.expect("$: ")
    machine.wait("dmesg", "this is reef.local")


def test_it_runs_once(mdns):
    assert mdns.run("mdnsd 2>&1") == ("mdnsd: already running\n", 1)


def test_it_stops(mdns):
    with host(mdns) as sock:
        assert mdns.run("service stop mdns")[1] == 0
        wanted = b"\4reef\5local\0\0\1\x80\1\0\0\0\0\0\4" + socket.inet_aton("127.0.0.1")  # it lives no longer
        while wanted not in sock.recv(1500):
            pass
    assert mdns.run("ps | grep -c mdnsd")[0] in ("0\n", "1\n")
