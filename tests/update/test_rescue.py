"""A system that is damaged, whatever is missing: the board comes to a console, and an upgrade from there repairs it."""

import random

import pytest
from harness import ROOT

from update.releases import OLD, PATHS

REPAIR = "upgrade -f /mnt/release/old"
BY_HAND = "> import sys, rescue; sys.argv[:] = ['', '-c', '{}']; rescue.run()"  # at any prompt


def damage(board, script):
    """Break the board; it may fail to shut down in order then."""
    board.run(script)


def repaired(board, releases, command=REPAIR):
    """Upgrade from whatever console there is, and look at every file of the system."""
    run = board.run(command)
    assert run.returncode == 0, run.stdout + run.stderr
    board.restart()
    assert board.files() == releases.sums(releases.old, PATHS)
    run = board.run(f"upgrade --confirm; {REPAIR}")
    assert "everything is as it should be" in run.stdout, run.stdout + run.stderr


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
    "no main.py": "> import os; os.remove('/main.py')",
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
    assert "nobody whom this board trusts" in board.run(f"upgrade {url}").stdout
    server.files.clear()
    server.files["manifest-source.json"] = manifest.read_bytes().replace(b'"/bin/ls.py"', b'"/bin/../a"')
    assert "nobody whom this board trusts" in board.run(f"upgrade {url}").stdout
    run = board.run(f"upgrade -u {url}")
    assert run.returncode == 1 and "/bin/../a: a release may not write there" in run.stdout
    server.files.clear()
    name = next(path.name for path in server.directory.iterdir() if path.name.endswith("source.tar"))
    server.files[name] = bytes(1 << 20)
    assert "cannot be had as the release promises it" in board.run(f"upgrade {url}").stdout
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
