"""Programs written for upyOS: from esp_at import ModemManager."""

import hashlib

from opt.modem.conftest import LINE

from bin import peers

INIT = """
> from esp_at import ModemManager
> mm = ModemManager()
< f"Modem: {mm.device}"
< mm.get_version().split()[0], mm.test()
> mm.wifi_set_mode(1); mm.wifi_connect("Diatom", "frustule")
< f"WiFi status: {mm.wifi_status()}"
< mm.get_ip_mac("ip"), mm.get_ip_mac("MAC"), mm.ping("x")
> mm.set_ntp_server(); mm.set_datetime()
< mm.set_datetime()[0] > 2025, mm.atCMD("AT+NONSENSE"), ModemManager("none").atCMD("AT")
"""


def test_the_lines_of_its_init_script(esp):
    result = esp(INIT, LINE)
    assert result.stdout.splitlines() == [
        "Modem: modem0",
        "AT OK",
        'WiFi status: 2,"Diatom"',
        "192.168.4.7 5c:cf:7f:00:00:07 12",
        "none: no such modem; create it with atmodem -c UART BAUD TX RX",
        "True (False, 'ERROR\\r\\n') (False, '\\r\\n')",
    ]
    assert result.stderr == ""


PROGRAM = """
from esp_at import ModemManager
import hashlib

proc = None

def __main__(args):
    mm = ModemManager()
    mm.setCallBack(lambda command, answer: print("CB", command) if "CIFSR" in command else None)
    mm.get_ip_mac("ip")
    print(mm.create_url_conn(args[0]), mm.http_get_to_file_t(args[0] + "/big", "/tmp/got"), mm.close_conn())
    print(hashlib.sha256(open("/tmp/got", "rb").read()).digest().hex())
    print(mm.create_url_conn(args[0] + "/"), mm.send_data("GET /none HTTP/1.0\\r\\n\\r\\n"), mm.rcv_data(0)[2].split("\\r\\n")[0])
    mm.close_conn()
    print(mm.create_conn("127.0.0.1", 1), mm.send_data("x"))
"""


def test_a_program_that_gets_a_file(esp, web, tmp_path):
    (tmp_path / "get.py").write_text(PROGRAM)
    result = esp(f"/mnt/get.py {web.url}", mount=f"{tmp_path}:/mnt")
    assert result.stdout.splitlines() == [
        "CB AT+CIFSR",
        "True True True",
        hashlib.sha256(peers.BIG).hexdigest(),
        "True (True, '') HTTP/1.1 404 Not Found",
        "127.0.0.1:1: the modem cannot connect",
        "send_data: TCP Not connected",
        "False (False, '')",
    ]
    assert result.stderr == ""


TRANSPARENT = """
from esp_at import ModemManager
import hashlib, time

proc = None

def __main__(args):
    mt = ModemManager("modem0")
    host, port = args
    mt.create_conn(host, port, "TCP", keepalive=60)
    mt.atCMD("ATE0")
    mt.atCMD("AT+CIPMODE=1")
    mt.send_passthrough()
    mt.modem.write("GET /big HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n".encode())
    with open("/tmp/got", "wb") as f:
        print(mt.rcv_to_file_t(f, 8, 153600)[0])
    time.sleep_ms(600)
    mt.modem.write("+++")
    time.sleep_ms(600)
    print(mt.atCMD("AT+CIPMODE=0", 3)[0])
    mt.close_conn()
    print(hashlib.sha256(open("/tmp/got", "rb").read()).digest().hex(), mt.test())
"""


def test_a_program_that_has_the_line_for_itself(esp, web, tmp_path):
    (tmp_path / "get.py").write_text(TRANSPARENT)
    host, port = web.url.rpartition("//")[2].split(":")
    result = esp(f"/mnt/get.py {host} {port}", mount=f"{tmp_path}:/mnt")
    assert result.stderr == ""
    assert result.stdout.splitlines() == ["True", "True", hashlib.sha256(peers.BIG).hexdigest() + " OK"]
