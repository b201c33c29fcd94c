"""tools/diatom deploy: what is sent, what stays, and interruptions."""

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from harness import DIATOM, PATIENCE
from plain_board import PLAIN_MAIN

from remote import bundle

AREA = 1088 << 10  # bytes for a ROMFS image


def test_only_what_differs_is_sent(remote, small_tree):
    board = remote(image="source", tree=small_tree)
    (small_tree / "bin" / "hello.py").write_text("def __main__(args):\n    print('hello')\n")
    first = board.json("deploy", "--as", "source", "--tree", small_tree, "--no-reset")
    assert first["written"] == ["/bin/hello.py"]
    assert first["removed"] == [] and first["kept"] == [] and first["same"] > 300
    assert board.shell("hello") == "hello\n"
    (small_tree / "bin" / "hello.py").write_text("def __main__(args):\n    print('HELLO')\n")
    assert board("deploy", "--as", "source", "--tree", small_tree, "-n").stdout.startswith("write   /bin/hello.py\n")
    assert board.json("deploy", "--as", "source", "--tree", small_tree)["written"] == ["/bin/hello.py"]
    board.wait_for_prompt()
    assert board.shell("hello") == "HELLO\n"
    (small_tree / "bin" / "hello.py").unlink()
    assert board.json("deploy", "--as", "source", "--tree", small_tree)["removed"] == ["/bin/hello.py"]
    board.wait_for_prompt()
    assert board("run", "-c", "hello").status == 127


def test_what_the_owner_has_changed_stays(remote, small_tree):
    board = remote(image="source", tree=small_tree)
    deploy = ("deploy", "--as", "source", "--tree", small_tree, "--no-reset")
    board.json(*deploy)
    board.shell(
        "echo mine > /etc/motd; echo 'echo local' > /local/init.sh; echo x > /home/notes; setauth root pw pw > /dev/null"
    )
    assert board.json(*deploy)["kept"] == ["/etc/motd"]
    assert board.shell("cat /etc/motd") == "mine\n"
    (small_tree / "etc" / "motd").write_text("a new default\n")
    (small_tree / "etc" / "profile").write_text("# changed\n")
    second = board.json(*deploy)
    assert second["kept"] == ["/etc/motd"]
    assert sorted(second["written"]) == ["/etc/motd.new", "/etc/profile"]
    assert board.shell("cat /etc/motd /etc/motd.new /etc/profile") == "mine\na new default\n# changed\n"
    assert board.json(*deploy)["written"] == []
    assert board.shell("cat /local/init.sh /home/notes; ls /etc/shadow") == "echo local\nx\n/etc/shadow\n"


def test_source_becomes_compiled_and_back(remote, small_tree):
    board = remote(image="source", tree=small_tree)
    assert "/bin/ls.mpy" in board.json("deploy", "--as", "mpy", "--tree", small_tree)["written"]
    board.wait_for_prompt()
    names = board.shell("ls /bin /lib/shell").split()
    assert "ls.mpy" in names and "shell.mpy" in names and not [name for name in names if name.endswith(".py")]
    assert "list" in board.shell("ls --help; apropos list")
    assert "/bin/ls.py" in board.json("deploy", "--as", "source", "--tree", small_tree)["written"]
    board.wait_for_prompt()
    assert not [name for name in board.shell("ls /bin /lib/shell").split() if name.endswith(".mpy")]


def test_it_goes_on_where_it_was_cut_short(remote, small_tree):
    board = remote(image="source", tree=small_tree)
    deploy = ("deploy", "--json", "--as", "mpy", "--tree", small_tree)
    whole = len(board.json("deploy", "--as", "mpy", "--tree", small_tree, "-n")["written"])
    tool = subprocess.Popen([*DIATOM, "-b", board.address, *map(str, deploy)], stdout=subprocess.DEVNULL)
    board.wait_for_writes(tool)
    tool.kill()
    tool.wait()
    rest = board.json("deploy", "--as", "mpy", "--tree", small_tree)
    assert 0 < len(rest["written"]) < whole
    board.wait_for_prompt()
    assert board.json("deploy", "--as", "mpy", "--tree", small_tree)["written"] == []


@pytest.mark.parametrize("cut", [7, 60, "333:torn"])
def test_a_power_cut_in_the_middle(remote, small_tree, cut):
    """The power fails at that write: the board boots, and the next deployment finishes."""
    board = remote(image="source", tree=small_tree, cut_power_at=cut)
    result = board("deploy", "--as", "mpy", "--tree", small_tree)
    assert result.status == 1 and "the board has gone" in result.stderr
    assert board.process.wait(PATIENCE) == 99
    again = remote(flash_of=board, image="source", tree=small_tree)
    again.wait_for_prompt()
    assert again.json("deploy", "--as", "mpy", "--tree", small_tree)["written"]
    again.wait_for_prompt()
    assert again.json("deploy", "--as", "mpy", "--tree", small_tree)["written"] == []


def test_profiles_leave_out(remote):
    board = remote(image="source")
    result = board.json("deploy", "--as", "source", "--minimal", "--no-reset", "-n")
    assert result["removed"] == []  # nobody knows who put it there
    board.json("deploy", "--as", "source", "--no-reset")
    removed = board.json("deploy", "--as", "source", "--minimal", "--no-reset")["removed"]
    assert "/bin/uftpd.py" in removed and "/bin/utelnetd.py" not in removed
    assert "/lib/services/ftp/session.py" in removed and "/lib/services/telnet/__init__.py" not in removed
    assert "/bin/awk.py" in removed and "/lib/awk/interpreter.py" in removed and "/bin/ls.py" not in removed


@pytest.mark.parametrize("way", ["ftp", "http"])
def test_over_the_network(remote, small_tree, way):
    board = remote(image="mpy")
    serial = board.address
    board.address = board.serve() if way == "ftp" else board.serve_http()
    (small_tree / "bin" / "hello.py").write_text("def __main__(args):\n    print('hello')\n")
    result = board.json("deploy", "--as", "mpy", "--tree", small_tree, "--no-reset")
    assert result["written"] == ["/bin/hello.mpy", "/etc/system.conf.new"]  # it has no manual
    assert result["kept"] == ["/etc/system.conf"]
    assert board("run", "-c", "hello").stdout == "hello\n"
    assert board.json("deploy", "--as", "mpy", "--tree", small_tree)["written"] == []
    # Files that no service may write are moved by the shell; the last one is verified, too, and the board restarts.
    with open(small_tree / "boot.py", "a") as file:
        file.write("another = 1\n")
    assert board.json("deploy", "--as", "mpy", "--tree", small_tree)["written"] == ["/lib/spare.z", "/boot.py"]
    board.address = serial
    board.wait_for_prompt()
    assert board.shell("tail -n 1 /boot.py; ls -A / | grep boot") == "another = 1\nboot.py\n"


@pytest.mark.slow(15)
def test_a_board_without_the_system(remote, tmp_path):
    """The first deployment, onto plain MicroPython; its owner's main.py is kept."""
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "main.py").write_text(PLAIN_MAIN)
    board = remote(image="source", tree=plain)
    assert "diatom" not in board.json("info")
    (tmp_path / "one.py").write_text("print(6 * 7)\n")
    assert board("run", tmp_path / "one.py").stdout == "42\n"
    result = board("deploy")
    assert result.status == 0, result.stderr
    assert "the board's own main.py is now in /local/before-diatom" in result.stderr
    board.wait_for_prompt()
    assert board("cat", "/local/before-diatom/main.py").stdout == PLAIN_MAIN
    assert board.json("info")["diatom"]


@pytest.mark.slow(15)
def test_the_smallest_profile_is_a_whole_system(remote, tmp_path):
    """On a small flash: it boots, its programs find their imports, and telnet accepts logins."""
    from remote.profiles import PROGRAMS

    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "main.py").write_text(PLAIN_MAIN)
    board = remote(image="source", tree=plain, flash_size="1776K", heap="2M")
    assert "--profile full the system needs " in board("deploy", "--as", "mpy").stderr
    result = board("deploy", "--as", "mpy", "--minimal")
    assert result.status == 0, result.stderr
    board.wait_for_prompt()
    text = "for p in %s; do $p --help > /dev/null || echo $p fails; done; echo one two | sed s/two/2/ | sort; help -l | wc -l"
    lines = board.shell(text % " ".join(p for p in PROGRAMS if p not in ("false", "kill", "utelnetd"))).splitlines()
    assert lines[0] == "one 2" and int(lines[1]) > 60
    assert "compiles" not in board.shell("man ls | cat") and "usage: ls" in board.shell("man ls | cat")
    board.shell("setauth root pw pw && utelnetd start")
    board.address = f"telnet://root:pw@127.0.0.1:{board.offset + 23}"
    assert "\r\n42\r\n" in board("console", stdin="echo $((6 * 7))\r").stdout


@pytest.mark.slow(25)
def test_into_the_romfs_area(remote, small_tree, tmp_path):
    """Onto plain MicroPython whose firmware has an area: lib and bin go there, once, and the board runs from it."""
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "main.py").write_text(PLAIN_MAIN)
    board = remote(image="source", tree=plain, rom=b"")
    assert board.json("info")["romfs"] == [AREA]
    result = board.json("deploy", "--tree", small_tree)
    assert (result["as"], result["rom"]) == ("romfs", True)
    written = [path for path in result["written"] if path.startswith(("/lib", "/bin"))]
    assert [path for path in written if not path.startswith("/lib/spare.")] == ["/lib/romfs.mpy"]
    image = bundle.rom_image(str(small_tree))
    assert Path(f"{board.flash}.rom").read_bytes()[: len(image)] == image
    board.wait_for_prompt()
    assert board.json("info")["place"].startswith("/rom/lib/")
    again = board.json("deploy", "--tree", small_tree, "--no-reset")
    assert (again["written"], again["as"], again["rom"]) == ([], "romfs", False)


def test_no_space_is_found_before_anything_changes(remote):
    board = remote(image="source")
    board.shell("rm -r /lib/archive /lib/services/http")
    full = board.json("info")["free_flash"] - 60_000
    board.shell(f"head -c {full} /dev/zero > /home/big")
    result = board("deploy", "--as", "source")
    assert result.status == 1 and "the system needs 2" in result.stderr
    assert board("ls", "/lib/archive").status == 1


@pytest.mark.slow(25)
def test_the_romfs_that_the_board_runs_from(remote, small_tree):
    """The board restarts, and receives the new image while nothing of the old one is loaded."""
    board = remote(image="romfs", tree=small_tree, rom=bundle.rom_image(str(small_tree)))
    assert board.shell("which ls hello || which ls") == "/bin/ls\n/bin/ls\n"
    (small_tree / "bin" / "hello.py").write_text("def __main__(args):\n    print('hello')\n")
    began = time.monotonic()  # the board has been up since before
    result = board.json("deploy", "--tree", small_tree, "--no-reset")
    assert (result["as"], result["rom"]) == ("romfs", True)
    board.wait_for_prompt()
    assert board.shell("hello") == "hello\n"
    assert int(board.shell("cut -d. -f1 /proc/uptime")) < time.monotonic() - began


def test_an_image_that_did_not_come_whole(sim, pristine, small_tree, tmp_path):
    """The power fails in the middle: its first block comes last, so the board does not run half a system."""
    image = bundle.rom_image(str(small_tree))
    flash = tmp_path / "cut.img"
    shutil.copyfile(pristine(image="romfs"), flash)
    for data, said in ((image, "here"), (bytes(4096) + image[4096:40960], "Rescue: the system cannot be started")):
        (tmp_path / "cut.img.rom").write_bytes(data + b"\xff" * (AREA - len(data)))
        result = sim("echo here", flash=flash)
        assert said in result.stdout + result.stderr
