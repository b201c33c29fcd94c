"""Joining a network: the board's name, the state after a failure, and the order of attempts."""

import pytest

from services.test_wifi import BROOK, LAKE, POND, start, without

IDLE = {"esp32": 1000, "pico-w": 0}  # network.STAT_IDLE


@pytest.fixture(params=["esp32", "pico-w"])
def radio(request, board, control):
    """A board whose radio environment the test controls: (board, control, the status of an idle radio)."""
    options = {} if request.param == "esp32" else {"board": request.param}
    machine = board(control=f"127.0.0.1:{control.address.rpartition(':')[2]}", **options)
    control.set("wifi.delay_ms", 5)
    control.set("wifi.networks", [POND, LAKE, BROOK])
    return machine, control, IDLE[request.param]


@pytest.mark.parametrize("board", ["esp32", "pico-w"])
@pytest.mark.parametrize("line", ["wifi sta connect Guest", "wifi sta on", "wifi sta scan"])
def test_the_radio_has_the_name_of_the_board_before_it_is_switched_on(sim, line, board):
    result = sim(
        'echo \'{"hostname": "reed"}\' > /etc/system.conf; loadconfig > /dev/null\n'
        "> import network; switch = network.WLAN.active\n"
        "> network.WLAN.active = lambda w, *on: (on == (True,) and print('on as', network.hostname()), switch(w, *on))[1]\n"
        + line,
        **({} if board == "esp32" else {"board": board}),
    )
    assert result.status == 0 and result.stdout.splitlines()[0] == "on as reed"


def test_the_service_gives_the_radio_the_name_of_the_board(radio):
    machine, control, _ = radio
    start(machine, "Pond duckweed", hostname="reed")
    control.wait("wifi.sta.ssid", "Pond", 5000)
    assert control.get("wifi.hostname") == "reed"


def test_another_name_is_told_to_the_next_network(radio):
    machine, control, _ = radio
    machine.configure(hostname="reed")
    machine.run("wifi sta connect Pond duckweed")
    machine.configure(hostname="rush")
    assert machine.run("wifi sta connect Lake duckweed")[1] == 0
    assert control.get("wifi.hostname") == "rush"


def test_a_name_that_is_too_long_keeps_no_board_from_its_network(radio):
    machine, control, _ = radio
    machine.configure(hostname="r" * 40)
    assert machine.run("wifi sta connect Pond duckweed")[1] == 0
    assert control.get("wifi.hostname") == "r" * 32


@pytest.mark.parametrize("words", ["Pond wrongwrong 1", "Nowhere '' 1"])
def test_after_a_failure_nothing_is_tried_any_more(radio, words):
    """The network appears later with that password: a board that has given up does not join it."""
    machine, control, idle = radio
    output, status = machine.run("wifi sta connect " + words)
    assert status == 1 and "no connection within 1 s" in output
    assert control.get("wifi.sta.status") == idle
    control.set("wifi.networks", [dict(POND, password="wrongwrong"), {"ssid": "Nowhere", "password": ""}])
    assert machine.run("sleep .2; wifi sta; echo $wc")[0].splitlines()[-1] == "False"
    assert control.get("wifi.sta.connected") is False


def test_what_has_failed_is_given_up_before_the_next_is_tried(radio):
    machine, control, idle = radio
    control.set("wifi.networks", [POND])
    start(machine, "Pond wrongwrong", wifi={"timeout": 0.1, "pause": 60, "fallback": 99})
    assert "no connection" in machine.wait("wifi list", "no connection")
    control.wait("wifi.sta.status", idle, 5000)
    control.set("wifi.networks", [POND, BROOK])
    assert machine.run("wifi add Brook ''") == ("", 0)
    control.wait("wifi.sta.ssid", "Brook", 5000)


def test_what_cannot_be_heard_is_not_tried_before_what_can(radio):
    """The network of the highest priority would take half a minute to fail."""
    machine, control, _ = radio
    control.set("wifi.networks", without("Lake"))
    start(machine, "-p 9 Lake duckweed", "-p 5 Brook ''", "Pond duckweed", wifi={"timeout": 30})
    control.wait("wifi.sta.ssid", "Brook", 5000)
    assert "Lake" not in machine.run("service logs wifi")[0]


def test_what_hides_its_name_is_tried_after_what_does_not(radio):
    machine, control, _ = radio
    control.set("wifi.networks", [dict(LAKE, hidden=True), POND])
    start(machine, "-p 9 Lake duckweed", "Pond wrongwrong", wifi={"timeout": 0.3})
    log = machine.wait("service logs wifi", "connected to Lake")
    assert log.index("Pond") < log.index("connected to Lake")


def test_one_saved_network_is_joined_without_a_scan(radio):
    """A scan blocks everything for two seconds."""
    machine, control, _ = radio
    machine.run(
        "printf 'import network\\nnetwork.WLAN(0).scan = None\\ndef __main__(args): pass\\n' > /tmp/deaf.py; /tmp/deaf"
    )
    start(machine, "Pond duckweed")
    control.wait("wifi.sta.ssid", "Pond", 5000)
