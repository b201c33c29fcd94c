"""The service wifi: saved networks, losses, pauses, and the access point with its page."""

import http.client
import json
import re
import socket
import urllib.parse

import pytest
from harness import PATIENCE

POND = {"ssid": "Pond", "password": "duckweed", "channel": 3, "rssi": -60}
LAKE = {"ssid": "Lake", "password": "duckweed", "channel": 9, "rssi": -40}
BROOK = {"ssid": "Brook", "password": "", "security": 0, "rssi": -80}
QUICK = {"wifi": {"fallback": 0.2, "grace": 0.1, "timeout": 1, "pause": 0.2}}


@pytest.fixture
def radio(board, control):
    """A board whose radio environment the test controls: (board, control)."""
    control_words = f"127.0.0.1:{control.address.rpartition(':')[2]}"
    machine = board(control=control_words)
    control.set("wifi.delay_ms", 5)
    control.set("wifi.networks", [POND, LAKE, BROOK])
    return machine, control


def start(machine, *adds, **settings):
    machine.configure(**{**QUICK, **settings})
    for words in adds:
        output, status = machine.run("wifi add " + words + " 2> /dev/null")
        assert status == 0, output
    output, status = machine.run("service start wifi")
    assert status == 0, output


def without(*names):
    return [dict(one, up=one["ssid"] not in names) for one in (POND, LAKE, BROOK)]


def test_the_dearest_network_in_range_is_joined(radio):
    machine, control = radio
    control.set("wifi.networks", without("Lake"))
    start(machine, "-p 9 Lake duckweed", "-p 5 Brook ''", "Pond duckweed")
    control.wait("wifi.sta.ssid", "Brook", 5000)
    assert "9 password -         Lake" in machine.run("wifi list")[0]
    assert "5 open     connected Brook" in machine.run("wifi list")[0]


def test_the_louder_of_two_equal_networks_is_joined(radio):
    machine, control = radio
    start(machine, "Pond duckweed", "Lake duckweed")
    control.wait("wifi.sta.ssid", "Lake", 5000)


def test_a_lost_network_gives_way_to_another(radio):
    machine, control = radio
    start(machine, "-p 1 Pond duckweed", "Brook ''")
    control.wait("wifi.sta.ssid", "Pond", 5000)
    control.set("wifi.networks", without("Pond"))
    control.wait("wifi.sta.ssid", "Brook", 10000)
    log = machine.run("service logs wifi")[0]
    assert "lost Pond" in log and "connected to Brook, address 127.0.0.1" in log


def test_the_access_point_goes_away_and_comes_back_fifty_times(radio):
    machine, control = radio
    start(machine, "Pond duckweed")
    for _ in range(50):
        control.wait("wifi.sta.connected", True, 5000)
        control.set("wifi.networks", [])
        control.wait("wifi.sta.connected", False, 5000)
        control.set("wifi.networks", [POND])
    control.wait("wifi.sta.connected", True, 5000)
    assert "service wifi: connected" in machine.wait("wifi list", "service wifi: connected")
    assert "running" in machine.run("service status wifi")[0]


def test_a_wrong_password_is_told_once_and_a_new_one_is_used_at_once(radio):
    machine, control = radio
    control.set("wifi.networks", [POND])
    start(machine, "Pond wrongwrong", wifi={"timeout": 0.1, "pause": 60, "fallback": 99})
    assert "no connection" in machine.wait("wifi list", "no connection")
    output, status = machine.run("wifi add Pond duckweed")
    assert (output, status) == ("", 0)
    control.wait("wifi.sta.ssid", "Pond", 5000)
    assert machine.run("service logs wifi")[0].count("no connection") == 1


def test_a_radio_that_is_switched_off_stays_off(radio):
    machine, control = radio
    start(machine, "Pond duckweed")
    control.wait("wifi.sta.connected", True, 5000)
    machine.run("wifi sta off -n")
    control.wait("wifi.sta.connected", False, 5000)
    machine.run("sleep 1.2")
    assert control.get("wifi.sta.active") is False
    machine.run("wifi sta on -n")
    control.wait("wifi.sta.connected", True, 5000)


def test_what_was_connected_by_hand_stays(radio):
    machine, control = radio
    machine.run("wifi sta connect Brook")
    start(machine, "-p 9 Pond duckweed")
    machine.run("sleep 1")
    assert control.get("wifi.sta.ssid") == "Brook"


def test_it_runs_once(radio):
    machine, control = radio
    start(machine, "Pond duckweed")
    assert machine.run("wifid 2>&1")[0] == "wifid: already running\n"


def test_a_board_without_radio_says_so(sim):
    assert sim("wifid", board="pico").stderr == "wifid: this board has no Wi-Fi\n"


def test_a_damaged_file_is_a_sentence(sim):
    result = sim(
        "mkdir -p /local; echo '{' > /local/wifi; wifi list; wifi add Pond duckweed; wifid & sleep .3; kill %1"
    )
    assert result.stderr.count("/local/wifi: corrupt; remove it and add the networks again") >= 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("add", "expected SSID [PASSWORD]"),
        ("add Pond short", "a password has 8 to 64 bytes"),
        ("add 123456789012345678901234567890123 ''", "the name of a network has 1 to 32 bytes"),
        ("add '' ''", "the name of a network has 1 to 32 bytes"),
        ("add -p x Pond ''", "invalid number"),
        ("forget", "missing SSID"),
        ("forget Pond", "not a saved network"),
        ("list all", "extra operand"),
        ("setup", "expected on or off"),
        ("setup on short", "a password has 8 to 64 bytes"),
        ("setup on ''", "requires a password"),
    ],
)
def test_wrong_words(sim, words, why):
    result = sim("wifi " + words)
    assert result.status in (1, 2)
    assert why in result.stderr


def test_add_asks_for_the_password_and_does_not_show_it(console):
    console.expect("$: ")
    console.send("wifi add Pond\r")
    console.expect("Password for Pond (none: open network): ")
    console.send("duckweed\r")
    assert "duckweed" not in console.expect("$: ")
    console.send("wifi list\r")
    console.expect("0 password -         Pond")


def test_at_most_sixteen_networks(sim):
    result = sim("for i in $(seq 17); do wifi add Net$i '' 2>&1 | grep more; done; wifi forget Net3; wifi list | wc -l")
    assert result.stdout == "wifi: Net17: more than 16 networks; forget one\n16\n"


def test_no_service_gives_the_passwords_away(radio):
    machine, _ = radio
    start(machine, "Pond duckweed")
    machine.start("uftpd")
    import ftplib

    from services.clients import PASSWORD

    ftp = ftplib.FTP()
    ftp.connect("127.0.0.1", machine.port(21), timeout=PATIENCE)
    ftp.login("root", PASSWORD)
    for name in ("/local/wifi", "/local/../local/wifi"):
        with pytest.raises(ftplib.error_perm):
            ftp.retrbinary("RETR " + name, lambda data: None)
    with pytest.raises(ftplib.error_perm):
        ftp.delete("/local/wifi")
    ftp.close()


# --- the access point with its page


@pytest.fixture
def portal(radio):
    """A board that has become an access point."""
    machine, control = radio
    control.set("wifi.networks", without("Pond", "Lake", "Brook"))
    output, _ = machine.run("wifi setup on trustno1trustno1")
    assert "password trustno1trustno1" in output
    start(machine, "Pond duckweed")
    control.wait("wifi.ap.active", True, 8000)
    return machine, control


def ask(machine, method, path, body=None, headers=()):
    client = http.client.HTTPConnection("127.0.0.1", machine.port(80), timeout=PATIENCE)
    client.request(method, path, body, dict(headers))
    answer = client.getresponse()
    text = answer.read().decode()
    client.close()
    return answer, text


def send(machine, **form):
    _, page = ask(machine, "GET", "/")
    form.setdefault("token", re.search(r'name="token" value="(\w+)"', page)[1])
    return ask(machine, "POST", "/save", urllib.parse.urlencode(form))[1]


def test_without_a_network_it_is_an_access_point_with_its_own_password(portal):
    machine, control = portal
    assert control.get("wifi.ap.key") == "trustno1trustno1"
    assert control.get("wifi.ap.security") == 3
    assert control.get("wifi.ap.ssid").startswith("Diatom ")


def test_without_setup_there_is_no_access_point(radio):
    machine, control = radio
    control.set("wifi.networks", [])
    start(machine, "Pond duckweed")
    machine.wait("wifi list", "service wifi: waiting")
    machine.run("sleep 1")
    assert not control.get("wifi.ap.active")


def test_the_page_offers_the_networks_and_joins_the_chosen_one(portal):
    machine, control = portal
    control.set("wifi.networks", without("Pond", "Brook"))
    answer, page = ask(machine, "GET", "/?scan")
    assert answer.status == 200 and answer.getheader("Cache-Control") == "no-store"
    assert re.findall(r'<option value="(\w*)"', page) == ["Lake", ""]
    assert "Joining Lake" in send(machine, ssid="Lake", key="duckweed", name="reef")
    control.wait("wifi.sta.ssid", "Lake", 8000)
    control.wait("wifi.ap.active", False, 5000)
    assert machine.run("hostname")[0] == "reef\n"
    assert "1 password connected Lake" in machine.run("wifi list")[0]
    with pytest.raises(OSError):
        ask(machine, "GET", "/")


def test_it_goes_back_when_the_network_returns(portal):
    machine, control = portal
    control.set("wifi.networks", [POND])
    control.wait("wifi.sta.connected", True, 8000)
    control.wait("wifi.ap.active", False, 5000)
    assert "the access point is off" in machine.wait("service logs wifi", "the access point is off")


def test_phones_are_led_to_the_page(portal):
    machine, _ = portal
    answer, _ = ask(machine, "GET", "/generate_204", headers={"Host": "connectivitycheck.example"})
    assert (answer.status, answer.getheader("Location")) == (302, "http://127.0.0.1/")
    question = b"\x12\x34\1\0\0\1\0\0\0\0\0\0\7captive\7example\0\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(PATIENCE)
        for junk in (b"", b"x", b"\0" * 12, b"\xff" * 400, question[:20], question.replace(b"\x81", b"\1")):
            sock.sendto(junk, ("127.0.0.1", machine.port(53)))
        sock.sendto(question, ("127.0.0.1", machine.port(53)))
        while True:
            data = sock.recv(600)
            if data[:2] == b"\x12\x34":
                break
    assert data[-4:] == bytes([127, 0, 0, 1])


def test_the_page_takes_no_forged_or_wrong_form(portal):
    machine, control = portal
    assert "too old" in send(machine, token="0" * 16, ssid="Evil", key="duckweed")
    assert "a password has 8 to 64 bytes" in send(machine, ssid="Evil", key="short")
    assert "1 to 32 bytes" in send(machine, ssid="", other="x" * 40, key="")
    answer, _ = ask(machine, "POST", "/other", "ssid=Evil")
    assert answer.status == 302
    assert "Evil" not in machine.run("wifi list")[0]


def test_names_on_the_page_are_text(portal):
    machine, control = portal
    control.set("wifi.networks", [dict(LAKE, ssid='<b>"&\x1b[2J', up=True)])
    _, page = ask(machine, "GET", "/?scan")
    assert "&lt;b&gt;&quot;&amp;" in page and "<b>" not in page


@pytest.mark.parametrize(
    "junk",
    [b"", b"\0" * 3000, b"GET\r\n\r\n", b"POST /save HTTP/1.0\r\nContent-Length: 99999999\r\n\r\n", b"A: b\r\n" * 999],
)
def test_junk_does_not_end_the_page(portal, junk):
    machine, _ = portal
    for _ in range(6):
        with socket.create_connection(("127.0.0.1", machine.port(80)), 10) as sock:
            sock.sendall(junk)
    deadline = 30
    while deadline:
        try:
            assert ask(machine, "GET", "/")[0].status == 200
            return
        except OSError:
            deadline -= 1
            machine.run("sleep .1")
    pytest.fail("the page is gone")


def test_stopping_the_service_ends_the_access_point(portal):
    machine, control = portal
    machine.run("service stop wifi")
    control.wait("wifi.ap.active", False, 5000)
    with pytest.raises(OSError):
        ask(machine, "GET", "/")
    assert json.loads(machine.run("cat /local/wifi")[0])["setup"]["key"] == "trustno1trustno1"
