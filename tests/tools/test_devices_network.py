"""The simulated radio, as MicroPython documents it, and the world that a test sets."""

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
