"""Modems for mobile networks: SIM800 and A76xx."""

import hashlib
import json

import pytest
from opt.modem.conftest import LINE

from bin import peers

SHA = hashlib.sha256(peers.BIG).hexdigest()
both = pytest.mark.parametrize("family", ["sim800", "a76xx"])


@both
def test_the_web_through_the_network(esp, web, family):
    result = esp(
        f"cd /tmp; for w in big chunked to/301/big; do atwget -q -O got {web.url}/$w && sha256sum got; done\n"
        f"seq 1000 > n; atcurl -s -d @n {web.url}/echo; echo; atcurl http://127.0.0.1:1/; echo $?",
        LINE,
        family,
    )
    assert result.stderr == "atcurl: 127.0.0.1:1: the modem cannot connect\n"
    lines = result.stdout.splitlines()
    assert lines[:3] == [f"{SHA}  got"] * 3
    assert len(json.loads(lines[3])["body"]) == 3893
    assert lines[4] == "7"


@both
def test_a_card_and_a_network_are_needed(esp, web, family):
    result = esp(
        f"> W(sim='')\natcurl {web.url}/\n> W(sim='SIM PIN')\natcurl {web.url}/\n"
        f"AT+CPIN=4321\nAT+CPIN=1234\n> W(network=False)\natcurl {web.url}/\nAT+CSQ\n"
        f"> W(network=True)\natcurl -s {web.url}/big | sha256sum",
        LINE,
        family,
    )
    assert result.stdout == f"+CSQ: 99,99\n{SHA}  -\n"
    lines = result.stderr.splitlines()
    open_ = "AT+CSTT" if family == "sim800" else "AT+NETOPEN"
    none = "atcurl: modem0: the modem has no network: "
    assert lines[0] == none + f"{open_}: the modem replied +CME ERROR 10: SIM not inserted"
    assert lines[1] == none + f"{open_}: the modem replied +CME ERROR 11: SIM PIN required"
    assert lines[2] == "atmodem: modem0: AT+CPIN: the modem replied +CME ERROR 16: incorrect password"
    assert lines[3].startswith(none) and len(lines) == 4


@both
def test_a_connection_that_was_left_open_is_closed_first(esp, web, family):
    host, port = web.url.rpartition("//")[2].split(":")
    start = {
        "sim800": f'AT+CSTT="internet"\nAT+CIICR\nAT+CIFSR 2 10.\nAT+CIPSTART="TCP","{host}",{port} 9 CONNECT OK\n',
        "a76xx": f'AT+NETOPEN 9 +NETOPEN:\nAT+CIPOPEN=0,"TCP","{host}",{port} 9 +CIPOPEN:\n',
    }[family]
    result = esp(start + f"atwget -q -O - {web.url}/big | sha256sum", LINE, family)
    assert result.stdout.endswith(f"{SHA}  -\n")
    assert result.stderr == ""


@both
def test_a_modem_that_starts_anew_ends_the_download(esp, web, family):
    script = (
        f"> W(fault='off', fault_on='AT+CIPRXGET=2', fault_skip=9)\natcurl -o /tmp/x {web.url}/big; echo $?; ls /tmp/x"
    )
    result = esp(script, LINE, family)
    assert result.stdout == "1\n"
    assert "AT+CIPRXGET: no answer within 5 s" in result.stderr


def test_a_modem_that_nobody_knows_is_said_to_be_one(esp, web):
    result = esp(f"atcurl {web.url}/", LINE, "a76xx", world=["fault_on=AT+", "fault=error"])
    assert result.stderr == "atcurl: modem0: not a supported modem (ESP-AT, SIM800, A76xx)\n"
