"""tools/diatom update: a release onto several boards of the network."""

import json
import socket
import subprocess

import pytest
from harness import DIATOM

from update.conftest import Server
from update.releases import NEW, OLD, PATHS, SIM

PASSWORD = "a word: with/marks@"
SETTINGS = '{"login_ms": 20, "upgrade": {"healthy": 2}}'
PREPARE = (
    f"echo '{SETTINGS}' > /etc/system.conf; loadconfig > /dev/null; setauth root '{PASSWORD}' '{PASSWORD}' > /dev/null; "
    "service enable telnetd > /dev/null"
)


class Running:
    """A board that runs, with its telnet service."""

    def __init__(self, board, offset):
        self.board = board
        self.port = 23 + offset
        words = ["--flash", str(board.image), "--pty", "--heap", "450k", "--port-offset", str(offset)]
        self.process = subprocess.Popen([*SIM, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.process.stdout.readline()
        self.address = f"telnet://root@127.0.0.1:{self.port}"

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


@pytest.fixture
def fleet(delivered, tmp_path):
    """Callable: that many boards with the older release; change is done to some of them before they start."""
    running = []

    def fleet(count, change=None):
        first = delivered.copy(tmp_path / "first.img")
        assert first.run(PREPARE).returncode == 0
        for number in range(count):
            board = first.copy(tmp_path / f"board{number}.img")
            if change and number in change:
                assert board.run(change[number]).returncode == 0
            running.append(Running(board, free_port() - 23))
        return running

    yield fleet
    for board in running:
        board.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def diatom(monkeypatch):
    """Callable: run `diatom update`; (what --json gives, what standard error says, status)."""
    monkeypatch.setenv("DIATOM_PASSWORD", PASSWORD)

    def diatom(*words, timeout=200):
        command = [*DIATOM, "update", *map(str, words), "--json"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL)
        return json.loads(run.stdout) if run.stdout else None, run.stderr, run.returncode

    return diatom


@pytest.mark.slow(15)
@pytest.mark.timeout(240)
def test_all_boards_get_it(fleet, diatom, releases):
    boards = fleet(3)
    found, errors, status = diatom("--release", releases.directory / "new", *[board.address for board in boards])
    assert status == 0, (found, errors)
    for entry, board in zip(found, boards, strict=True):
        assert entry == {
            "board": f"telnet://127.0.0.1:{board.port}",
            "state": "updated",
            "before": OLD,
            "version": NEW,
            "reason": None,
        }
    again, _, status = diatom("--release", releases.directory / "new", boards[0].address)
    assert (status, again[0]["state"], again[0]["version"]) == (0, "same", NEW), again
    for board in boards:
        board.stop()
        assert board.board.files() == releases.sums(releases.new, PATHS)


@pytest.mark.slow(15)
@pytest.mark.timeout(240)
def test_it_stops_when_one_fails(fleet, diatom, releases, tmp_path):
    """The second board trusts another key; the third of its wave gets the release, the next wave does not begin."""
    boards = fleet(4, {1: "echo 00 > /etc/release.pub"})
    server = Server(releases.directory / "new")
    (tmp_path / "boards").write_text("# all of them\n" + "".join(f"{board.address}  # here\n" for board in boards))
    try:
        found, errors, status = diatom("--from", server.url, "--boards", tmp_path / "boards", "--at-once", 2)
    finally:
        server.close()
    assert status == 1
    assert [entry["state"] for entry in found] == ["updated", "failed", "updated", "waiting"], (found, errors)
    assert [entry["version"] for entry in found] == [NEW, OLD, NEW, None]
    assert "signature" in found[1]["reason"]
    assert PASSWORD not in json.dumps(found) + errors


@pytest.mark.slow(15)
@pytest.mark.timeout(240)
def test_a_board_that_goes_back_has_failed(fleet, diatom, releases):
    """Its new system raises at boot, so the old one comes back by itself."""
    tree = releases.tree("0.9.3", "tree-broken")
    with open(tree / "lib" / "kernel" / "start.py", "a") as file:
        file.write("raise ValueError\n")
    directory = releases.make(tree, "broken")
    boards = fleet(2)
    found, _, status = diatom("--release", directory, *[board.address for board in boards])
    assert status == 1
    assert [entry["state"] for entry in found] == ["failed", "waiting"]
    assert "back to " + OLD in found[0]["reason"]
    assert found[0]["version"] == OLD


def test_boards_that_are_none(diatom, releases, tmp_path):
    release = releases.directory / "new"
    for words, reason in (
        ((), "which boards?"),
        (("/dev/ttyACM0",), "no board of the network"),
        (("--release", tmp_path, "127.0.0.1"), "there is no release"),
        (("--release", release, "--from", "http://x/", "127.0.0.1"), "one of them"),
    ):
        found, errors, status = diatom(*words)
        assert status in (1, 2) and reason in errors, (words, errors)
    found, _, status = diatom("--release", release, f"127.0.0.1:{free_port()}", "127.0.0.2")
    assert (status, [entry["state"] for entry in found]) == (1, ["failed", "waiting"])
    assert "Connection refused" in found[0]["reason"]


def test_the_address_that_a_board_is_given():
    from remote import update

    assert update.own_address("telnet://root:x@127.0.0.1:23") == "127.0.0.1"
    jobs = list(range(8))
    assert list(update.waves(jobs, 1, 4)) == [[0], [1, 2, 3, 4], [5, 6, 7]]
