"""The web through a modem, from a real server."""

import hashlib
import json

import pytest
from opt.modem.conftest import JOIN, LINE

from bin import peers

SHA = hashlib.sha256(peers.BIG).hexdigest()


@pytest.mark.parametrize("old", [0, 1], ids=["passive", "active"])
def test_atwget_gets_the_same_bytes_whatever_way_they_come(esp, web, old):
    ways = ("big", "chunked", "until-close", "to/301/big")
    script = "".join(f"atwget -q -O got {web.url}/{way} && sha256sum got\n" for way in ways)
    result = esp(f"cd /tmp\n{script}ls -A", world=[f"old={old}"])
    assert (result.stdout, result.stderr) == (f"{SHA}  got\n" * len(ways) + "got\n", "")


def test_atwget_with_the_words_of_upyos(esp, web):
    result = esp(f"cd /tmp; atwget {web.url}/big 150000 -M modem0; ls -A")
    assert result.stdout == "big\n"


def test_atcurl_with_the_words_of_upyos(esp, web):
    result = esp(f"atcurl -X POST -H 'X-One: 1' -d '{{\"key\": 1}}' {web.url}/echo -M modem0")
    got = json.loads(result.stdout)
    assert (got["method"], got["body"], got["headers"]["x-one"]) == ("POST", '{"key": 1}', "1")
    result = esp(f"atcurl -i {web.url}/echo > /tmp/x; head -1 /tmp/x; atcurl {web.url}/none > v; cat v | wc -l")
    assert result.stdout.startswith("HTTP/1.1 200 OK")


def test_a_large_body_goes_up(esp, web):
    result = esp(f"seq 2000 > /tmp/numbers; atcurl -d @/tmp/numbers {web.url}/echo")
    assert json.loads(result.stdout)["body"] == "\n".join(str(n) for n in range(1, 2001)) + "\n"


def test_any_client_goes_through_the_modem_that_is_asked_to(esp, web):
    result = esp(f"MODEM=modem0 wget -q -O - {web.url}/big | sha256sum")
    assert result.stdout == f"{SHA}  -\n"
    host, port = web.url.rpartition("//")[2].split(":")
    result = esp(f"printf 'GET /none HTTP/1.0\\r\\n\\r\\n' | MODEM=modem0 nc {host} {port} | head -1")
    assert "404" in result.stdout


@pytest.mark.parametrize(
    ("url", "status", "why"),
    [
        ("http://127.0.0.1:1/", 7, "127.0.0.1:1: the modem cannot connect"),
        ("ftp://x/", 1, "ftp://x/: ftp: unsupported scheme"),
    ],
)
def test_what_cannot_be_reached_is_a_sentence(esp, url, status, why):
    result = esp(f"atcurl {url}")
    assert (result.status, result.stderr) == (status, f"atcurl: {why}\n")


def test_no_modem_no_network(esp):
    assert (
        esp("atcurl http://x/", "").stderr
        == "atcurl: modem0: no such modem; create it with atmodem -c UART BAUD TX RX\n"
    )
    assert esp("atcurl http://x/", LINE).stderr == "atcurl: modem0: the modem has no network; join one with AT+CWJAP\n"
    assert esp("atcurl -M", LINE).stderr.startswith("atcurl: -M: option requires an argument\nusage: atcurl ")


@pytest.mark.parametrize(
    ("fault", "at", "skip", "why"),
    [
        ("silent", "AT+CIPSTART", 0, "AT+CIPSTART: no answer within 1 s"),
        ("error", "AT+CIPSEND", 0, "AT+CIPSEND: the modem replied ERROR"),
        ("off", "AT+CIPRECVDATA", 20, "AT+CIPRECVDATA: no answer within 5 s"),
        ("half", "AT+CIPRECVDATA", 9, "AT+CIPRECVDATA: incomplete answer after 5 s"),
    ],
)
def test_a_fault_in_the_middle_leaves_no_file_and_the_next_one_works(esp, web, fault, at, skip, why):
    result = esp(
        f"> W(fault='{fault}', fault_on='{at}', fault_skip={skip})\n"
        f"cd /tmp; atcurl --connect-timeout 1 -o got {web.url}/big; echo $?; ls -A\n"
        f"> W(fault='', power=True)\nsleep .1\n{JOIN.replace(LINE, '')}atwget -q -O got {web.url}/big; sha256sum got"
    )
    assert result.stdout.splitlines()[1:] == [f"{SHA}  got"]
    assert result.stderr == f"atcurl: modem0: {why}\n"


@pytest.fixture(scope="module")
def secure(require, tmp_path_factory):
    with peers.secure_web(require("openssl"), tmp_path_factory.mktemp("tls")) as server:
        yield server


def test_tls_is_made_and_checked_on_the_board(esp, secure, tmp_path):
    (tmp_path / "mine.pem").write_bytes(secure.certificate.read_bytes())
    url = secure.url.replace("127.0.0.1", "localhost")
    script = (
        f"atwget -q -O - {secure.url}/big | sha256sum; cp /mnt/mine.pem /etc/ca.pem; atcurl -s {url}/big | sha256sum\n"
        f"atcurl {secure.url}/big; echo $?; < [c for c in simulator.get('uart.1.modem.log') if 'START' in c]\n"
    )
    result = esp(script, mount=f"{tmp_path}:/mnt", heap="1M")
    lines = result.stdout.splitlines()
    assert lines[:3] == [f"{SHA}  -", f"{SHA}  -", "60"]
    assert lines[3].count("TCP") == lines[3].count("START") > 0
    assert result.stderr.count("WARNING: the certificate of 127.0.0.1 is not checked") == 1
    assert result.stderr.splitlines()[-1].startswith("atcurl: 127.0.0.1: certificate not trusted")


def test_the_modem_makes_tls_where_the_firmware_has_none(esp, secure):
    hide = (
        "mkdir /tmp/hide; echo 'raise ImportError' > /tmp/hide/ssl.py\n> import sys; sys.path.insert(0, '/tmp/hide')\n"
    )
    result = esp(hide + f"atcurl {secure.url}/big | sha256sum\n", heap="1M")
    assert result.stdout == f"{SHA}  -\n"
    assert "WARNING: the certificate of 127.0.0.1 is not checked" in result.stderr


def test_two_at_once_take_turns(esp, web):
    result = esp(f"cd /tmp; atwget -q -O a {web.url}/big & atwget -q -O b {web.url}/big; wait; sha256sum a b")
    assert result.stdout == f"{SHA}  a\n{SHA}  b\n"


def test_a_connection_dies_with_its_program(esp, web):
    script = (
        f"cd /tmp; atwget -q -O a {web.url}/silent & sleep .5; kill -9 $!; atwget -q -O b {web.url}/big; sha256sum b"
    )
    result = esp(script)
    assert result.stdout.endswith(f"{SHA}  b\n")


def test_without_a_network_in_the_firmware(esp, web):
    result = esp(f"> import sys; sys.modules['socket'] = None\natcurl {web.url}/big | sha256sum")
    assert (result.stdout, result.stderr) == (f"{SHA}  -\n", "")
