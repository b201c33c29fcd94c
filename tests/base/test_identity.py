"""Which system runs if the firmware holds one, too: tools/release/diatom_frozen.py, and lib/ on top of ROM.

A firmware with frozen modules cannot be had here, so the decision is made on the real interpreter with stand-ins: a board with a
ROMFS image and files, a sys.path as boards have it, and the facts of a firmware given as arguments.
"""

import pytest

from release import freeze

CHOOSE = """
import os, sys
sys.path.insert(0, "/mnt/host")
import diatom_frozen
path = ["", ".frozen", "/rom", "/rom/lib", "/lib"]
print(diatom_frozen.choose(path, *%r))
print(path)
try:
    print(len(os.listdir("/rom/bin")) > 100)
except OSError:
    print("no /rom")
"""
FIRMWARE = freeze.facts("0.1.0", "0123456789abcdef", 0, [])
SAME, OTHER = "", "0123456789abcdef"
FROZEN = "['.frozen', '/rom', '/rom/lib', '/lib', '']"


@pytest.fixture
def choose(sim, tmp_path):
    """Callable: what a firmware with a version and an identity (SAME: that of the image) chooses, on a board."""

    def choose(version, mark, image="romfs", before=""):
        host = tmp_path / "host"
        host.mkdir(exist_ok=True)
        (host / "diatom_frozen.py").write_bytes(FIRMWARE)
        if not mark:
            mark = sim("cut -d' ' -f2 /rom/lib/identity.txt", image=image).stdout.strip()
            assert len(mark) == 16
        (host / "choose.py").write_text(CHOOSE % ((version, mark),))
        result = sim(before + "python /mnt/host/choose.py", image=image, mount=f"{host}:/mnt/host")
        assert not result.stderr
        return result.stdout.splitlines()

    return choose


def test_equal_the_firmware_wins_and_the_rest_of_rom_is_used(choose):
    assert choose("0.1.0", SAME) == [".frozen", FROZEN, "True"]


@pytest.mark.parametrize("version", ["0.0.9", "0.1.0", "0.1.0-rc10"])
@pytest.mark.parametrize("image", ["romfs", "packed"])
def test_a_system_in_rom_that_is_not_older_is_used_as_a_whole(choose, version, image):
    use, path, _ = choose(version, OTHER, image)
    assert (use, path) == ("/rom/lib", "['/rom/lib', '.frozen', '/rom', '/lib', '']")


def test_an_older_one_in_rom_is_not_even_mounted(sim, tmp_path):
    """On a stand-in for /rom: this board runs from its own."""
    (tmp_path / "diatom_frozen.py").write_bytes(FIRMWARE)
    (tmp_path / "choose.py").write_text("""
import diatom_frozen, os
diatom_frozen.ROM = "/mnt/rom"
print(diatom_frozen.choose(["", ".frozen", "/lib"], "0.2.0", "fedcba9876543210"), "rom" in os.listdir("/mnt"))
""")
    before = (
        "mount -f ram /mnt/rom; mkdir -p /mnt/rom/lib/kernel; echo 0.1.0 0123456789abcdef > /mnt/rom/lib/identity.txt; "
    )
    result = sim(
        before + "cd /mnt/host; python choose.py; mount | grep -c rom", image="mpy", mount=f"{tmp_path}:/mnt/host"
    )
    assert (result.stdout, result.stderr) == (".frozen False\n0\n", "")


@pytest.mark.parametrize(("version", "use"), [("0.1.0", "/lib"), ("1.0.0", ".frozen")])
def test_files_of_the_flash(choose, version, use):
    head = '{"version": "0.1.0", "kind": "mpy", "identity": "fedcba9876543210", "files": ['
    before = f"mkdir -p /lib/kernel; echo '{head}' > /etc/release.json; "
    assert choose(version, SAME, before=before)[0] == (use if version == "0.1.0" else ".frozen")


def test_a_manifest_of_files_that_are_gone_counts_for_nothing(choose):
    head = '{"version": "9.1.0", "kind": "mpy", "identity": "fedcba9876543210", "files": ['
    assert choose("0.1.0", SAME, before=f"echo '{head}' > /etc/release.json; ")[0] == ".frozen"


def test_who_develops_replaces_single_modules_of_rom(sim):
    where = "python -c 'import text.width, regex.matcher, extra; print(text.width.__file__, regex.matcher.__file__, extra.__file__)'; mount | grep -c lib"
    sim("mkdir -p /lib/text; echo x=1 > /lib/extra.py", image="romfs")
    assert sim(where, image="romfs").stdout == "/rom/lib/text/width.mpy /rom/lib/regex/matcher.mpy /lib/extra.py\n0\n"
    sim("echo x=1 > /lib/text/width.py", image="romfs")
    result = sim(where, image="romfs")
    assert result.stdout == "/lib/text/width.py /lib/regex/matcher.mpy /lib/extra.py\n1\n"
    sim("rm /lib/text/width.py", image="romfs")
    assert sim(where, image="romfs").stdout.endswith("\n0\n")
