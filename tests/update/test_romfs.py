"""`upgrade` on a board that runs from ROMFS: staged, fetched by recovery, taken back, and cut off at any write."""

import os
import random
import re
import threading

import pytest
from littlefs_check import Image

from update.conftest import Cut, Server
from update.releases import NEW, OLD
from update.rom import ROLLBACK, RomProof, RomReleases, settled

SAMPLE = 12
FILL = """
import os

with open("/home/big", "wb") as file:
    for _ in range(os.statvfs("/")[3] - 8):
        file.write(bytes(4096))
try:
    for i in range(64):
        with open("/home/%d" % i, "wb") as file:
            file.write(bytes(4096))
except OSError as e:
    print(e)
"""
IMAGE = f"diatom-{NEW}.romfs"


@pytest.fixture(scope="session")
def rom_releases(tmp_path_factory):
    return RomReleases(tmp_path_factory.mktemp("rom-releases"))


@pytest.fixture(scope="session")
def rom_delivered(rom_releases, tmp_path_factory):
    return rom_releases.board(tmp_path_factory.mktemp("rom-board") / "board.img")


@pytest.fixture(scope="session")
def full_delivered(rom_releases, tmp_path_factory):
    """With no space for an image."""
    return rom_releases.board(tmp_path_factory.mktemp("full-board") / "board.img", full=True)


@pytest.fixture
def board(rom_delivered, tmp_path):
    board = rom_delivered.copy(tmp_path / "flash.img")
    yield board
    assert not Image(board.image).problems


@pytest.fixture
def full_board(full_delivered, tmp_path):
    board = full_delivered.copy(tmp_path / "flash.img")
    yield board
    assert not Image(board.image).problems


@pytest.fixture
def server(rom_releases):
    server = Server(rom_releases.directory / "new")
    yield server
    server.close()


def runs(board, releases, version):
    """The image and the kernel that runs are of this version."""
    said = settled(board, "uname -a; upgrade --status")
    assert releases.there(board) == version and f"Diatom mpy-esp32 {version} " in said, said
    return said


def refused(board, releases, server, reason, words="-f"):
    """Nothing changes, for this reason."""
    run = board.run(f"upgrade {words} {server.url}; echo status $?")
    assert reason in run.stderr and "status 1" in run.stdout, run.stdout + run.stderr
    runs(board, releases, OLD)


@pytest.fixture(scope="session")
def rom_proof(rom_releases, tmp_path_factory):
    from update.hub import Hub

    hub = Hub(rom_releases.directory)
    yield RomProof(rom_releases, tmp_path_factory.mktemp("rom-proof"), hub.url)
    hub.close()


@pytest.mark.slow
@pytest.mark.timeout(7200 if os.environ.get("EVERY_POINT") else 600)
def test_no_power_cut_leaves_half_a_system(rom_proof):
    points = rom_proof.points()
    if not os.environ.get("EVERY_POINT"):
        points = random.sample(points, SAMPLE)
    failed = []
    for phase, number, torn in points:
        try:
            rom_proof.attempt(phase, number, torn)
        except AssertionError as e:
            failed.append(f"{phase.name}: write {number}{' torn' if torn else ''}: {e}")
    assert not failed, "\n".join(failed)


def test_staged_written_confirmed_and_taken_back(board, rom_releases, server):
    run = board.run(f"upgrade -f {server.url}; upgrade --status")
    assert "the system runs from ROMFS; a firmware with its names would save" in run.stdout
    differ = re.search(r"the image in ROMFS: (\d+) chunks differ", run.stdout)  # where files lie in it says how many
    assert differ and int(differ[1]) > 1 and f"{NEW} is ready" in run.stdout, run.stdout + run.stderr
    assert rom_releases.there(board) == OLD
    assert f"{NEW} is on trial" in runs(board, rom_releases, NEW)
    assert f"{NEW} runs since it was confirmed" in settled(board, "upgrade --confirm; upgrade --status")
    again = board.run(f"upgrade -f {server.url}")
    assert "everything is up to date" in again.stdout
    board.run(ROLLBACK)
    assert f"{NEW} was rolled back on request" in runs(board, rom_releases, OLD)


def test_fetched_where_the_flash_has_no_space(full_board, rom_releases, server):
    run = full_board.run(f"upgrade -f {server.url}")
    assert "There is no rollback" in run.stdout, run.stdout + run.stderr
    assert f"{NEW} is on trial" in runs(full_board, rom_releases, NEW)
    run = full_board.run(f"upgrade --confirm; {ROLLBACK}")
    assert "no space to keep the system before it" in run.stderr
    runs(full_board, rom_releases, NEW)


def test_a_directory_needs_space_to_stage_the_image(full_board, rom_releases):
    run = full_board.run("upgrade -f /mnt/release/new; echo status $?")
    assert "serve the release over HTTP" in run.stderr and "status 1" in run.stdout
    runs(full_board, rom_releases, OLD)


@pytest.mark.parametrize("name", ["manifest-romfs.json.sig", IMAGE + ".chunks", IMAGE])
def test_what_is_not_as_it_was_signed_is_refused(board, rom_releases, server, name):
    data = bytearray((server.directory / name).read_bytes())
    data[-1000 if name == IMAGE else 5] ^= 1
    server.files[name] = bytes(data)
    reason = {"manifest-romfs.json.sig": "not signed with a trusted key", IMAGE: "checksum mismatch"}
    refused(board, rom_releases, server, reason.get(name, "checksum mismatch"))


def test_recovery_writes_no_wrong_chunk_and_goes_on_when_the_server_has_the_right_one(full_board, rom_releases, server):
    full_board.run(f"upgrade -f {server.url}")
    data = bytearray((server.directory / IMAGE).read_bytes())
    data[-1000] ^= 1
    server.files[IMAGE] = bytes(data)
    threading.Timer(3, server.files.clear).start()
    said = full_board.run(":").stdout
    assert ": checksum mismatch" in said and "retrying in" in said
    runs(full_board, rom_releases, NEW)


def test_recovery_goes_on_when_the_server_dies_in_the_middle(full_board, rom_releases, server):
    full_board.run(f"upgrade -f {server.url}")

    def die(handler):
        server.files.clear()
        handler.wfile = Cut(handler.wfile, handler.connection, 10_000)
        handler.do_GET()

    server.files[IMAGE] = die
    assert "retrying in" in full_board.run(":").stdout
    runs(full_board, rom_releases, NEW)


def test_the_download_goes_on_when_the_server_dies_in_the_middle(board, rom_releases, server):
    server.limit = 30_000
    run = board.run(f"upgrade -f {server.url}")
    assert f"{NEW} is ready" in run.stdout, run.stdout + run.stderr
    runs(board, rom_releases, NEW)


def test_a_new_system_that_does_not_start_is_taken_back(board, rom_releases, server):
    board.run(f"upgrade -f {server.url}")
    for _ in range(2):  # the image, the files
        assert not board.run("echo prompt").stdout.endswith("prompt\n")
    for _ in range(3):
        assert board.run("echo prompt").stdout.endswith("prompt\n")
    assert f"{NEW} was not confirmed in 3 boots: back to {OLD}" in runs(board, rom_releases, OLD)


def test_one_that_cannot_be_taken_back_leads_to_recovery(full_board, rom_releases, server):
    full_board.run(f"upgrade -f {server.url}")
    for _ in range(2):
        full_board.run(":")
    for _ in range(3):
        assert "on trial" in full_board.run("upgrade --status").stdout
    said = full_board.run("upgrade --status").stdout
    assert f"{NEW} was not confirmed in 3 boots: the flash had no space" in said
    assert rom_releases.there(full_board) == NEW


def test_a_flash_that_fills_up_before_the_restart_changes_nothing(board, rom_releases, server):
    (rom_releases.directory / "fill.py").write_text(FILL)
    board.run(f"upgrade -f {server.url}; python /mnt/release/fill.py")
    said = runs(board, rom_releases, OLD)
    assert f"could not be written (error 28): back to {OLD}" in said


def test_an_update_that_waits_for_its_restart_is_forgotten(board, rom_releases, server):
    run = board.run(f"upgrade -f {server.url}; upgrade --cancel; upgrade --status")
    assert "the next `upgrade` goes on with it\n" in run.stdout, run.stdout + run.stderr
    runs(board, rom_releases, OLD)


def test_another_image_under_the_same_version_is_refused(board, rom_releases):
    other = rom_releases.tree(OLD, "tree-same")
    with open(other / "bin" / "ls.py", "a") as file:
        file.write("FRESH = 0\n")
    server = Server(rom_releases.make(other, "same"))
    try:
        refused(board, rom_releases, server, f"{OLD} is installed with other files")
    finally:
        server.close()


def test_a_damaged_image_is_repaired_from_the_rescue_console(board, rom_releases, server):
    area = bytearray(board.area.read_bytes())
    area[:4096] = bytes(4096)  # as a deployment leaves it whose cable was pulled
    board.area.write_bytes(area)
    run = board.run(f"upgrade {server.url}")
    assert "Rescue: the system cannot be started" in run.stdout and "installed at the restart" in run.stdout, run.stdout
    assert f"Diatom mpy-esp32 {NEW} " in settled(board, "uname -a")
    assert rom_releases.there(board) == NEW
    run = board.run(f"upgrade --confirm; upgrade -f {server.url}")  # a default that the rescue console has left alone
    assert "1 changed, 0 new, 0 to remove" in run.stdout and "chunks" not in run.stdout, run.stdout


def test_where_the_server_has_another_release_by_now_recovery_takes_that(full_board, rom_releases, server):
    full_board.run(f"upgrade -f {server.url}")
    newer = rom_releases.tree("0.9.3")
    made = rom_releases.make(newer, "newer")
    for path in server.directory.iterdir():
        server.files[path.name] = lambda handler: handler.send_error(404)
    server.files.update((path.name, path.read_bytes()) for path in made.iterdir())
    assert "server returned 404" in full_board.run(":").stdout
    assert "Diatom mpy-esp32 0.9.3 " in settled(full_board, "uname -a")
