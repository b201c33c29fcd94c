"""Board files, and how the right one is selected."""

import json
from pathlib import Path

import pytest

from shell.onboard import ROOT, Board

BOARDS = sorted(path for path in (ROOT / "etc").rglob("*.board"))
NAMES = ROOT / "etc/boards/names"
CONTROLLERS = ("uart", "spi", "i2c", "adc", "dac", "pwm", "touch")
GPIOS = ("ledio", "rgbio", "camera", "sdio")

board = Board(
    f"""
import base
from base import board
board.DIRECTORIES = ({str(ROOT / "etc/boards") + "/"!r},)
board.DEFAULT = {str(ROOT / "etc/default.board")!r}

def lookup(text):
    return board._lookup(text)

def choose(name):
    base.given["board"] = name
    message = board.load()
    return [message, board.path().rsplit("/", 1)[-1]]

def gpio(name, pin):
    board.load(name)
    return board.gpio(pin)

def gpios(name, category, index):
    board.load(name)
    return board.gpios(category, index)
"""
)


def once(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key twice in {keys}"
    return dict(pairs)


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.stem)
def test_file_is_consistent(path):
    data = json.loads(path.read_text(), object_pairs_hook=once)
    gpio = data["gpio"][0]
    pins = list(gpio.values())
    assert len(pins) == len(set(pins)), "two GPIOs at one pin"
    assert all(key.isdigit() for key in gpio)
    for category in CONTROLLERS:
        for controller in data.get(category, []):
            assert set(controller.values()) <= set(pins), category
    for category in GPIOS:
        for table in data.get(category, []):
            assert all(isinstance(value, (int, str)) for value in table.values())
    if path.stem != "default":
        power = data["3v3"] + data["5v0"] + data["gnd"] + data["nc"]
        assert not set(power) & set(pins), "a GPIO at a power pin"
        assert {"wifi", "bt", "eth", "mcu", "text", "ver", "ledio"} - set(data) <= {"ledio"}
        assert "ledio" in data or "rgbio" in data


def test_wifi_where_there_is_a_radio():
    wifi = {path.stem for path in BOARDS if json.loads(path.read_text()).get("wifi")}
    assert wifi == {path.stem for path in BOARDS} - {"pico", "pico2", "default"}


MACHINES = [
    ("Raspberry Pi Pico with RP2040", "pico"),
    ("Raspberry Pi Pico W with RP2040", "pico-w"),
    ("Raspberry Pi Pico2 with RP2350", "pico2"),
    ("Raspberry Pi Pico 2 W with RP2350", "pico2-w"),
    ("Raspberry Pi Pico2 with RP2350-RISCV", "pico2"),
    ("Adafruit Feather RP2040 with RP2040", "pico"),
    ("Generic ESP32 module with ESP32", "esp32-wroom-32"),
    ("Generic ESP32 module with SPIRAM with ESP32", "esp32-wroom-32"),
    ("Generic ESP32S3 module with ESP32S3", "esp32-s3-devkitc"),
    ("Generic ESP32S3 module with Octal-SPIRAM with ESP32S3", "esp32-s3-devkitc"),
    ("ESP32C3 module with ESP32C3", "esp32-c3"),
    ("ESP32C6 module with ESP32C6", "esp32-c6"),
    ("ESP32-CAM with ESP32", "esp32-cam"),
    ("linux [GCC 14.2.1] version", "sim"),
    ("Something else with SAMD51", ""),
]


@pytest.mark.parametrize(("machine", "name"), MACHINES)
def test_the_firmwares_name_tells_the_board(machine, name):
    assert board.call("lookup", machine) == name


CHOICES = [
    ("pico-w", [None, "pico-w.board"]),
    ("pico-w.board", [None, "pico-w.board"]),
    (str(ROOT / "etc/boards/pico2.board"), [None, "pico2.board"]),
    ("/etc/boards/upyOS-rp2.board", [None, "pico.board"]),
    ("/etc/boards/upyOS-esp32-wroom-32.board", [None, "esp32-wroom-32.board"]),
    ("/etc/boards/upyOS-esp32c3_vcc_gnd.board", [None, "esp32-c3.board"]),
    ("nosuch", ["board nosuch not found, " + str(ROOT / "etc/default.board") + " is used", "default.board"]),
    (
        "/nosuch/x.board",
        ["board /nosuch/x.board not found, " + str(ROOT / "etc/default.board") + " is used", "default.board"],
    ),
]


@pytest.mark.parametrize(("name", "found"), CHOICES)
def test_choice(name, found):
    assert board.call("choose", name) == found


def test_damaged_file_is_told(tmp_path):
    damaged = tmp_path / "x.board"
    damaged.write_text('{"gpio": ')
    message, path = board.call("choose", str(damaged))
    assert path == "default.board" and message.startswith(str(damaged) + ": invalid")


def test_pins_and_gpios():
    assert board.call("gpio", "pico", 1) == 0
    assert board.call("gpio", "pico", 34) == 28
    assert board.call("gpio", "pico", 3) is None
    assert board.call("gpios", "pico", "i2c", 0) == {"sda": 4, "scl": 5}
    assert board.call("gpios", "esp32-wroom-32", "spi", 1) == {"mosi": 23, "miso": 19, "cs": 5, "ck": 18}


def test_names_lead_to_files():
    for line in NAMES.read_text().splitlines():
        if not line.startswith("#"):
            assert (Path(NAMES).parent / (line.split()[1] + ".board")).exists(), line
