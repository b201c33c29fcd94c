"""An update from one release to the next, with nothing in its way."""

import json
import re

import pytest

from update.conftest import Server
from update.releases import NEW, OLD, PATHS, fresh


def update(board, releases):
    """Bring the newer release onto a board, up to the first boot of its trial."""
    run = board.run("upgrade -f /mnt/release/new")
    assert run.returncode == 0, run.stderr
    assert board.files() == releases.sums(releases.new, PATHS)


def status(board):
    return board.run("upgrade --status").stdout


def test_an_update_is_put_in_place_at_the_restart_and_not_before(board, releases):
    run = board.run("upgrade -f /mnt/release/new; cat /etc/motd | tail -n 1; upgrade --status")
    assert "# another" not in run.stdout
    assert NEW + " is ready" in run.stdout
    assert board.files() == releases.sums(releases.new, PATHS)
    assert f"{NEW} is on trial" in status(board)


def test_in_any_directory(board, releases):
    run = board.run("mkdir -p /home/a; cd /home/a; upgrade --status; upgrade -f /mnt/release/new")
    assert run.stdout.startswith(f"installed: {OLD}") and f"{NEW} is ready" in run.stdout, run.stderr


def test_the_second_update_finds_nothing_to_do(board, releases):
    update(board, releases)
    run = board.run("upgrade --confirm; upgrade -f /mnt/release/new")
    assert "everything is up to date" in run.stdout


def test_only_what_differs_is_asked_for(board, server):
    run = board.run(f"upgrade -f {server.url}")
    assert run.returncode == 0, run.stderr
    paths = [path for path, _ in server.requests]
    assert paths[:2] == ["/manifest-source.json", "/manifest-source.json.sig"]
    ranges = [wanted for path, wanted in server.requests[2:]]
    assert 0 < len(ranges) < 9 and all(wanted.startswith("bytes=") for wanted in ranges)


def test_a_server_without_ranges_will_do(board, server, releases):
    name = f"diatom-{NEW}-source.tar"
    server.files[name] = (server.directory / name).read_bytes()
    assert board.run(f"upgrade -f {server.url}").returncode == 0
    assert board.files() == releases.sums(releases.new, PATHS)


def test_what_the_owner_has_changed_stays_and_the_default_goes_beside(board, releases):
    run = board.run(
        "echo mine > /etc/motd; echo passwords > /etc/shadow; echo a > /local/a; upgrade -f /mnt/release/new"
    )
    assert "new defaults are saved as .new" in run.stdout
    board.restart()
    run = board.run("cat /etc/motd /etc/shadow /local/a; tail -n 1 /etc/motd.new")
    assert run.stdout == "mine\npasswords\na\n# another\n"


def test_a_file_that_somebody_has_damaged_is_repaired(board, releases):
    run = board.run("echo oops > /bin/cat.py; upgrade -f /mnt/release/old; upgrade --status")
    assert OLD + " is ready" in run.stdout, run.stderr
    assert re.search(r": 1 changed, 0 new, 0 to remove;\n[\d.]+K? to download, of \d{3} files\n", run.stdout)
    assert board.run("cat /etc/hostname /etc/motd | wc -l > 0; echo $0").returncode == 0
    assert board.files(["/bin/cat.py"]) == releases.sums(releases.old, ["/bin/cat.py"])


def test_rollback_by_hand_also_after_the_confirmation(board, releases):
    update(board, releases)
    assert "upgrade --rollback" in board.run("upgrade --confirm; upgrade --status").stdout
    board.run("upgrade --rollback -f")
    assert board.files() == releases.sums(releases.old, PATHS)
    assert "rolled back on request" in status(board)
    assert board.run("upgrade --rollback -f").stderr == "upgrade: no update to roll back\n"


def test_an_update_that_waits_can_be_forgotten(board, releases):
    board.run("upgrade -f /mnt/release/new; upgrade --cancel")
    assert board.files() == releases.sums(releases.old, PATHS)


def test_a_trial_that_nobody_confirms_ends_by_itself(board, releases):
    update(board, releases)
    for _ in range(2):
        assert "is on trial" in status(board)
    assert "was not confirmed in 3 boots" in status(board)
    assert board.files() == releases.sums(releases.old, PATHS)


def test_a_trial_is_confirmed_after_its_time(board, releases):
    board.run("""echo '{"upgrade": {"healthy": 1}}' > /etc/system.conf; upgrade -f /mnt/release/new""")
    board.restart()
    run = board.run("while cat /var/update/state; do sleep 0.2; done > /dev/null 2>&1; upgrade --status")
    assert "runs since it was confirmed" in run.stdout, run.stderr


def test_the_next_update_comes_right_after_a_trial_also_where_memory_is_short(board, releases):
    """From source, over HTTP, with what the trial has loaded: 320 kB here are some 220 on a board."""
    heap = ("--heap", "320k")
    server = Server(releases.directory / "old")
    try:
        run = board.run("""echo '{"upgrade": {"healthy": 1}}' > /etc/system.conf; upgrade -f /mnt/release/new""", *heap)
        assert run.returncode == 0, run.stderr
        board.restart()
        wait = "while test -e /var/update/state; do sleep 0.2; done; "
        run = board.run(f"{wait}upgrade --status; upgrade -f --downgrade {server.url}", *heap)
        assert "runs since it was confirmed" in run.stdout and f"{OLD} is ready" in run.stdout, run.stdout + run.stderr
    finally:
        server.close()


@pytest.mark.parametrize(
    "options, sign",
    [("-f", ["-f"]), ("", ["Go on? [y/N] "])],
)
def test_without_f_it_asks(board, options, sign):
    run = board.run(f"upgrade {options} /mnt/release/new < /dev/null")
    assert (run.returncode == 0) == (options == "-f")
    assert ("Go on?" in run.stderr) == (options != "-f")


def test_programs_get_json(board):
    def last(script):
        run = board.run(script + "; echo status $?")
        *_, line, status = run.stdout.splitlines()
        return json.loads(line), status

    found, status = last("upgrade --status --json")
    assert (found["installed"], found["state"], found["rollback"], status) == (OLD, None, False, "status 0")
    found, status = last("upgrade -y --json /mnt/release/none")
    assert "No such directory" in found["error"] and status == "status 1"
    found, status = last("upgrade -y --json /mnt/release/old")
    assert (found["state"], found["error"], status) == (None, None, "status 0")
    found, status = last("upgrade -y --json /mnt/release/new")
    assert (found["state"], found["from"], found["to"], status) == ("switch", OLD, NEW, "status 0")
    board.restart()
    found, status = last("upgrade --status --json")
    assert (found["installed"], found["state"], found["boots"], found["healthy"]) == (NEW, "trial", 3, 60)


def free(board, kilobytes):
    """The words for a heap with so much free at the prompt, in a board's measure: 64-bit objects are 1.45 times as large."""
    used = int(board.run("free").stdout.split()[5])
    return "--heap", str(used + int(kilobytes * 1024 * 1.45))


@pytest.mark.parametrize("over_http, kilobytes", [(False, 48), (True, 48)])
def test_it_works_in_little_memory_also_where_it_is_compiled_on_the_board(
    board, releases, server, over_http, kilobytes
):
    source = server.url if over_http else "/mnt/release/new"
    run = board.run(f"upgrade -f {source}", *free(board, kilobytes))
    assert run.returncode == 0, run.stderr
    assert board.files() == releases.sums(releases.new, PATHS)


def test_compiled_files_are_updated_in_48_kb(releases, tmp_path):
    made = releases.make(releases.new, "compiled", kind="mpy")
    board = fresh(tmp_path / "flash.img", releases.old, releases.directory, "mpy")
    server = Server(made)
    try:
        run = board.run(f"upgrade -f {server.url}", *free(board, 48))
    finally:
        server.close()
    assert run.returncode == 0, run.stderr
    board.restart()
    assert f"{NEW} is on trial" in status(board)


def test_the_same_tree_gives_the_same_bytes(releases):
    again = releases.make(releases.new, "again")
    names = sorted(path.name for path in (releases.directory / "new").iterdir())
    assert sorted(path.name for path in again.iterdir()) == names
    for name in names:
        assert (again / name).read_bytes() == (releases.directory / "new" / name).read_bytes(), name


def test_factory_brings_the_settings_as_delivered_and_rollback_those_of_the_owner(board, releases):
    changed = "echo mine > /etc/motd; echo box > /etc/hostname; "
    run = board.run(changed + "upgrade --factory -f /mnt/release/old")
    assert f"{OLD} is ready" in run.stdout, run.stderr
    board.restart()
    run = board.run("ls /etc/hostname; cat /etc/motd; upgrade --confirm; upgrade --rollback -f")
    assert "mine" not in run.stdout and "/etc/hostname" not in run.stdout
    assert board.run("cat /etc/hostname /etc/motd").stdout.endswith("\nbox\nmine\n")


@pytest.mark.slow
def test_a_board_whose_system_lies_in_packs(releases, tmp_path):
    """It takes releases of its own kind, and of those the packs that differ."""
    for tree, name in ((releases.old, "packed-old"), (releases.new, "packed-new")):
        releases.make(tree, name, kind="packed")
    board = fresh(tmp_path / "board.img", releases.old, releases.directory, kind="packed")
    assert "everything is up to date" in board.run("upgrade -f /mnt/release/packed-old").stdout
    run = board.run("upgrade -fv /mnt/release/packed-new")
    assert run.returncode == 0, run.stderr
    changed = [line for line in run.stdout.splitlines() if "/lib/packed/" in line]
    assert 3 < len(changed) < 14
    board.restart()
    run = board.run("upgrade --status; ls /rom/lib/fresh; ls /rom/bin/yes.mpy")
    assert f"{NEW} is on trial" in run.stdout and "one.mpy" in run.stdout and "No such file" in run.stderr
    assert board.run("upgrade --rollback -f").returncode == 0
    board.restart()
    assert board.run("ls /rom/bin/yes.mpy; upgrade --status").stdout.startswith(f"/rom/bin/yes.mpy\ninstalled: {OLD}")
    releases.make(releases.new, "small", kind="packed-small")
    assert "manifest-packed.json" in board.run("upgrade -f /mnt/release/small").stderr
