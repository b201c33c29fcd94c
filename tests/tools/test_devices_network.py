"""The simulated radio, the ESP32's memories, the LED strip and the sensors, as MicroPython documents them."""

import socket
import subprocess

import pytest
from harness import SIM

from simulator.control import Control

WAIT = """
import time
import network
import simulator

sta = network.WLAN(network.WLAN.IF_STA)


def until(condition):
    # Wait until condition() holds, at most 5 s.
    end = time.ticks_add(time.ticks_ms(), 5000)
    while not condition():
        if time.ticks_diff(end, time.ticks_ms()) < 0:
            raise RuntimeError("it does not happen")
        time.sleep_ms(5)


def names(prefix):
    # The constant of the module that has this value.
    return [name for name in dir(network) if name.startswith("STAT_") and getattr(network, name) == prefix]


def attempt(call):
    # What a call raises, or returns.
    try:
        return call()
    except Exception as e:
        return type(e).__name__, e.args[0] if e.args else None


"""


@pytest.fixture
def lines(bare, tree):
    """Callable: the lines that a program on the board prints."""

    def lines(code, board=None, **options):
        if board:
            boards = tree / "etc" / "boards"
            boards.mkdir(exist_ok=True)
            (boards / f"{board}.board").write_text("{}")
        result = bare(code, board=board, **options)
        assert (result.stderr, result.status) == ("", 0)
        return result.stdout.splitlines()

    return lines


@pytest.fixture
def radio(lines):
    """Callable: the lines that a program on the board prints; it has the client `sta`."""
    return lambda code, **options: lines(WAIT + code, **options)


def test_the_interface_is_off_at_first(radio):
    assert radio(
        "print(sta.active(), sta.isconnected(), names(sta.status()), sta.ifconfig())\n"
        "print(sta is network.WLAN(), network.WLAN(network.AP_IF) is network.WLAN(1), attempt(lambda: network.WLAN(2)))\n"
        "print(attempt(sta.scan), attempt(lambda: sta.connect('Guest')))"
    ) == [
        "False False ['STAT_IDLE'] ('0.0.0.0', '0.0.0.0', '0.0.0.0', '0.0.0.0')",
        "True True ('ValueError', 'invalid WLAN interface identifier')",
        "('OSError', 'STA must be active') ('OSError', 'Wifi Not Started')",
    ]


def test_scan_finds_what_is_there(radio):
    assert radio(
        "simulator.set('wifi.networks', [{'ssid': 'A', 'channel': 3, 'rssi': -30, 'security': 3, 'bssid': '0a:0b:0c:0d:0e:0f'},"
        "{'ssid': 'B', 'hidden': True}, {'ssid': 'C', 'up': False}])\n"
        "print(sta.active(True)); print(sta.scan())"
    ) == [
        "True",
        r"[(b'A', b'\n\x0b\x0c\r\x0e\x0f', 3, -30, 3, False), (b'', b'\x02\xd1\xa7\x00\x01\x02', 1, -60, 0, False)]",
    ]


def test_connecting_takes_a_while(radio):
    assert radio(
        "sta.active(True); sta.connect('Diatom', 'frustule'); start = time.ticks_ms()\n"
        "print(names(sta.status()), sta.isconnected())\n"
        "until(sta.isconnected)\n"
        "print(time.ticks_diff(time.ticks_ms(), start) >= 100, names(sta.status()), sta.status('rssi'), sta.ifconfig())\n"
        "print(simulator.get('wifi.sta.connected'), simulator.get('wifi.sta.ssid'), simulator.get('wifi.sta.status'))"
    ) == [
        "['STAT_CONNECTING'] False",
        "True ['STAT_GOT_IP'] -48 ('127.0.0.1', '255.0.0.0', '127.0.0.1', '127.0.0.1')",
        "True Diatom 1010",
    ]


@pytest.mark.parametrize(
    "what, reason",
    [("'Diatom', 'wrong'", "WRONG_PASSWORD"), ("'Diatom'", "WRONG_PASSWORD"), ("'Nowhere', 'x'", "NO_AP_FOUND")],
)
def test_the_reason_of_a_failure(radio, what, reason):
    assert radio(
        "simulator.set('wifi.delay_ms', 5); sta.active(True); sta.connect(%s)\n"
        "until(lambda: sta.status() != network.STAT_CONNECTING)\n"
        "print(names(sta.status()), sta.isconnected(), attempt(lambda: sta.status('rssi')))" % what
    ) == ["['STAT_%s'] False ('OSError', 'Wifi Not Connected')" % reason]


def test_a_certain_access_point(radio):
    assert radio(
        "simulator.set('wifi.delay_ms', 5)\n"
        "simulator.set('wifi.networks', [{'ssid': 'A', 'rssi': -30}, {'ssid': 'A', 'rssi': -80, 'bssid': '0a0b0c0d0e0f'}])\n"
        "sta.active(True); sta.connect('A'); until(sta.isconnected); print(sta.status('rssi')); sta.disconnect()\n"
        "sta.connect('A', None, bssid=b'\\x0a\\x0b\\x0c\\x0d\\x0e\\x0f'); until(sta.isconnected); print(sta.status('rssi'))\n"
        "sta.disconnect(); print(attempt(lambda: sta.connect('A', bssid=b'short')))\n"
        "sta.connect('A', bssid=b'123456'); until(lambda: sta.status() == network.STAT_NO_AP_FOUND)"
    ) == ["-30", "-80", "('ValueError', None)"]


def test_it_comes_back_by_itself(radio):
    assert radio(
        "simulator.set('wifi.delay_ms', 5); sta.active(True); sta.connect('Diatom', 'frustule'); until(sta.isconnected)\n"
        "known = simulator.get('wifi.networks'); known[0]['up'] = False; simulator.set('wifi.networks', known)\n"
        "print(sta.isconnected()); until(lambda: sta.status() == network.STAT_NO_AP_FOUND); print(sta.ifconfig()[0])\n"
        "known[0]['up'] = True; simulator.set('wifi.networks', known)\n"
        "until(sta.isconnected); print(names(sta.status()))\n"
        "known[0]['password'] = 'changed'; simulator.set('wifi.networks', known)\n"
        "print(sta.isconnected()); until(lambda: sta.status() == network.STAT_WRONG_PASSWORD)"
    ) == ["False", "0.0.0.0", "['STAT_GOT_IP']", "False"]


def test_the_number_of_attempts(radio):
    assert radio(
        "simulator.set('wifi.delay_ms', 5); sta.active(True); sta.config(reconnects=0); print(sta.config('reconnects'))\n"
        "sta.connect('Diatom', 'frustule'); until(sta.isconnected)\n"
        "known = simulator.get('wifi.networks'); simulator.set('wifi.networks', []); print(sta.isconnected())\n"
        "simulator.set('wifi.networks', known); time.sleep_ms(50); print(sta.isconnected())\n"
        "sta.connect(); until(sta.isconnected); print(sta.config('ssid'))"
    ) == ["0", "False", "False", "Diatom"]


def test_a_second_order_while_it_tries(radio):
    assert radio(
        "sta.active(True); sta.connect('Nowhere'); print(attempt(lambda: sta.connect('Guest')))\n"
        "sta.disconnect(); print(names(sta.status())); sta.connect('Guest'); until(sta.isconnected)\n"
        "sta.active(False); print(sta.isconnected(), sta.active(), attempt(sta.disconnect))"
    ) == ["('OSError', 'Wifi Internal State Error')", "['STAT_IDLE']", "False False ('OSError', 'Wifi Not Started')"]


def test_settings(radio):
    assert radio(
        "print(attempt(lambda: sta.config('colour')), attempt(lambda: sta.config(colour=1)))\n"
        "print(attempt(lambda: sta.config('key')), attempt(lambda: sta.config(ssid='x')), attempt(lambda: sta.config('hidden')))\n"
        "print(attempt(lambda: sta.config('mac', pm=1)), attempt(lambda: sta.config()))\n"
        "sta.config(txpower=8.3, pm=sta.PM_NONE); print(sta.config('txpower'), sta.config('pm'))\n"
        "sta.config(mac=b'\\x02abcde'); print(sta.config('mac'), attempt(lambda: sta.config(mac=b'x')))"
    ) == [
        "('ValueError', 'unknown config param') ('ValueError', 'unknown config param')",
        "('ValueError', 'unknown config param') ('OSError', 'AP required') ('OSError', 'AP required')",
        "('TypeError', 'either pos or kw args are allowed') ('TypeError', 'can query only one param')",
        "8.25 0",
        "b'\\x02abcde' ('ValueError', 'invalid buffer length')",
    ]


def test_addresses(radio):
    assert radio(
        "simulator.set('wifi.delay_ms', 5); simulator.set('wifi.address', '192.168.7.9')\n"
        "sta.active(True); sta.connect('Guest'); until(sta.isconnected); print(sta.ifconfig())\n"
        "print(sta.ipconfig('addr4'), sta.ipconfig('gw4'), sta.ipconfig('dhcp4'), attempt(lambda: sta.ipconfig('x')))\n"
        "sta.ifconfig(('10.0.0.2', 16, '10.0.0.1', '9.9.9.9')); print(sta.ifconfig(), sta.ipconfig('dhcp4'))\n"
        "sta.ipconfig(addr4='10.1.0.2/24', gw4='10.1.0.1'); print(sta.ifconfig())\n"
        "print(attempt(lambda: sta.ifconfig(('10.0.0', '1', '2', '3'))), attempt(lambda: sta.ipconfig(gw4='300.1.1.1')))\n"
        "sta.ifconfig('dhcp'); print(sta.ifconfig()[0]); network.ipconfig(dns='8.8.8.8'); print(network.ipconfig('dns'))"
    ) == [
        "('192.168.7.9', '255.255.255.0', '192.168.7.1', '127.0.0.1')",
        "('192.168.7.9', '255.255.255.0') 192.168.7.1 True ('ValueError', 'unexpected key')",
        "('10.0.0.2', '255.255.0.0', '10.0.0.1', '9.9.9.9') False",
        "('10.1.0.2', '255.255.255.0', '10.1.0.1', '9.9.9.9')",
        "('ValueError', 'invalid arguments') ('ValueError', 'invalid arguments')",
        "192.168.7.9",
        "8.8.8.8",
    ]


def test_the_access_point(radio):
    assert radio(
        "ap = network.WLAN(network.WLAN.IF_AP); print(ap.config('essid'), ap.config('security'), ap.status())\n"
        "ap.config(ssid='Pond', key='longenough', authmode=network.AUTH_WPA2_PSK, channel=9); print(ap.active(True))\n"
        "print(simulator.get('wifi.ap.ssid'), simulator.get('wifi.ap.key'), simulator.get('wifi.ap.channel'), ap.isconnected())\n"
        "simulator.set('wifi.ap.stations', [{'mac': '0a0b0c0d0e0f', 'ip': '192.168.4.2'}])\n"
        "print(ap.isconnected(), ap.status('stations')); print(attempt(lambda: ap.config(key='short')), ap.config('ssid'))\n"
        "print(attempt(lambda: ap.connect('x')), attempt(lambda: sta.status('stations')))\n"
        "ap.active(False); print(ap.isconnected())"
    ) == [
        "ESP_5E0002 0 None",
        "True",
        "Pond longenough 9 False",
        r"True [(b'\n\x0b\x0c\r\x0e\x0f', '192.168.4.2')]",
        "('OSError', 'Wifi Invalid Password') Pond",
        "('OSError', 'STA required') ('OSError', 'AP required')",
        "False",
    ]


def test_hostname_and_country(radio):
    assert radio(
        "print(network.hostname(), network.country()); network.hostname('reef'); sta.config(dhcp_hostname='shore')\n"
        "network.country('DE'); print(network.hostname(), sta.config('hostname'), network.country())\n"
        "print(attempt(lambda: network.hostname('x' * 33)), attempt(lambda: network.country('DEU')))\n"
        "print(simulator.get('wifi.hostname'), network.MODE_11N, network.AUTH_WPA_WPA2_PSK, hasattr(network, 'LAN'))"
    ) == ["mpy-esp32 XX", "shore shore DE", "('ValueError', None) ('ValueError', None)", "shore 4 4 False"]


def test_the_pico_w_differs(radio):
    assert radio(
        "simulator.set('wifi.delay_ms', 5); print(sta.active(True), network.hostname(), hasattr(network, 'AUTH_OPEN'))\n"
        "print([entry[4:] for entry in sta.scan()], attempt(lambda: sta.config('reconnects')))\n"
        "sta.connect(ssid='Guest', key=None); until(sta.isconnected); print(sta.status())\n"
        "known = simulator.get('wifi.networks'); simulator.set('wifi.networks', known[:1]); print(sta.status())\n"
        "simulator.set('wifi.networks', known); time.sleep_ms(30); print(sta.isconnected())\n"
        "sta.connect('Diatom', 'wrong'); until(lambda: sta.status() == network.STAT_WRONG_PASSWORD); print(sta.status())",
        board="pico-w",
    ) == ["None PicoW False", "[(5, 1), (0, 1)] ('ValueError', 'unknown config param')", "3", "0", "False", "-3"]


@pytest.mark.parametrize(
    "module, board", [("network", "pico"), ("network", "pico2"), ("esp32", "pico-w"), ("esp", "pico")]
)
def test_boards_that_lack_a_module(lines, module, board):
    code = "try:\n    import %s\nexcept ImportError as e:\n    print(e)" % module
    assert lines(code, board=board) == ["no module named '%s'" % module]


# --- the ESP32's own memories

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


# --- the world from outside


@pytest.fixture
def control(flash):
    """Callable: run a shell script on a board; returns its world (a Control) and the process."""
    running = []

    def control(script):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = "127.0.0.1:%d" % probe.getsockname()[1]
        command = [*SIM, "--flash", str(flash()), "--stack", "rp2", "--control", address, "-c", script]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        world = Control(address)
        running.append((world, process))
        return world, process

    yield control
    for world, process in running:
        world.close()
        process.kill()
        process.wait()


def test_a_test_switches_the_access_point(control):
    world, process = control(
        "wifi sta connect Guest; while test $wc = True; do wifi sta status -n; sleep .01; done; echo lost\n"
        "until test $wc = True; do wifi sta status -n; sleep .01; done; wifi sta"
    )
    assert process.stdout.readline() == "connected to Guest, address 127.0.0.1\n"
    assert world.get("wifi.sta.ssid") == "Guest"
    world.set("wifi.networks", [{"ssid": "Guest", "up": False}])
    assert process.stdout.readline() == "lost\n"
    world.set("wifi.networks", [{"ssid": "Guest", "rssi": -44}])
    assert process.stdout.readline() == "wifi sta: active, connected to Guest (-44 dBm)\n"


def test_the_store_tells_what_no_program_looks_at(control):
    world, process = control(
        "> import network; radio = network.WLAN(); radio.active(True); radio.connect('Guest')\nsleep 60"
    )
    world.wait("wifi.sta.connected", True)
    networks = world.get("wifi.networks")
    world.set("wifi.networks", [])
    world.wait("wifi.sta.connected", False)
    world.set("wifi.networks", networks)
    world.wait("wifi.sta.connected", True)
    assert process.poll() is None
