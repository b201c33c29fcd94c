"""Boards with an image by tools/diatom flash: the first start, and a following deploy; images of releases."""

import hashlib
import subprocess
import tarfile
import types

import pytest
from firmware_files import firmware
from harness import DIATOM, PATIENCE, ROOT, run, wait_until

from emulator.machine import Machine
from images import filesystem
from images.settings import Settings
from remote import espressif, flash
from remote import firmware as files
from remote.errors import RemoteError
from simulator import identity

PROMPT = r"\$: \x1b\[\?2004h$"


def test_deploy_sends_the_rest_to_a_firmware_with_the_system(remote):
    """Such a firmware's description of itself comes from a file here."""
    board = remote(image="mpy")
    own = identity.of(ROOT)
    facts = f"VERSION = '0.1.0'; IDENTITY = '{own}'; PROGRAMS = ('ls', 'cat')"
    board.shell(f'mkdir -p /libx; echo "{facts}" > /libx/diatom_frozen.py')
    assert f"frozen       Diatom 0.1.0, the system and 2 programs (identity {own})" in board("info").stdout
    result = board.json("deploy", "-n")
    assert result["as"] == "frozen" and "/bin/ls.mpy" in result["removed"] and "/bin/ls.mpy" not in result["written"]
    board.shell(f"sed -i s/{own}/{'0' * 16}/ /libx/diatom_frozen.py; > sys.modules.pop('diatom_frozen')")
    assert board.json("deploy", "-n")["as"] == "mpy"


def test_a_pico_starts_with_it(made, tmp_path, require):
    """The image of the boot loader in the flash of an emulated RP2040, and nothing else: Diatom's prompt."""
    require("node")
    words = ("--password", "--hostname", "kitchen", "--timezone", "Europe/Berlin")
    path, _ = made("pico-w", *words, stdin="secret\n")
    flash = tmp_path / "flash"
    with Machine(flash, [path], held=True) as machine:
        machine.expect("", PROMPT)
        assert "\nkitchen\r" in machine.expect("hostname\r", PROMPT, 60).output
        assert "has a password" in machine.expect("passwd -S\r", PROMPT, 60).output
        assert "CET" in machine.expect("date\r", PROMPT, 60).output
        machine.expect("echo kept > /home/note\r", PROMPT, 60)
        machine.request("reset")
        machine.expect("", PROMPT)
        assert "\nkept\r" in machine.expect("cat /home/note\r", PROMPT, 60).output


def test_deploy_has_nothing_to_send(remote, tmp_path):
    system = filesystem.make(filesystem.Space("rp2040", 848 << 10), Settings(hostname="kitchen"))
    flash = tmp_path / "made.img"
    flash.write_bytes(system.data)
    (tmp_path / "made.img.image").write_text("packed\n")
    board = remote(flash_of=types.SimpleNamespace(flash=flash), image="packed")
    result = board.json("deploy")
    assert (result["as"], result["written"], result["removed"]) == ("packed", [], [])
    assert result["kept"] == ["/etc/system.conf"] and result["same"] > 20
    assert board.shell("hostname") == "kitchen\n"


def test_the_files_are_saved_first(remote, small_tree, tmp_path):
    """A board that answers is backed up; if none does, that is reported."""
    board = remote(image="source", tree=small_tree)
    board.shell("echo precious > /home/notes")
    result = run([*DIATOM, "-b", board.address, "flash", "--baud", "115200", str(firmware("esp32"))], cwd=tmp_path)
    assert result.status == 1 and "esptool ends with status" in result.stderr  # a simulator has no boot loader
    (archive,) = tmp_path.glob("diatom-*.tar.gz")
    assert f"{archive.name}: " in result.stdout
    with tarfile.open(archive) as tar:
        assert tar.extractfile("home/notes").read() == b"precious\n"


def test_no_board_that_could_be_saved(diatom, tmp_path):
    result = diatom("-b", "/dev/nix", "flash", firmware("esp32"))
    assert "no board answers, so its files are not saved: what it has is lost" in result.stderr and result.status == 1


def test_what_an_unknown_firmware_has_is_asked_once_it_runs(remote, small_tree, tmp_path):
    """A Pico in its boot loader, and then a board at the port."""
    board = remote(image="source", tree=small_tree)
    drive = tmp_path / "RPI-RP2"
    drive.mkdir()
    (drive / "INFO_UF2.TXT").write_text("Board-ID: RPI-RP2\n")
    words = ("flash", "--firmware", str(firmware("pico-w")), "--bare", "--drive", str(drive))
    tool = subprocess.Popen([*DIATOM, "-b", board.address, *words], stdout=subprocess.PIPE, text=True)
    wait_until(lambda: any(path.stat().st_size == 1752064 for path in drive.glob("*.uf2")), "the copy")
    (drive / "INFO_UF2.TXT").unlink()
    out, _ = tool.communicate(timeout=PATIENCE)
    assert tool.returncode == 0
    assert "\nDiatom       0.1.0\n" in out and "\nmodules      argparse, termios" in out


def test_an_image_for_another_size_of_flash(made, tmp_path, monkeypatch):
    """esptool is asked for the size; there is no chip here to ask."""
    path, _ = made("esp32-s3", "--flash-size", "8M")
    monkeypatch.setattr(espressif, "detect", lambda port: ("esp32s3", 16 << 20))
    options = types.SimpleNamespace(dry_run=False, board="/dev/nix")
    with pytest.raises(RemoteError, match="is made for a flash of 8 MB, and the chip has 16 MB"):
        flash.check_flash_size(files.inspect(str(path)), options)
    monkeypatch.setattr(espressif, "detect", lambda port: ("esp32s3", 8 << 20))
    flash.check_flash_size(files.inspect(str(path)), options)
    flash.check_flash_size(files.inspect(str(firmware("esp32-s3"))), options)  # without files


# --- releases


def test_the_images_of_a_release_are_signed(diatom, tmp_path, small_tree):
    key, dist = tmp_path / "key", tmp_path / "dist"
    public = small_tree / "etc" / "release.pub"
    assert diatom("keygen", key, "--public", public).status == 0
    base = ("--tree", small_tree, "--key", key, "--kind", "packed", "--no-romfs")
    words = ("--image", f"pico-w={firmware('pico-w')}", "--image", f"esp32-s3={firmware('esp32-s3')}")
    result = diatom("release", dist, *base, *words)
    assert result.status == 0, result.stderr
    names = [path.name for path in sorted(dist.iterdir()) if path.suffix in (".uf2", ".bin")]
    assert names == ["diatom-0.1.0-esp32-s3.bin", "diatom-0.1.0-pico-w.uf2"]
    sums = (dist / "SHA256SUMS").read_text()
    for name in names:
        assert hashlib.sha256((dist / name).read_bytes()).hexdigest() + "  " + name in sums
        flash = diatom("flash", "-n", "--tree", small_tree, dist / name)
        assert flash.status == 0 and "signed with the key " in flash.stdout, flash.stderr
    image_file = dist / names[1]
    other = diatom("flash", "-n", dist / names[0])  # this tree trusts no such key
    assert other.status == 1 and "the signature beside it is none of a key in" in other.stderr
    (dist / (names[1] + ".sig")).write_bytes(b"x" * 256)
    assert "the signature beside it is none" in diatom("flash", "-n", "--tree", small_tree, image_file).stderr


@pytest.mark.parametrize(
    "word, message",
    [
        ("nix", "nix: no board of that name"),
        ("esp32-cam", "esp32-cam: a release takes no firmware without a known hash"),
        ("esp32=PICO", "is for rp2040, and esp32 has a esp32"),
    ],
)
def test_images_that_no_release_has(diatom, tmp_path, word, message):
    word = word.replace("PICO", str(firmware("pico-w")))
    base = ("release", tmp_path / "dist", "--unsigned", "--kind", "packed-minimal", "--no-romfs", "--image", word)
    result = diatom(*base)
    assert result.status == 1 and message in result.stderr and not (tmp_path / "dist").exists()
