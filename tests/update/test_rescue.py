"""A damaged system: whatever is missing, the board reaches a console, and an upgrade from there repairs it."""

import random

import pytest
from harness import ROOT

from update import corruption
from update.releases import OLD, PATHS

REPAIR = "upgrade -f /mnt/release/old"
BY_HAND = "> import sys, rescue; sys.argv[:] = ['', '-c', '{}']; rescue.run()"  # at any prompt


def damage(board, script):
    """Break the board; it may then fail to shut down in order."""
    board.run(script)


def repaired(board, releases, command=REPAIR):
    """Upgrade from whatever console there is, and check every file of the system."""
    run = board.run(command)
    assert run.returncode == 0, run.stdout + run.stderr
    board.restart()
    assert board.files() == releases.sums(releases.old, PATHS)
    run = board.run(f"upgrade --confirm; {REPAIR}")
    assert "everything is up to date" in run.stdout, run.stdout + run.stderr


def in_rescue(board):
    run = board.run("ls /")
    assert "Rescue: " in run.stdout and " home " in run.stdout, run.stdout + run.stderr


# name, what breaks the board
DAMAGES = {
    "kernel": "> import os; os.rename('/lib/kernel', '/home/kernel')",
    "lib": "rm -r /lib",
    "shell": "> import os; os.rename('/lib/shell', '/home/shell')",
    "a name in the shell": "> f = open('/lib/shell/shell.py', 'w'); f.write('oops'); f.close()",
    "the kernel's text": "> f = open('/lib/kernel/start.py', 'a'); f.write('def ('); f.close()",
    "an empty file": "> open('/lib/process/process.py', 'w').close()",
    "kernel and recovery.py": "> import os; os.remove('/lib/kernel/boot.py'); os.remove('/recovery.py')",
    "kernel, and recovery.py's text": "> import os; os.remove('/lib/base/errors.py'); f = open('/recovery.py', 'w'); "
    "f.write('x y'); f.close()",
    "kernel and upgrade": "> import os; os.remove('/lib/kernel/boot.py'); os.remove('/bin/upgrade.py')",
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_board_that_is_damaged_is_repaired_from_its_rescue_console(board, releases, name):
    damage(board, DAMAGES[name])
    in_rescue(board)
    repaired(board, releases)


def half(path):
    return f"> t = open('{path}').read(); f = open('{path}', 'w'); f.write(t[: len(t) // 2]); f.close()"


def noise(path):
    return f"> import os; f = open('{path}', 'wb'); f.write(os.urandom(900)); f.close()"


def gone(path):
    return f"> import os; os.remove('{path}')"


# What breaks a file that the board boots with.
BOOT_FILES = {
    "no main.py": gone("/main.py"),
    "half of main.py": half("/main.py"),
    "the first lines of main.py": "> t = open('/main.py').read(); f = open('/main.py', 'w'); f.write(t[:120]); f.close()",
    "an empty main.py": "> open('/main.py', 'w').close()",
    "random bytes in main.py": noise("/main.py"),
    "no startup.py": gone("/startup.py"),
    "half of startup.py": half("/startup.py"),
    "random bytes in startup.py": noise("/startup.py"),
    "an empty startup.py": "> open('/startup.py', 'w').close()",
    "a startup.py that raises": "> f = open('/startup.py', 'w'); f.write('1 / 0'); f.close()",
    "startup.py and the first copy": half("/startup.py") + "; " + noise("/spare.py")[2:],
    "startup.py and the beginning of its archive": half("/startup.py")
    + "; f = open('/lib/spare.z', 'r+b'); f.write(bytes(300)); f.close()",
}


@pytest.mark.parametrize("name", BOOT_FILES)
def test_a_damaged_boot_file_comes_back_from_the_copy_on_the_flash(board, releases, name):
    damage(board, BOOT_FILES[name])
    run = board.run("echo here")
    assert run.stdout.endswith("here\n"), run.stdout + run.stderr
    paths = ("/boot.py", "/startup.py", "/main.py", "/recovery.py", "/rescue.py")
    assert board.files(paths) == releases.sums(releases.old, paths)


@pytest.mark.parametrize("name", ["half", "noise", "gone"])
def test_a_damaged_rescue_comes_back_where_it_is_needed(board, releases, name):
    damage(
        board, globals()[name]("/rescue.py") + "; os.remove('/lib/kernel/boot.py')".replace("os.", "__import__('os').")
    )
    in_rescue(board)
    run = board.run("restore")
    assert run.returncode == 0, run.stdout + run.stderr
    repaired(board, releases)


def test_a_piece_of_a_file_that_is_damaged_in_the_copy_too_comes_from_the_file(board, releases):
    """The first kilobyte is damaged in one of them, the last in the other."""
    spoil = "f = open('{}', 'r+b'); f.seek({}); f.write(bytes(40)); f.close()"
    place = spoil.replace("{}", "/lib/spare.z", 1).format("__import__('spare').listed()['startup.py'][2][-1][0] + 20")
    damage(board, "> " + place + "; " + spoil.format("/startup.py", 0))
    assert board.run("echo here").stdout.endswith("here\n")
    assert board.files(("/startup.py",)) == releases.sums(releases.old, ("/startup.py",))


@pytest.mark.parametrize("torn", [False, True], ids=["whole", "torn"])
def test_the_power_fails_at_every_write_while_a_boot_file_is_repaired(board, releases, tmp_path, torn):
    damage(board, half("/startup.py") + "; " + half("/main.py")[2:])
    whole = board.copy(tmp_path / "whole.img").run("echo here", "--count-writes")
    writes = int(whole.stderr.rsplit("writes: ", 1)[1].split()[0])
    assert whole.stdout.endswith("here\n") and writes > 4
    for number in range(1, writes + 1):
        copy = board.copy(tmp_path / "cut.img")
        copy.run("echo here", "--cut-power-at", f"{number}:torn" if torn else str(number))
        run = copy.run("echo here")
        assert run.stdout.endswith("here\n"), (number, run.stdout + run.stderr)
        paths = ("/startup.py", "/main.py")
        assert copy.files(paths) == releases.sums(releases.old, paths)


def test_an_error_in_a_part_of_the_shell_that_is_loaded_late_leads_to_the_rescue(board, releases):
    damage(board, "> f = open('/lib/shell/scripts.py', 'w'); f.write('oops'); f.close()")
    in_rescue(board)
    repaired(board, releases)


def test_processes_that_cannot_begin_lead_to_the_rescue(board, releases):
    """Otherwise everything that waits for such a process would wait for ever, the kernel for its console included."""
    damage(
        board,
        "> f = open('/lib/process/process.py', 'r+'); text = f.read(); f.seek(0);"
        " f.write(text.replace('    del process.main', '    delMprocess.main')); f.close()",
    )
    in_rescue(board)
    repaired(board, releases)


@pytest.mark.parametrize("kind", ["source", "packed"])
def test_random_bytes_of_the_flash_are_damaged(kind, tmp_path):
    """A sample of tools/prove-rescue: only if both copies are hit may the board reach neither."""
    boards = corruption.Boards(tmp_path, kind)
    results = [boards.attempt(f"test-{number}")[0] for number in range(8)]
    assert corruption.NEITHER not in results and results.count(corruption.NO_FILES) < 3, results


def test_a_board_without_boot_py_has_a_prompt_and_is_repaired(board, releases):
    damage(board, "> import os; os.remove('/boot.py')")
    repaired(board, releases)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_half_of_lib_is_gone(board, releases, seed):
    found = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "lib").rglob("*.py"))]
    gone = random.Random(seed).sample(found, len(found) // 2)
    damage(board, f"> import os; [os.remove('/' + p) for p in '{' '.join(gone)}'.split()]")
    in_rescue(board)
    repaired(board, releases)


def test_a_program_without_its_library_is_repaired_from_the_prompt(board, releases):
    damage(board, "> import os; os.remove('/lib/program.py')")
    assert "no module named 'program'" in board.run("ls").stderr
    repaired(board, releases, BY_HAND.format("upgrade /mnt/release/old"))


def test_a_board_without_etc_has_a_prompt_and_its_owner_decides_about_signatures(board, releases):
    damage(board, "> import os; os.rename('/etc', '/home/etc')")
    assert "no key" in board.run(REPAIR).stderr
    run = board.run("upgrade -f --unsigned /mnt/release/old")
    assert f"{OLD} is ready" in run.stdout, run.stderr
    board.restart()
    assert board.files() == releases.sums(releases.old, PATHS)


def test_the_rescue_believes_only_what_is_signed_and_as_promised(board, releases, server):
    damage(board, DAMAGES["kernel"])
    url = server.url
    manifest = server.directory / "manifest-source.json"
    server.files["manifest-source.json.sig"] = bytes(256)
    assert "not signed with a trusted key" in board.run(f"upgrade {url}").stdout
    server.files.clear()
    server.files["manifest-source.json"] = manifest.read_bytes().replace(b'"/bin/ls.py"', b'"/bin/ls/../a"')
    assert "not signed with a trusted key" in board.run(f"upgrade {url}").stdout
    run = board.run(f"upgrade -u {url}")
    assert run.returncode == 1 and "/bin/ls/../a: path not allowed in a release" in run.stdout
    server.files.clear()
    name = next(path.name for path in server.directory.iterdir() if path.name.endswith("source.tar"))
    server.files[name] = bytes(1 << 20)
    assert "checksum mismatch" in board.run(f"upgrade {url}").stdout
    in_rescue(board)


def test_the_rescue_gets_a_release_over_http_from_a_connection_that_breaks(board, releases, server):
    damage(board, DAMAGES["lib"])
    server.limit = 100_000
    run = board.run(f"upgrade {server.url}")
    assert run.returncode == 0, run.stdout + run.stderr
    board.restart()
    run = board.run(f"upgrade --confirm; upgrade -f {server.url}")  # what goes, and defaults that have changed
    assert "1 to remove" in run.stdout, run.stdout + run.stderr
    assert board.files() == releases.sums(releases.new, PATHS)


def test_the_rescue_keeps_what_the_owner_has_changed(board, releases):
    damage(board, "> f = open('/etc/motd', 'w'); f.write('mine'); f.close()")
    damage(board, DAMAGES["kernel"])
    assert board.run(REPAIR).returncode == 0
    board.restart()
    assert board.run("cat /etc/motd").stdout == "mine"


@pytest.mark.parametrize("chip", ["esp32-wroom-32", "pico", "pico2-w"])
def test_a_kernel_that_hangs_at_every_boot_leads_to_the_rescue(board, console, chip):
    """The count of boots survives a reset; after recovery has hung, too, the kernel is not tried any more."""
    hang = "'import machine; machine.WDT(timeout=300)' + chr(10) + 'while 1: pass'"
    damage(board, f"> f = open('/lib/kernel/boot.py', 'w'); f.write({hang}); f.close()")
    console(flash=board.image, board=chip, mount=[f"{board.mount}:/mnt/release"])
    console.expect("Rescue: ")
    console.expect("rescue: ")
    console.send("help\r")
    console.expect("the firmware's own prompt")
    console.send("upgrade /mnt/release/old\r")
    console.expect("1 files")
    console.expect("/ $: ")
