"""wifi with the simulated radio: every verb, and the scripts of upyOS users."""

import pytest
from cases import Case, outcome, parametrize

CASES = [
    Case("off-at-first", "wifi sta; echo $wa $wc", "", "wifi sta: not active, not connected (idle)\nFalse False\n"),
    Case("on", "wifi sta on; echo $wa $wc", "", "wifi sta: active, not connected (idle)\nTrue False\n"),
    Case("off", "wifi sta on -n; wifi sta off; echo $wa", "", "wifi sta: not active, not connected (idle)\nFalse\n"),
    Case(
        "scan",
        "wifi sta scan",
        "",
        "SSID                             BSSID             CHAN  RSSI SECURITY\n"
        "Diatom                           02:D1:A7:00:01:01    6   -48 WPA2\n"
        "Guest                            02:D1:A7:00:01:02   11   -71 open\n",
    ),
    Case(
        "scan-strange-names-the-louder-first",
        "wifi sta on -n\n> import simulator; known = simulator.get('wifi.networks')\n"
        "> simulator.set('wifi.networks', [{'ssid': 'x', 'hidden': True, 'security': 7, 'rssi': -80}, {'ssid': 'a\\x1b[2Jb'}])\n"
        "wifi sta scan | tail -2 | cut -c 1-33,53-; < simulator.set('wifi.networks', known)",
        "",
        "a?[2Jb                             1   -60 open\n(hidden)                           1   -80 WPA2/WPA3\nNone\n",
    ),
    Case(
        "connect",
        "wifi sta connect Diatom frustule 10; echo $? $wa $wc; wifi sta status; wifi sta status -n; echo $wa $wc",
        "",
        "connected to Diatom, address 127.0.0.1\n0 True True\nwifi sta: active, connected to Diatom (-48 dBm)\nTrue True\n",
    ),
    Case(
        "connect-again",
        "wifi sta connect -n Diatom frustule; wifi sta connect Diatom frustule; wifi sta connect Guest; wifi sta",
        "",
        "already connected to Diatom, address 127.0.0.1\nconnected to Guest, address 127.0.0.1\n"
        "wifi sta: active, connected to Guest (-71 dBm)\n",
    ),
    Case(
        "wrong-password",
        "wifi sta connect Diatom wrong 1 2>&1; echo $? $wa $wc",
        "",
        "wifi: Diatom: no connection within 1 s (wrong password)\n1 True False\n",
    ),
    Case("wrong-password-stands", "wifi sta connect Diatom '' 2>&1", "", "wifi: Diatom: wrong password\n", 1),
    Case(
        "missing",
        "wifi sta connect Nowhere '' 1 2>&1; wifi sta connect -n Guest; echo $? $wc",
        "",
        "wifi: Nowhere: no connection within 1 s (no access point found)\n0 True\n",
    ),
    Case(
        "disconnect",
        "wifi sta connect -n Guest; wifi sta disconnect; wifi sta disconnect -n; echo $? $wa $wc",
        "",
        "wifi sta: active, not connected (idle)\n0 True False\n",
    ),
    Case(
        "lost-and-found",
        "wifi sta connect -n Guest; > import simulator; known = simulator.get('wifi.networks')\n"
        "> simulator.set('wifi.networks', known[:1])\nwifi sta; sleep .15; wifi sta; echo $wc\n"
        "> simulator.set('wifi.networks', known)\nuntil test $wc = True; do wifi sta status -n; done; wifi sta",
        "",
        "wifi sta: active, not connected (connecting)\nwifi sta: active, not connected (no access point found)\nFalse\n"
        "wifi sta: active, connected to Guest (-71 dBm)\n",
    ),
    Case(
        "ifconfig",
        "wifi sta connect -n Guest; wifi sta ifconfig",
        "",
        "wifi sta: inet 127.0.0.1 netmask 255.0.0.0 gateway 127.0.0.1\n    MAC: 02:D1:A7:5E:00:01\n    DNS: 127.0.0.1\n"
        "wifi sta: active, connected to Guest (-71 dBm)\n",
    ),
    Case(
        "ifconfig-fixed",
        "wifi sta connect -n Guest; wifi sta ifconfig 10.1.2.3 255.255.0.0 10.1.0.1 9.9.9.9; wifi sta ifconfig | head -1\n"
        "wifi sta ifconfig dhcp; wifi sta ifconfig | head -1",
        "",
        "wifi sta: inet 10.1.2.3 netmask 255.255.0.0 gateway 10.1.0.1\n"
        "wifi sta: inet 127.0.0.1 netmask 255.0.0.0 gateway 127.0.0.1\n",
    ),
    Case("ifconfig-wrong", "wifi sta ifconfig 1 2 3 4 2>&1", "", "wifi: 1 2 3 4: not four addresses\n", 1),
    Case("ifconfig-few", "wifi sta ifconfig 1.2.3.4 2>/dev/null", "", "", 2),
    Case(
        "config",
        "wifi sta disconnect -n; wifi sta connect -n Diatom frustule; wifi sta config; wifi sta config reconnects",
        "",
        "mac=02:D1:A7:5E:00:01\nssid=Diatom\nchannel=6\n-1\n",
    ),
    Case(
        "config-set",
        "wifi sta config reconnects=3 txpower=8.5; wifi sta config reconnects txpower; wifi sta config reconnects=-1",
        "",
        "reconnects=3\ntxpower=8.5\n",
    ),
    Case(
        "config-unknown",
        "wifi sta config colour=1 2>&1; wifi sta config colour 2>&1",
        "",
        "wifi: sta config: the radio reports unknown config param\nwifi: colour: cannot be told: unknown config param\n",
        1,
    ),
    Case("config-no-number", "wifi sta config reconnects=x 2>&1 | head -1", "", "wifi: x: invalid number\n"),
    Case(
        "ap",
        "wifi ap config ssid=Pond key=longenough security=3 channel=9; wifi ap on; echo $wa $wc; wifi ap config ssid security\n"
        "wifi ap ifconfig | head -2; wifi ap off; echo $wa",
        "",
        "wifi ap: active, Pond, 0 clients\nTrue False\nssid=Pond\nsecurity=3\n"
        "wifi ap: inet 127.0.0.1 netmask 255.0.0.0 gateway 127.0.0.1\n    MAC: 02:D1:A7:5E:00:02\nwifi ap: not active\nFalse\n",
    ),
    Case(
        "ap-clients",
        "> import simulator; simulator.set('wifi.ap.stations', [{'mac': '0a0b0c0d0e0f', 'ip': '192.168.4.2'}])\n"
        "wifi ap config ssid=Pond; wifi ap on; echo $wc; wifi ap off -n",
        "",
        "wifi ap: active, Pond, 1 client\nTrue\n",
    ),
    Case(
        "ap-short-key",
        "wifi ap config key=short security=3 2>&1",
        "",
        "wifi: ap config: the radio reports Wifi Invalid Password\n",
        1,
    ),
    Case(
        "ap-verbs",
        "wifi ap scan 2>&1 | head -1; wifi ap connect x 2>/dev/null",
        "",
        "wifi: scan: not a verb of ap\n",
        2,
    ),
    Case("hostname", "wifi hostname reef; wifi hostname; uname -n; grep -o reef /etc/system.conf", "", "reef\n" * 3),
    Case(
        "hostname-long",
        "wifi hostname 123456789012345678901234567890123 2>&1",
        "",
        "wifi: 123456789012345678901234567890123: no hostname\n",
        1,
    ),
    Case("country", "wifi country; wifi country DE; wifi country; wifi country DEU 2>/dev/null", "", "XX\nDE\n", 1),
    Case("phy-mode", "wifi phy_mode 2>&1", "", "wifi: phy_mode: this chip does not tell it\n", 1),
]

# What users of upyOS have in their init.sh and end.sh.
SHUTDOWN = """\
test -p uhttpd > 0
if $0 == True uhttpd stop
unset 0
wifi sta status -n
if $wc == True wifi sta disconnect -n
"""

INIT = """\
> from machine import Pin, SPI
> led = Pin(2, Pin.OUT)  # what stands for the reset line of a display
> d0 = type("Screen", (), {"text": lambda self, *words: print("screen:", *words)})()
export essid Diatom
export passw frustule     # not the one of any real network
> d0.text("Try.. " + utls.getenv("essid"), 0, 26, 1)
wifi sta connect $essid $passw 10   # give up after 10 seconds
if $wa == False goto exit
echo started &
wait
:exit
unset essid
unset passw
echo "[$essid] $wa $wc"
"""


@parametrize(CASES)
def test_wifi(sim, case):
    stdout, status = outcome(sim, CASES, case)
    assert stdout == case.stdout
    assert status == case.status


def test_a_shutdown_script_leaves_the_network(sim):
    result = sim("wifi sta connect Guest\n" + SHUTDOWN + "wifi sta; echo $wa $wc [$0]")
    assert result.stdout.splitlines()[:2] == [
        "connected to Guest, address 127.0.0.1",
        "wifi sta: active, not connected (idle)",
    ]
    assert result.stdout.splitlines()[2].startswith("True False [")
    assert (result.stderr, result.status) == ("", 0)


def test_a_shutdown_script_without_a_network(sim):
    result = sim(SHUTDOWN + "echo $wa $wc")
    assert (result.stdout, result.stderr, result.status) == ("False False\n", "", 0)


def test_an_init_script_connects(sim):
    result = sim(INIT)
    assert result.stdout.splitlines() == [
        "screen: Try.. Diatom 0 26 1",
        "connected to Diatom, address 127.0.0.1",
        "started",
        "[] True True",
    ]
    assert (result.stderr, result.status) == ("", 0)


def test_an_init_script_on_a_board_without_radio(sim):
    result = sim(INIT, board="pico")
    assert result.stdout.splitlines() == ["screen: Try.. Diatom 0 26 1", "[] False False"]
    assert result.stderr.endswith("wifi: this board has no Wi-Fi\n")


def test_the_pico_w(sim):
    result = sim(
        "wifi sta scan | cut -c 52-; wifi sta connect Guest; wifi sta; wifi sta connect Diatom wrong 1", board="pico-w"
    )
    assert result.stdout.splitlines() == [
        "CHAN  RSSI SECURITY",
        "   6   -48 WPA2",
        "  11   -71 open",
        "connected to Guest, address 127.0.0.1",
        "wifi sta: active, connected to Guest (-71 dBm)",
    ]
    assert result.stderr == "wifi: Diatom: no connection within 1 s (wrong password)\n"


@pytest.mark.parametrize("words", ["", "x", "sta fly", "sta connect", "sta connect a b c d", "-x sta"])
def test_wrong_words(sim, words):
    result = sim("wifi " + words)
    assert result.status == 2
    assert "usage: wifi" in result.stderr
