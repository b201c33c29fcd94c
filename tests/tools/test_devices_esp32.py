"""The ESP32's memories and sleep, the LED strip and the sensors, as MicroPython documents them."""

import socket
import struct
import threading

import pytest

NVS = """
from esp32 import NVS


def attempt(call):
    try:
        return call()
    except Exception as e:
        return e.args[0]


store = NVS("app")
"""


def test_values_survive_the_loss_of_power(lines):
    assert (
        lines(
            NVS
            + "store.set_i32('boots', -7); store.set_blob('key', b'\\0abc'); store.commit(); store.set_i32('lost', 1)"
        )
        == []
    )
    assert lines(
        NVS + "buffer = bytearray(6)\n"
        "print(store.get_i32('boots'), store.get_blob('key', buffer), buffer, attempt(lambda: store.get_i32('lost')))\n"
        "print(attempt(lambda: NVS('other').get_i32('boots')))\n"
        "store.erase_key('boots'); store.commit()"
    ) == [r"-7 4 bytearray(b'\x00abc\x00\x00') -4354", "-4354"]
    assert lines(NVS + "print(attempt(lambda: store.get_i32('boots')), attempt(lambda: store.erase_key('boots')))") == [
        "-4354 -4354"
    ]
    assert lines(NVS + "print(attempt(lambda: store.get_blob('key', bytearray(4))))", fresh=True) == ["-4354"]


def test_values_survive_a_reset(console, tree):
    console(tree=tree)
    console.expect("ready power_on")
    console.send(
        "from esp32 import NVS; store = NVS('app'); store.set_i32('boots', 41); store.commit(); power.reset()\r"
    )
    console.expect("ready hard")
    console.send("from esp32 import NVS; print('boots', NVS('app').get_i32('boots') + 1)\r")
    console.expect("boots 42")


def test_wrong_use_of_the_values(lines):
    assert lines(
        NVS + "store.set_i32('number', 5); store.set_blob('blob', 'text')\n"
        "print(attempt(lambda: store.get_i32('blob')), attempt(lambda: store.get_blob('number', bytearray(9))))\n"
        "print(attempt(lambda: store.get_blob('blob', bytearray(3))), attempt(lambda: store.set_i32('x' * 16, 1)))\n"
        "print(attempt(lambda: store.set_blob('large', bytes(30000))), attempt(lambda: store.set_i32('x', 1 << 31)))"
    ) == ["-4355 -4355", "-4364 -4361", "-4357 overflow converting long int to machine word"]


PARTITION = """
from esp32 import Partition


def label(which):
    return Partition(which).info()[4]


running = Partition(Partition.RUNNING)
"""


def test_firmware_is_switched_and_comes_back_unless_it_is_good(lines):
    state = PARTITION + "print(label(Partition.RUNNING), label(Partition.BOOT))"
    update = (
        "\nother = running.get_next_update(); other.writeblocks(0, b'\\xe9' + bytes(4095)); other.set_boot()\n"
        "print(label(Partition.BOOT), label(Partition.RUNNING))"
    )
    assert lines(state + update) == ["ota_0 ota_0", "ota_1 ota_0"]
    assert lines(state) == ["ota_1 ota_1"]  # the trial
    assert lines(state + update) == ["ota_0 ota_0", "ota_1 ota_0"]  # nobody said that it was good
    assert lines(state + "\nPartition.mark_app_valid_cancel_rollback()") == ["ota_1 ota_1"]
    assert lines(state) == ["ota_1 ota_1"]
    assert lines(state, fresh=True) == ["ota_0 ota_0"]


def test_a_partition_is_a_flash(lines):
    code = PARTITION + (
        "part = running.get_next_update(); buffer = bytearray(4)\n"
        "part.readblocks(3, buffer); print(buffer, part.ioctl(4, 0), part.ioctl(5, 0))\n"
        "part.writeblocks(3, b'\\xf0\\x0f', 1); part.writeblocks(3, b'\\x3f', 1); part.readblocks(3, buffer); print(buffer)\n"
        "part.ioctl(6, 3); part.readblocks(3, buffer); print(buffer)\n"
        "part.writeblocks(15, bytes(range(256)) * 16)"
    )
    assert lines(code) == [
        r"bytearray(b'\xff\xff\xff\xff') 16 4096",
        r"bytearray(b'\xff0\x0f\xff')",
        r"bytearray(b'\xff\xff\xff\xff')",
    ]
    code = PARTITION + "buffer = bytearray(4); running.get_next_update().readblocks(15, buffer, 254); print(buffer)"
    assert lines(code) == [r"bytearray(b'\xfe\xff\x00\x01')"]


def test_wrong_use_of_partitions(lines):
    code = (
        NVS
        + PARTITION
        + (
            "print(attempt(running.get_next_update().set_boot), attempt(lambda: Partition('nowhere')))\n"
            "print(attempt(lambda: running.readblocks(16, bytearray(1))), attempt(Partition('nvs').set_boot))\n"
            "print([part.info()[4] for part in Partition.find()], [part.info()[4] for part in Partition.find(Partition.TYPE_DATA)])\n"
            "print(Partition.find(label='ota_1'), Partition.find(Partition.TYPE_DATA, label='vfs')[0].ioctl(4, 0))"
        )
    )
    assert lines(code, flash_size="1M") == [
        "-5379 2",
        "-260 -258",
        "['ota_0', 'ota_1'] ['nvs', 'otadata', 'vfs']",
        "[<Partition type=0, subtype=17, address=196608, size=65536, label=ota_1, encrypted=0>] 256",
    ]


def test_the_chip(lines):
    code = (
        "import esp, esp32, simulator\n"
        "simulator.set('esp32.temperature', 30); print(esp32.raw_temperature(), esp32.mcu_temperature())\n"
        "simulator.set('esp32.heap_data', [[1000, 500, 300, 200]]); print(esp32.idf_heap_info(esp32.HEAP_DATA))\n"
        "esp.osdebug(0, esp.LOG_INFO); print(simulator.get('esp.osdebug')); esp.osdebug(None); print(simulator.get('esp.osdebug'))\n"
        "buffer = bytearray(8); esp.flash_read(esp.flash_user_start() + 8, buffer); print(esp.flash_size(), buffer)"
    )
    assert lines(code, flash_size="1M") == [
        "86 30",
        "[(1000, 500, 300, 200)]",
        "3",
        "1",
        "3145728 bytearray(b'littlefs')",
    ]


def test_what_ends_a_sleep(lines):
    code = (
        "import esp32, simulator; from machine import Pin\n"
        "esp32.wake_on_ext0(Pin(4, Pin.IN), esp32.WAKEUP_ANY_HIGH); esp32.wake_on_ext1((Pin(2), Pin(15))); esp32.wake_on_ulp(True)\n"
        "print(simulator.get('esp32.wake.ext0') == {'pins': [4], 'level': 1}, simulator.get('esp32.wake.ext1')['pins'])\n"
        "esp32.wake_on_touch(True)\ntry:\n    esp32.wake_on_ext0(Pin(4))\nexcept ValueError as e:\n    print(e)"
    )
    assert lines(code) == ["True [2, 15]", "no resources"]


# --- what hangs on the pins


def test_a_strip_of_lights(lines):
    code = (
        "import simulator; from machine import Pin; from neopixel import NeoPixel\n"
        "strip = NeoPixel(Pin(8), 3); strip[0] = (255, 16, 1); strip[2] = (0, 0, 9); print(simulator.get('neopixel.8'))\n"
        "strip.write(); print([tuple(light) for light in simulator.get('neopixel.8')], len(strip), strip[0], strip.buf)\n"
        "strip.fill((1, 2, 3)); strip.write(); print([tuple(light) for light in simulator.get('neopixel.8')])\n"
        "white = NeoPixel(Pin(9), 1, bpp=4); white[0] = (1, 2, 3, 4); white.write(); print(tuple(simulator.get('neopixel.9')[0]))\n"
        "try:\n    strip[3] = (0, 0, 0)\nexcept IndexError:\n    print('no fourth')"
    )
    assert lines(code) == [
        "None",
        r"[(255, 16, 1), (0, 0, 0), (0, 0, 9)] 3 (255, 16, 1) bytearray(b'\x10\xff\x01\x00\x00\x00\x00\x00\t')",
        "[(1, 2, 3), (1, 2, 3), (1, 2, 3)]",
        "(1, 2, 3, 4)",
        "no fourth",
    ]


def test_humidity_sensors(lines):
    code = (
        "import errno, simulator; from machine import Pin; from dht import DHT11, DHT22\n"
        "fine, coarse = DHT22(Pin(4)), DHT11(Pin(4))\n"
        "try:\n    fine.measure()\nexcept OSError as e:\n    print(e.errno == errno.ETIMEDOUT)\n"
        "simulator.set('dht.4.temperature', -3.2); simulator.set('dht.4.humidity', 55.5)\n"
        "fine.measure(); print(fine.temperature(), fine.humidity())\n"
        "simulator.set('dht.4.temperature', 21.7); print(fine.temperature())\n"
        "fine.measure(); coarse.measure(); print(fine.temperature(), coarse.temperature(), coarse.humidity())\n"
        "simulator.set('dht.4.fault', True)\ntry:\n    fine.measure()\nexcept Exception as e:\n    print(e)"
    )
    assert lines(code) == ["True", "-3.2 55.5", "-3.2", "21.7 22 56", "checksum error"]


BUS = """
import simulator
from ds18x20 import DS18X20
from machine import Pin
from onewire import OneWire, OneWireError

wire = OneWire(Pin(5))
sensors = DS18X20(wire)
"""


def test_temperature_sensors_on_a_bus(lines):
    code = BUS + (
        "print(sensors.scan(), wire.reset())\n"
        "try:\n    sensors.convert_temp()\nexcept OneWireError:\n    print('nobody')\n"
        "simulator.set('ds18x20.5', {'28aabbccddeeff01': 21.5, '28aabbccddeeff02': -10.125, '10ff000000000003': 3.5, '01ff000000000004': 0})\n"
        "roms = sorted(sensors.scan()); print([rom.hex() for rom in roms], len(wire.scan()))\n"
        "print(sensors.read_temp(roms[1])); sensors.convert_temp(); print([sensors.read_temp(rom) for rom in roms])\n"
        "simulator.set('ds18x20.5', {'28aabbccddeeff02': 1}); print(len(sensors.scan()), sensors.read_temp(roms[2]))\n"
        "sensors.convert_temp(); print(sensors.read_temp(roms[2]))\n"
        "try:\n    sensors.read_temp(roms[1])\nexcept Exception as e:\n    print(e)"
    )
    assert lines(code) == [
        "[] False",
        "nobody",
        "['10ff000000000003', '28aabbccddeeff01', '28aabbccddeeff02'] 4",
        "85.0",
        "[3.5, 21.5, -10.125]",
        "1 -10.125",
        "1.0",
        "CRC error",
    ]


def test_the_bus_itself(lines):
    code = BUS + (
        "simulator.set('ds18x20.5', {'28aabbccddeeff01': 21.5}); print(wire.reset(), wire.crc8(b'\\x02\\x1c\\xb8\\x01\\0\\0\\0\\xa2'))\n"
        "wire.writebyte(0x33); print(bytes([wire.readbyte() for i in range(8)]).hex())\n"
        "rom = wire.scan()[0]; sensors.write_scratch(rom, b'\\x11\\x22\\x3f'); print(sensors.read_scratch(rom)[2:5].hex())\n"
        "wire.select_rom(b'nobody..'); wire.writebyte(0xBE); buffer = bytearray(2); wire.readinto(buffer); print(buffer)"
    )
    assert lines(code) == ["True 0", "28aabbccddeeff01", "11223f", r"bytearray(b'\xff\xff')"]


# --- what the firmware of a board has besides


@pytest.mark.parametrize(
    "code, said",
    [
        (
            "import os, uos; print(os.uname().sysname, os.uname()[4], len(uos.uname()), os.listdir is uos.listdir)",
            "esp32 Simulated board 5 True",
        ),
        ("import os; print(os.dupterm(1), os.dupterm(None), os.dupterm_notify(None))", "None 1 None"),
        ("import os\ntry:\n    os.dupterm(None, 1)\nexcept ValueError as e:\n    print(e)", "invalid dupterm index"),
        (
            "import usocket, uselect; s = usocket.socket(); s.bind(('127.0.0.1', 0)); s.listen(1)\n"
            "print(usocket.getaddrinfo('127.0.0.1', 80)[0][-1], uselect.select([s], [], [], 0), s.close())",
            "('127.0.0.1', 80) ([], [], []) None",
        ),
        ("import socket; print(socket.IPPROTO_TCP, socket.TCP_NODELAY, socket.socket().close())", "6 1 None"),
        ("import micropython as m; print(m.alloc_emergency_exception_buf(100), m.const(3))", "None 3"),
        ("import requests, urequests; print(urequests.get is requests.get)", "True"),
        (
            "try:\n    import bluetooth\nexcept ImportError as e:\n    print(e)",
            "this simulated board has no Bluetooth radio",
        ),
    ],
)
def test_modules_have_what_those_of_a_board_have(lines, code, said):
    assert lines(code) == [said]


NTP = """
import ntptime, simulator
ntptime.host = "127.0.0.1"
simulator.set("ntptime.port", %d)
try:
    ntptime.settime()
    import machine
    print(ntptime.time(), machine.RTC().datetime()[:5])
except OSError as e:
    print(e.errno)
"""


def test_ntptime_sets_the_clock(lines):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def answer():
            for _ in range(2):
                asked, client = server.recvfrom(64)
                assert asked == b"\x1b" + bytes(47)
                server.sendto(bytes(40) + struct.pack("!II", 1924992000 + 2208988800, 0), client)

        threading.Thread(target=answer, daemon=True).start()
        assert lines(NTP % server.getsockname()[1]) == ["1924992000 (2031, 1, 1, 2, 0)"]


def test_ntptime_without_an_answer(lines):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        assert lines(NTP % server.getsockname()[1]) == ["110"]
