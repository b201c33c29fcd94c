"""ntpupdate and ntpd, with a real time server (chrony), and with one that sends wrong replies."""

import socket
import struct
import threading
import time

import pytest
from harness import PATIENCE

from bin import peers

TO_1970 = 2208988800


@pytest.fixture(scope="module")
def chrony(require, tmp_path_factory):
    """A time server with this computer's time; returns HOST:PORT."""
    program = require("chronyd", root=True)
    directory = tmp_path_factory.mktemp("chrony")
    port = peers.free_port(socket.SOCK_DGRAM)
    configuration = directory / "chrony.conf"
    configuration.write_text(
        f"port {port}\nlocal stratum 8\nallow 127.0.0.1\nbindaddress 127.0.0.1\ncmdport 0\n"
        f"pidfile {directory}/pid\ndriftfile {directory}/drift\nuser root\n"
    )
    with peers.program(program, "-x", "-n", "-f", str(configuration)) as process:
        end = time.monotonic() + PATIENCE
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.1)
            while time.monotonic() < end:
                assert process.poll() is None, process.stdout.read()
                probe.sendto(b"\x23" + bytes(47), ("127.0.0.1", port))
                try:
                    if 0 < probe.recv(100)[1] < 16:
                        break
                except OSError:
                    continue
        yield f"127.0.0.1:{port}"


class Server:
    """A time server whose reply the test computes from the request."""

    def __init__(self, make):
        self.make = make
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self.sock.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while True:
            data, peer = self.sock.recvfrom(100)
            if data == b"end":
                return
            for answer in self.make(data):
                self.sock.sendto(answer, peer)

    def __enter__(self):
        return self

    def __exit__(self, *words):
        self.sock.sendto(b"end", self.sock.getsockname())
        self.thread.join()
        self.sock.close()


def answer(question, seconds, fraction=0, first=0x24, stratum=2, cookie=None):
    """A server's packet with a time (seconds since 1970)."""
    stamp = struct.pack(">II", int(seconds + TO_1970) & 0xFFFFFFFF, fraction)
    return bytes((first, stratum, 6, 0xEC)) + bytes(20) + (cookie or question[40:48]) + stamp + stamp


def test_the_clock_is_set(sim, chrony):
    before = int(time.time())
    result = sim(f"date -s '2001-02-03 04:05:06' > /dev/null; ntpupdate {chrony}; date +%s; cut -d. -f1 /proc/uptime")
    lines = result.stdout.splitlines()
    assert result.status == 0 and " behind)" in lines[0]
    assert before <= int(lines[1]) <= time.time() + 1
    assert int(lines[2]) < 30


def test_ask_only(sim, chrony):
    result = sim(f"date -s @1000000000 > /dev/null; ntpupdate -q {chrony}; date +%s; ntpupdate -s {chrony}")
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{chrony}: the clock is ") and " behind, round trip " in lines[0]
    assert int(lines[1]) < 1000000100
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("zone", "utc", "shown"),
    [
        ("1", "2026-11-21 23:30:00", "2026-11-22 00:30:0"),
        ("-3.5", "2026-01-01 02:00:00", "2025-12-31 22:30:0"),
        ("5:30", "2026-11-21 20:00:00", "2026-11-22 01:30:0"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29 00:59:50", "2026-03-29 01:59:5"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29 01:00:00", "2026-03-29 03:00:0"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-14 22:30:00", "2026-07-15 00:30:0"),
        ("EST5EDT,M3.2.0,M11.1.0", "2027-01-01 03:00:00", "2026-12-31 22:00:0"),
    ],
)
def test_the_date_is_right_in_every_zone_and_over_midnight(sim, zone, utc, shown):
    moment = time.mktime(time.strptime(utc + " UTC", "%Y-%m-%d %H:%M:%S %Z")) - time.timezone
    with Server(lambda data: [answer(data, moment)]) as server:
        result = sim(f"export TZ={zone}; ntpupdate -s {server.place}; date '+%Y-%m-%d %H:%M:%S'")
    assert result.stdout.startswith(shown), result


def test_times_beyond_2036(sim):
    with Server(lambda data: [answer(data, 2_200_000_000)]) as server:
        result = sim(f"ntpupdate -s {server.place}; date -u +%Y")
    assert result.stdout == "2039\n"


def test_half_a_second_counts(sim):
    with Server(lambda data: [answer(data, time.time() // 1 + 1000, 1 << 31)]) as server:
        result = sim(f"ntpupdate -q {server.place}")
    assert " behind, round trip " in result.stdout
    assert 999_000 < float(result.stdout.split("the clock is ")[1].split(" s ")[0]) * 1000 < 1_001_000


def test_forged_and_damaged_answers_are_no_answers(sim):
    def junk(data):
        now = time.time()
        return [
            b"",
            b"x" * 20,
            answer(data, now + 9999, cookie=bytes(8)),
            answer(data, now + 9999, first=0x23),
            answer(data, now + 9999)[:40],
        ]

    with Server(junk) as server:
        result = sim(f"ntpupdate {server.place}")
    assert (result.status, result.stderr) == (1, "ntpupdate: 127.0.0.1: no answer\n")


@pytest.mark.parametrize("wrong", [{"stratum": 0}, {"stratum": 16}, {"first": 0xE4}])
def test_a_server_without_time_is_not_believed(sim, wrong):
    with Server(lambda data: [answer(data, time.time() + 9999, **wrong)]) as server:
        result = sim(f"ntpupdate {server.place}")
    assert (result.status, result.stderr) == (1, "ntpupdate: 127.0.0.1: clock not synchronized\n")


def test_the_server_stands_in_the_configuration(sim, chrony):
    result = sim(f'echo \'{{"ntp": "{chrony}"}}\' > /etc/system.conf; loadconfig > /dev/null; ntpupdate -q')
    assert result.stdout.startswith(chrony)


@pytest.mark.parametrize("words", ["a b", "-x", "127.0.0.1:x"])
def test_wrong_words(sim, words):
    result = sim("ntpupdate " + words)
    assert result.status in (1, 2) and result.stderr


def test_the_service_sets_the_clock_and_tries_again_where_nobody_answers(sim, chrony):
    result = sim(
        f"date -s @1000000000 > /dev/null; echo command=ntpd {chrony} > /etc/services/ntpd; service start ntpd\n"
        "until service logs ntpd | grep -q 'the clock was'; do sleep .05; done; date +%Y; service stop ntpd\n"
        f"echo command=ntpd 127.0.0.1:{peers.free_port(socket.SOCK_DGRAM)} > /etc/services/ntpd; service start ntpd\n"
        "until service logs ntpd | grep -q 127.0.0.1:; do sleep .05; done; service status ntpd | head -1; ntpd -i 1"
    )
    assert result.stdout.splitlines()[0] == time.strftime("%Y")
    assert "ntpd: running" in result.stdout
    assert result.status == 2
