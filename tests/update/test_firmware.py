"""The firmware of an ESP32: the other partition, a trial, and the way back."""

import hashlib

import pytest

from release import keys
from update.conftest import Server

IMAGE = b"\xe9" + bytes(range(256)) * 60


@pytest.fixture
def firmware(releases, tmp_path):
    """A Server with a signed image."""
    directory = tmp_path / "firmware"
    directory.mkdir()
    (directory / "app.bin").write_bytes(IMAGE)
    (directory / "app.bin.sig").write_bytes(keys.sign(keys.load(releases.key), IMAGE))
    server = Server(directory)
    yield server
    server.close()


def boot(board, script, *words):
    return board.run(script, "--board", "esp32-wroom-32", *words)


RUNS = "< __import__('esp32').Partition(1).info()[4]"
SHORT = """echo '{"upgrade": {"healthy": 1}}' > /etc/system.conf; """


def test_a_firmware_is_tried_and_confirmed(board, firmware):
    run = boot(board, f"{SHORT}upgrade --firmware -f {firmware.url}app.bin; upgrade --status; {RUNS}")
    assert "trial begins at the restart" in run.stdout, run.stderr
    assert "a new firmware is on trial" in run.stdout
    assert run.stdout.endswith("ota_0\n")
    run = boot(board, f"{RUNS}\nwhile test -e /var/update/state; do sleep 0.2; done; upgrade --status")
    assert run.stdout.startswith("ota_1\n"), run.stderr
    assert "the new firmware is confirmed" in run.stdout
    assert boot(board, RUNS).stdout == "ota_1\n"


def test_what_stands_in_the_partition_is_the_image(board, firmware):
    run = boot(board, f"upgrade --firmware -f {firmware.url}app.bin")
    assert run.returncode == 0, run.stderr
    code = "import esp32, hashlib; b = bytearray(16384); esp32.Partition('ota_1').readblocks(0, b)"
    run = boot(board, f"> {code}\n< hashlib.sha256(memoryview(b)[:{len(IMAGE)}]).digest().hex()")
    assert run.stdout.strip() == hashlib.sha256(IMAGE).hexdigest(), run.stderr


def test_the_bootloader_takes_a_firmware_back_that_nobody_confirms(board, firmware):
    boot(board, f"{SHORT.replace('1', '3')}upgrade --firmware -f {firmware.url}app.bin")
    assert boot(board, RUNS).stdout == "ota_1\n"
    run = boot(board, f"{RUNS}\nwhile test -e /var/update/state; do sleep 0.2; done; upgrade --status")
    assert run.stdout.startswith("ota_0\n")
    assert "failed its trial" in run.stdout


def test_a_connection_that_is_lost_is_made_again(board, firmware):
    cut = iter((3000, 9000))

    def answer(handler):
        first = int(handler.headers.get("Range", "bytes=0-")[6:-1])
        handler.send_response(206 if first else 200)
        handler.send_header("Content-Length", str(len(IMAGE) - first))
        if first:
            handler.send_header("Content-Range", f"bytes {first}-{len(IMAGE) - 1}/{len(IMAGE)}")
        handler.end_headers()
        handler.wfile.write(IMAGE[first : first + next(cut, len(IMAGE))])
        handler.close_connection = True

    firmware.files["app.bin"] = answer
    run = boot(board, f"upgrade --firmware -f {firmware.url}app.bin")
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    "name, data, reason",
    [
        ("app.bin", b"hello", "not a firmware for this chip"),
        ("app.bin", IMAGE + b"x", "not signed with a trusted key"),
        ("app.bin.sig", bytes(256), "not signed with a trusted key"),
        ("app.bin", b"\xe9" + bytes(70000), "larger than the partition"),
    ],
    ids=["text", "changed", "signature", "large"],
)
def test_a_firmware_that_is_refused(board, firmware, name, data, reason):
    firmware.files[name] = data
    run = boot(board, f"upgrade --firmware -f {firmware.url}app.bin; echo $?")
    assert reason in run.stderr and run.stdout == "1\n"
    assert boot(board, RUNS).stdout == "ota_0\n"


def test_a_board_without_a_second_partition_says_so(board, firmware):
    run = board.run(f"upgrade --firmware -f {firmware.url}app.bin", "--board", "pico-w")
    assert "no second partition" in run.stderr
