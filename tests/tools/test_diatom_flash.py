"""tools/diatom flash: the checks of a firmware, and the commands that would run. esptool makes the images."""

import hashlib
import http.server
import json
import struct
import subprocess
import sys
import threading
import time
import zipfile

import pytest
from harness import DIATOM, PATIENCE, run

from simulator import environment

MD5_MARK = b"\xeb\xeb" + b"\xff" * 14


@pytest.fixture
def diatom(tmp_path, monkeypatch):
    """Callable: tools/diatom without a board, with its own cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def diatom(*words):
        return run([*DIATOM, *map(str, words)], timeout=120)

    return diatom


def esptool(*words):
    environment.need("flash")
    result = subprocess.run([sys.executable, "-m", "esptool", *map(str, words)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def partition(kind, subkind, address, size, name):
    return struct.pack("<2sBBII16sI", b"\xaa\x50", kind, subkind, address, size, name, 0)


def partition_table():
    entries = partition(1, 2, 0x9000, 0x6000, b"nvs") + partition(0, 0, 0x10000, 0x1F0000, b"factory")
    entries += partition(1, 0x81, 0x200000, 0x200000, b"vfs")
    return entries + MD5_MARK + hashlib.md5(entries).digest()


@pytest.fixture(scope="session")
def firmware(tmp_path_factory):
    """Callable: the path of a merged firmware for a chip, in the format of micropython.org."""
    environment.need("flash")
    from esptool.bin_image import ELFSection, ESP32FirmwareImage, ESP32S3FirmwareImage

    def firmware(chip):
        place = tmp_path_factory.mktemp(chip)
        kinds = {"esp32": (ESP32FirmwareImage, 0x1000, 0x40080000), "esp32s3": (ESP32S3FirmwareImage, 0, 0x40380000)}
        kind, offset, ram = kinds[chip]
        for name, size in (("boot", 3000), ("app", 40_000)):
            image = kind()
            image.entrypoint = ram
            image.segments = [ELFSection(b"text", ram, bytes(i % 251 for i in range(size)), 0)]
            image.save(str(place / name))
        (place / "table").write_bytes(partition_table())
        parts = [hex(offset), place / "boot", "0x8000", place / "table", "0x10000", place / "app"]
        esptool("--chip", chip, "merge-bin", "-o", place / "firmware.bin", "-t", hex(offset), *parts)
        return place / "firmware.bin"

    return firmware


@pytest.mark.parametrize("chip, offset", [("esp32", "0x1000"), ("esp32s3", "0x0")])
def test_what_would_be_done(diatom, firmware, chip, offset):
    path = firmware(chip)
    assert "Validation hash" in (info := esptool("--chip", chip, "image-info", path)) and "(invalid)" not in info
    result = diatom("-b", "/dev/ttyUSB9", "flash", "-n", "--erase", path)
    assert result.status == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"{path}: for {chip}, ") and hashlib.sha256(path.read_bytes()).hexdigest() in lines[0]
    assert "  0x00010000  factory      2.0 MB" in lines
    port = f"--chip {chip} --port /dev/ttyUSB9 --baud 460800"
    assert lines[-2:] == [
        f"would run: esptool {port} erase-flash",
        f"would run: esptool {port} write-flash {offset} {path}",
    ]


def test_esptool_takes_the_commands(firmware):
    """esptool parses the command that would run, and then reports the missing port."""
    from remote import espressif
    from remote import firmware as files

    commands = espressif.commands(files.inspect(str(firmware("esp32"))), "/dev/nix", True)
    assert len(commands) == 2
    for command in commands:
        result = subprocess.run(command, capture_output=True, text=True)
        assert result.returncode and "/dev/nix" in result.stdout + result.stderr
        assert "Usage" not in result.stdout + result.stderr


@pytest.mark.parametrize(
    "place, message",
    [(0x1100, "boot loader is damaged"), (0x8020, "the partition table is damaged"), (0x10200, "factory is damaged")],
)
def test_a_damaged_image(diatom, firmware, tmp_path, place, message):
    data = bytearray(firmware("esp32").read_bytes())
    data[place - 0x1000] ^= 1
    (tmp_path / "bad.bin").write_bytes(data)
    result = diatom("flash", "-n", tmp_path / "bad.bin")
    assert (result.status, result.stdout) == (1, "") and message in result.stderr


def test_what_is_no_firmware(diatom, firmware, tmp_path):
    whole = firmware("esp32").read_bytes()
    for name, data, message in (
        ("text", b"hello", "neither a firmware image"),
        ("cut", whole[:2000], "boot loader"),
        ("app", whole[0xF000:], "without a partition table"),
        ("other", whole[:12] + b"\x63\x00" + whole[14:], "a chip that esptool does not know"),
    ):
        (tmp_path / name).write_bytes(data)
        result = diatom("flash", "-n", tmp_path / name)
        assert result.status == 1 and message in result.stderr and result.stderr.count("\n") == 1, result.stderr
    assert "no such file, and no board of that name" in diatom("flash", "-n", "nix").stderr


def test_a_hash_that_is_given(diatom, firmware):
    path = firmware("esp32")
    right = hashlib.sha256(path.read_bytes()).hexdigest()
    assert diatom("flash", "-n", "--sha256", right.upper(), path).status == 0
    assert "not the wanted one" in diatom("flash", "-n", "--sha256", "0" * 64, path).stderr


@pytest.fixture
def site(tmp_path):
    """(address, directory) of a server of official files."""
    place = tmp_path / "site"
    place.mkdir()

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *words):
            super().__init__(*words, directory=str(place))

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", place
    server.shutdown()
    thread.join()
    server.server_close()


def test_official_files(diatom, firmware, site, tmp_path):
    from remote.firmware import official

    address, place = site
    words = ("flash", "-n", "--site", address)
    missing = diatom(*words, "esp32-cam")
    assert missing.status == 1 and "File not found" in missing.stderr
    with_hash, without = official()["esp32"], official()["esp32-cam"]
    (place / with_hash.file).write_bytes(b"not that")
    assert "should be " + with_hash.hash in diatom(*words, "esp32").stderr
    with zipfile.ZipFile(place / without.file, "w") as archive:
        archive.write(firmware("esp32"), "firmware.bin")
    first = diatom(*words, "esp32-cam")
    assert first.status == 0 and "no hash is published" in first.stderr
    (place / without.file).unlink()
    again = diatom(*words, "esp32-cam")  # from the cache
    assert (again.status, again.stderr) == (0, "")
    (tmp_path / "cache" / "diatom" / "firmware" / without.file).write_bytes(b"changed")
    assert "should be" in diatom(*words, "esp32-cam").stderr


# --- Picos


def uf2(family, blocks=4):
    """The bytes of a UF2 file, with the leading block of those for the RP2350."""
    head = struct.pack("<8I", 0x0A324655, 0x9E5D5157, 0x2000, 0x10FFFF00, 256, 0, 2, 0xE48BFF57)
    data = (head + bytes(476) + struct.pack("<I", 0x0AB16F30)) if family != 0xE48BFF56 else b""
    for number in range(blocks):
        address = 0x10000000 + 256 * number
        head = struct.pack("<8I", 0x0A324655, 0x9E5D5157, 0x2000, address, 256, number, blocks, family)
        data += head + bytes([number]) * 476 + struct.pack("<I", 0x0AB16F30)
    return data


@pytest.fixture
def drive(tmp_path):
    """The USB drive of an RP2350."""
    place = tmp_path / "RP2350"
    place.mkdir()
    (place / "INFO_UF2.TXT").write_text("UF2 Bootloader v1.0\r\nModel: Raspberry Pi RP2350\r\nBoard-ID: RP2350\r\n")
    return place


def test_a_pico_by_its_drive(diatom, drive, tmp_path):
    path = tmp_path / "pico.uf2"
    path.write_bytes(uf2(0xE48BFF59))
    dry = diatom("flash", "-n", "--drive", drive, path)
    assert dry.stdout.endswith(f"would copy it to {drive}\n") and not (drive / "pico.uf2").exists()
    tool = subprocess.Popen([*DIATOM, "flash", "--json", "--drive", drive, path], stdout=subprocess.PIPE, text=True)
    target = drive / "pico.uf2"
    end = time.monotonic() + PATIENCE
    while not target.exists() or target.stat().st_size < path.stat().st_size:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert target.read_bytes() == path.read_bytes()
    (drive / "INFO_UF2.TXT").unlink()  # the chip has everything and restarts
    out, _ = tool.communicate(timeout=PATIENCE)
    assert tool.returncode == 0
    assert json.loads(out)["chip"] == "rp2350" and json.loads(out)["done"] == [str(target)]


def test_the_wrong_pico(diatom, drive, tmp_path):
    path = tmp_path / "pico.uf2"
    path.write_bytes(uf2(0xE48BFF56))
    result = diatom("flash", "--drive", drive, path)
    assert result.status == 1 and "that of a rp2350, the firmware is for rp2040" in result.stderr
    assert diatom("flash", "--drive", tmp_path, path).status == 1
    assert "flash_nuke" in diatom("flash", "--erase", "--drive", drive, path).stderr
    assert not (drive / "pico.uf2").exists()


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda data: data[:-100], "the end is missing"),
        (lambda data: data[:-512], "1 of 4 blocks are missing"),
        (lambda data: data[:1024] + b"X" + data[1025:], "block 2 is damaged"),
        (lambda data: data.replace(struct.pack("<I", 0xE48BFF59), b"abcd"), "for another chip"),
    ],
)
def test_a_damaged_uf2(diatom, tmp_path, change, message):
    path = tmp_path / "bad.uf2"
    path.write_bytes(change(uf2(0xE48BFF59)))
    result = diatom("flash", "-n", path)
    assert result.status == 1 and message in result.stderr
