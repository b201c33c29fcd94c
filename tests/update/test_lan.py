"""A release that a computer of the local network offers."""

import select
import socket
import struct

import pytest

from release import announce
from remote import mdns
from update.conftest import Server
from update.releases import OLD, PATHS


@pytest.fixture
def multicast():
    """Skip if this computer cannot receive its own multicasts, or if somebody already offers a release."""
    try:
        with announce.opened() as sock, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            sock.settimeout(1)
            other.sendto(b"diatom", (mdns.GROUP, mdns.PORT))
            while sock.recv(1500) != b"diatom":
                pass
            other.sendto(question(announce.SERVICE), (mdns.GROUP, mdns.PORT))
            if select.select([other], [], [], 0.5)[0]:
                pytest.skip("somebody else in this network offers a release")
    except OSError:
        pytest.skip("no multicast on this host")


def question(name, kind=mdns.PTR):
    return struct.pack(">6H", 7, 0, 1, 0, 0, 0) + announce.labels(name) + struct.pack(">HH", kind, 1)


def test_a_board_finds_the_release_by_itself(board, releases, multicast):
    run = board.run("upgrade -f lan; upgrade --status")
    assert "no release found in this network" in run.stderr
    assert f"installed: {OLD}" in run.stdout
    server = Server(releases.directory / "new", "")
    try:
        with announce.announced(server.port) as heard:
            assert heard
            run = board.run("upgrade -f lan")
    finally:
        server.close()
    assert run.returncode == 0 and "from http://" in run.stdout, run.stdout + run.stderr
    assert board.files() == releases.sums(releases.new, PATHS)


def test_only_questions_for_releases_are_answered():
    assert announce.asked(question(announce.SERVICE)) == 7
    assert announce.asked(question("_ftp._tcp.local")) is None
    assert announce.asked(question(announce.SERVICE, mdns.A)) is None
    assert announce.asked(question(announce.SERVICE)[:20]) is None
    assert announce.asked(announce.answer(7, "127.0.0.1", 80)) is None


def test_the_answer_can_be_read_by_others():
    instances, places, hosts = set(), {}, {}
    mdns.take(announce.answer(7, "10.0.0.5", 8070), "10.0.0.9", announce.SERVICE, instances, places, hosts, {})
    assert instances == {announce.INSTANCE}
    target, port = places[announce.INSTANCE]
    assert (hosts[target], port) == ("10.0.0.5", 8070)
