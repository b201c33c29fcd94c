"""tools/diatom flash BOARD: one image of firmware and file system, with MicroPython's official firmware."""

import hashlib
import json
import struct
import subprocess
import sys

import littlefs_check as checker
import pexpect
import pytest
from firmware_files import firmware
from harness import DIATOM, PATIENCE, ROOT, SIM, run

from images import binary_info, filesystem, image, littlefs, uf2
from images.settings import Settings
from remote import espressif
from remote import firmware as files
from simulator import identity

XIP = 0x10000000  # where an RP2 reads its flash
RP2350 = 0xE48BFF59


@pytest.fixture
def boots(tmp_path):
    """Callable: the output of commands on a simulated board with a file system."""

    def boots(data, commands, *words):
        path = tmp_path / "flash.img"
        path.write_bytes(data)
        kind = "packed" if littlefs.read(data)[0].get("/lib/packed/00") else "mpy"
        result = run([*SIM, "--flash", str(path), "--image", kind, *words, "-c", commands])
        assert result.stderr == "", result.stderr
        return result.stdout

    return boots


@pytest.mark.parametrize(
    "board, size, form",
    [
        ("pico-w", 848 << 10, "packed"),
        ("esp32", 2 << 20, "packed"),
        ("esp32-s2", 2 << 20, "packed"),
        ("esp32-s3-oct", 2 << 20, "packed"),
        ("esp32-c5", 2 << 20, "packed"),
        ("esp32-c6", 2 << 20, "packed"),
    ],
)
def test_the_system_boots_from_the_image(made, boots, board, size, form):
    """littlefs's own check of every block, and MicroPython, which mounts it and starts the system."""
    path, data = made(board)
    assert len(data) == size
    (path.parent / "data").write_bytes(data)
    system = checker.Image(path.parent / "data")
    assert system.problems == []
    assert ("/lib/packed/00" in system.files) == (form == "packed")
    assert boots(data, "uname; echo a b | sed s/b/c/; ls /home; df / | tail -n 1 | wc -w") == "Diatom\na c\n6\n"


def test_the_firmware_in_it_is_the_official_one(made):
    path, _ = made("pico-w")
    before = uf2.read("", firmware("pico-w").read_bytes())
    after = uf2.read("", path.read_bytes())
    assert {address: after.content[address] for address in before.content} == before.content
    assert (after.chip, after.family) == ("rp2040", before.family)
    rest = sorted(set(after.content) - set(before.content))
    first = XIP + (2 << 20) - (848 << 10)
    assert rest == list(range(first, first + 256 * len(rest), 256)) and len(rest) % 16 == 0  # whole sectors
    path, _ = made("esp32")
    before, after = firmware("esp32").read_bytes(), bytearray(path.read_bytes())
    after[0x7000:0x7C00] = before[0x7000:0x7C00]  # the partition table
    assert after[: len(before)] == before


def test_the_partition_table_and_esptool(made):
    for board in ("esp32", "esp32-s3", "esp32-c3"):
        path, _ = made(board)
        found = files.inspect(str(path))
        assert found.files == (0x200000, 0x200000) and found.parts[-1]["name"] == "vfs"
        info = [sys.executable, "-I", "-m", "esptool", "--chip", found.chip, "image-info", str(path)]
        text = subprocess.run(info, capture_output=True, text=True, check=True).stdout
        assert "Checksum" in text and "(invalid)" not in text
        words = f"write-flash {hex(found.offset)} {path}"
        assert espressif.commands(found, "/dev/nix", False)[0][-3:] == words.split()


def test_an_image_for_a_known_size_of_flash(made, boots):
    """The firmware's partition table stays: MicroPython then uses the space after the program."""
    path, data = made("esp32-s3", "--flash-size", "8M")
    assert files.inspect(str(path)).files == (0x200000, None)
    assert path.read_bytes()[0x8000:0x8C00] == firmware("esp32-s3").read_bytes()[0x8000:0x8C00]
    assert len(data) == 6 << 20
    assert boots(data, "which ls") == "/bin/ls\n"  # compiled files, not packs: there is space


def test_a_firmware_with_an_older_littlefs(diatom, made, boots):
    """The camera's firmware is MicroPython 1.21: it supports no format after 2.0, and is reported as too old."""
    path, data = made("esp32-cam")
    assert struct.pack("<II", 0x20000, 4096) in data[:8192] and struct.pack("<II", 0x20001, 4096) not in data[:8192]
    assert boots(data, "touch /home/x; ls /home") == "x\n"
    assert boots(data, 'grep -o \'"board": *"[^"]*"\' /etc/system.conf') == '"board": "esp32-cam"\n'
    assert "1.21.0; Diatom is made for 1.26 and newer" in diatom("flash", "-n", path).stderr


def test_the_same_tree_gives_the_same_image(made):
    first, second = made("pico-w")[0].read_bytes(), made("pico-w")[0].read_bytes()
    assert first == second


def test_the_port_mounts_it_and_writes(lines, tmp_path):
    """As ports/rp2/modules/_boot.py does, and over stale content of a used flash."""
    space = filesystem.Space("rp2040", 848 << 10)
    system = filesystem.make(space)
    stale = b"".join(hashlib.sha256(bytes([n & 255, n >> 8])).digest() for n in range(space.size // 32))
    (tmp_path / "flash").write_bytes(system.data[: system.used] + stale[system.used :])
    code = f"""
import vfs
class Flash:
    def __init__(self):
        self.data = bytearray(open({str(tmp_path / "flash")!r}, "rb").read())
    def readblocks(self, n, buf, off=0):
        at = n * 4096 + off
        buf[:] = self.data[at:at + len(buf)]
    def writeblocks(self, n, buf, off=None):
        at = n * 4096 + (off or 0)
        if off is None:
            self.ioctl(6, n)
        for i in range(len(buf)):
            assert self.data[at + i] == 255
        self.data[at:at + len(buf)] = buf
    def ioctl(self, op, arg):
        if op == 4:
            return len(self.data) // 4096
        if op == 5:
            return 4096
        if op == 6:
            self.data[arg * 4096:arg * 4096 + 4096] = b"\\xff" * 4096
            return 0
flash = Flash()
for turn in range(3):
    vfs.mount(vfs.VfsLfs2(flash, progsize=256), "/flash")
    for n in range(6):
        with open("/flash/home/file%d" % n, "w") as file:
            file.write(str(turn) * 5000)
    os.mkdir("/flash/home/dir%d" % turn)
    print(len(os.listdir("/flash/home")), os.stat("/flash/etc/release.json")[6])
    vfs.umount("/flash")
open({str(tmp_path / "after")!r}, "wb").write(flash.data)
"""
    size = len(littlefs.read(system.data)[0]["/etc/release.json"])
    assert lines(code, heap="8m", mount=f"{tmp_path}:{tmp_path}") == [f"{7 + n} {size}" for n in range(3)]
    assert checker.Image(tmp_path / "after").problems == []


# --- settings


def test_what_is_the_owners(made, boots, tmp_path):
    words = ("--wifi", "Küche", "--wifi", "Gast", "--password", "--user", "ann", "--hostname", "kitchen")
    path, data = made(
        "pico-w", *words, "--timezone", "Europe/Berlin", "--enable", "telnetd", stdin="geheim12\n\nroot pw\nann's\n"
    )
    assert path.stat().st_mode & 0o777 == 0o600
    text = boots(
        data,
        "hostname; wifi list 2>/dev/null | tail -n +2 | grep -v ^service; useradd; service list | grep -c yes; echo $TZ",
    )
    assert text.splitlines() == [
        "kitchen",
        "       1 password -         Küche",
        "       0 open     -         Gast",
        "root /home password",
        "ann /home/ann password",
        "2",
        "Europe/Berlin",
    ]
    assert boots(data, 'su ann -c whoami <<< "ann\'s"; cat /local/wifi').splitlines()[0] == "ann"
    networks = json.loads(littlefs.read(data)[0]["/local/wifi"])["networks"]
    assert networks[0] == {"ssid": "Küche", "key": "geheim12", "priority": 1}
    assert b"geheim12" not in littlefs.read(data)[0]["/etc/shadow"] and b"root pw" not in data


def test_the_system_itself_would_have_stored_the_same(sim):
    """Except for salts, and for the iterations, which are measured on the board."""
    settings = Settings(wifi=[("Küche", "geheim12"), ("Gast", "")], hostname="kitchen", timezone="CET-1")
    settings.passwords = {"root": "x"}
    system = {"etc/system.conf": files_in_tree("etc/system.conf"), "etc/services/wifi": b""}
    ours = settings.files(system, "rp2040")
    result = sim(
        "wifi add -p 1 Küche geheim12 2>/dev/null; wifi add Gast '' 2>/dev/null; hostname kitchen; setauth root x x; "
        "service enable wifi > /dev/null; cat /local/wifi /local/services/wifi /etc/shadow"
    )
    wifi, service, shadow = result.stdout.splitlines()
    assert json.loads(ours["local/wifi"]) == json.loads(wifi)
    assert ours["local/services/wifi"].decode() == service + "\n"
    kind, count, salt, key = shadow.split(":")[1].split("$")
    own = ours["etc/shadow"].decode().rstrip("\n").split(":")
    assert own[::2] == shadow.split(":")[::2] and own[3] == shadow.split(":")[3]
    assert [len(part) for part in own[1].split("$")[2:]] == [len(salt), len(key)] and own[1].split("$")[0] == kind
    expected = hashlib.pbkdf2_hmac("sha256", b"x", bytes.fromhex(salt), int(count)).hex()
    assert key == expected


def files_in_tree(name):
    return (ROOT / name).read_bytes()


@pytest.mark.parametrize(
    "words, stdin, message",
    [
        (("--wifi", ""), "", "the name of a network has 1 to 32 bytes"),
        (("--wifi", "x" * 33), "", "the name of a network has 1 to 32 bytes"),
        (("--wifi", "net"), "", "net: no password given"),
        (("--wifi", "net"), "short\n", "net: a Wi-Fi password has 8 to 64 bytes"),
        (("--password",), "", "root: no password given"),
        (("--password",), "\n", "root: the password must not be empty"),
        (("--password",), "x" * 129 + "\n", "root: a password has 1 to 128 bytes"),
        (("--user", "a:b"), "pw\n", "a:b: a user's name has"),
        (("--hostname", "two words"), "", "two words: a host name has"),
        (("--hostname=-x",), "", "a host name has"),
        (("--timezone", "Europe/Nowhere"), "", "Europe/Nowhere: no time zone"),
        (("--timezone", "CET-1CEST"), "", "no time zone"),
        (("--enable", "sshd9"), "", "sshd9: no such service in this image (crond"),
        (("--profile", "full"), "", "the system does not fit: 868 kB for files, as packed with --profile full"),
        (("--as", "mpy", "--profile", "full"), "", "as mpy with --profile full"),
        (("--as", "romfs"), "", "the system does not fit"),
    ],
)
def test_what_is_refused(diatom, tmp_path, words, stdin, message):
    result = diatom(
        "flash", "pico-w", "--firmware", firmware("pico-w"), "--image", tmp_path / "no.uf2", *words, stdin=stdin
    )
    assert result.status == 1 and message in result.stderr and "Traceback" not in result.stderr
    assert not (tmp_path / "no.uf2").exists()


def test_secrets_from_the_environment(made, monkeypatch):
    monkeypatch.setenv("DIATOM_WIFI_PASSWORD", "from the env")
    _, data = made("pico-w", "--wifi", "net")
    assert b"from the env" in littlefs.read(data)[0]["/local/wifi"]


def test_a_terminal_is_asked_without_an_echo(tmp_path):
    words = ["flash", "pico-w", "--firmware", str(firmware("pico-w")), "--image", str(tmp_path / "image.uf2")]
    for again, said in (("secret", "has passwords in it"), ("Secret", "root: the two passwords are not the same")):
        tool = pexpect.spawn(DIATOM[0], [*DIATOM[1:], *words, "--wifi", "net", "--password"], timeout=PATIENCE)
        tool.expect_exact("Password for net (none: open network): ")
        tool.sendline("geheim12")
        tool.expect_exact("New password for root: ")
        tool.sendline("secret")
        tool.expect_exact("Again: ")
        tool.sendline(again)
        tool.expect_exact(said)
        assert b"geheim12" not in tool.before and b"secret" not in tool.before
        tool.close()


# --- what is no firmware for it


def test_the_wrong_firmware(diatom, tmp_path):
    pico, esp = firmware("pico-w"), firmware("esp32")
    target = ("--image", tmp_path / "image")
    for words, message in (
        (("esp32", "--firmware", pico), "is for rp2040, and esp32 has a esp32"),
        (("pico2-w", "--firmware", pico), "is for rp2040, and pico2-w has a rp2350"),
        (("esp32-s3", "--firmware", esp), "is for esp32, and esp32-s3 has a esp32s3"),
        (("nix", "--firmware", esp), "nix: no such file, and no board of that name"),
        (("esp32", "--firmware", "/nix"), "/nix: No such file or directory"),
        ((esp, "--firmware", pico), "is written as it is"),
        (("esp32", "--firmware", esp, "--sha256", "00"), "not the wanted one"),
        (("esp32", "--firmware", esp, "--flash-size", "x"), "argument --flash-size: invalid"),
        (("esp32", "--firmware", esp, "--flash-size", "2M"), "leaves no space for files"),
        (("pico-w", "--firmware", pico, "--flash-size", "2M"), "says itself where its files are"),
        (("pico-w", "--firmware", pico, "--bare"), "MicroPython alone has nothing of Diatom"),
    ):
        result = diatom("flash", *words, *target)
        assert result.status in (1, 2) and message in result.stderr, result.stderr
    for data, message in ((esp.read_bytes()[:900_000], "factory"), (pico.read_bytes()[:-512], "blocks are missing")):
        (tmp_path / "cut").write_bytes(data)
        result = diatom("flash", "--firmware", tmp_path / "cut", *target)
        assert result.status == 1 and message in result.stderr and result.stderr.count("\n") == 1
    assert not (tmp_path / "image").exists()


# --- RP2350 and ROMFS: no registry has such a firmware, so that of the Pico W is given another form


def other_firmware(tmp_path, family=None, rom=None):
    """A UF2 file with the program of the Pico W: for another family, with a ROMFS area of some bytes."""
    found = uf2.read("", firmware("pico-w").read_bytes())
    begin, data = found.flat()
    data = bytearray(data)
    if rom:  # one of the entries becomes a block device ROMFS below the files
        entries = list(binary_info._entries(begin, bytes(data)))
        address, size = binary_info.block_devices(begin, bytes(data))["MicroPython"]
        place = next(at for at in entries if struct.unpack_from("<H", data, at)[0] == 10)
        name = data.index(b"\0" * 8, 0x1000)
        data[name : name + 6] = b"ROMFS\0"
        struct.pack_into("<HHIII", data, place, 7, 0x504D, begin + name, address - rom, rom)
    absolute = b""
    if family:
        head = struct.pack("<8I", *uf2.MAGIC[:2], 0x2000, 0x10FFFF00, 256, 0, 2, uf2.ABSOLUTE)
        absolute = head + b"\xef" * 256 + bytes(220) + struct.pack("<I", uf2.MAGIC[2])
    content = {begin + at: bytes(data[at : at + 256]) for at in range(0, len(data), 256)}
    path = tmp_path / "other.uf2"
    path.write_bytes(uf2.join(uf2.Uf2("", family or found.family, content, absolute), []))
    return path


def test_an_rp2350(diatom, tmp_path):
    base = other_firmware(tmp_path, RP2350)
    path = tmp_path / "image.uf2"
    assert diatom("flash", "pico2-w", "--firmware", base, "--image", path).status == 0
    data = path.read_bytes()
    heads = [struct.unpack_from("<8I", data, at) for at in range(0, len(data), 512)]
    assert heads[0][3:] == (0x10FFFF00, 256, 0, 2, uf2.ABSOLUTE)  # the workaround for E10 comes first, as it was
    assert {head[7] for head in heads[1:]} == {RP2350} and {head[6] for head in heads[1:]} == {len(heads) - 1}
    assert [head[5] for head in heads[1:]] == list(range(len(heads) - 1))


def test_a_firmware_with_a_romfs_area(made, tmp_path):
    base = other_firmware(tmp_path, rom=1200 << 10)
    found = files.inspect(str(base))
    assert found.rom == (found.files[0] - (1200 << 10), 1200 << 10)
    # Where the program of a real one would end earlier: only what is asked for is looked at here.
    system = filesystem.make(image.space(found))
    assert (system.kind, system.profile) == ("romfs", "full") and system.rom[:3] == b"\xd2\xcd\x31"
    assert "lib/kernel" not in str(list(littlefs.read(system.data)[0]))


def test_a_firmware_that_holds_the_system():
    """The files of the image are the rest, where it is this very system with its programs; its name stands twice there."""
    own = identity.of(ROOT)
    frozen = b"".join(b"bin/%s.py\0" % name for name in image.PROGRAMS) * 2
    assert image.identities(frozen + own.encode() + b"\0") == (own,)
    assert image.identities(frozen[: len(frozen) // 2] + own.encode() + b"\0") == ()  # without the programs
    space = filesystem.Space("rp2040", 640 << 10, identities=(own,))
    system = filesystem.make(space)
    found = littlefs.read(system.data)[0]
    assert (system.kind, system.profile) == ("frozen", "full")
    assert [path for path in sorted(found) if path.startswith(("/lib/", "/bin/"))] == [
        "/lib/romfs.mpy",
        "/lib/spare.py",
        "/lib/spare.z",
    ]
    assert "/etc/profile" in found
    head = json.loads(found["/etc/release.json"].split(b"\n")[0] + b"]}")
    assert (head["kind"], head["identity"]) == ("mpy", own)
    other = filesystem.make(space._replace(identities=("0" * 16,)))
    assert other.kind == "packed"
