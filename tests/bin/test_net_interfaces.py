"""ifconfig and netstat, with the simulated radio and real connections."""

from cases import Case, outcome, parametrize

CASES = [
    Case("nothing is up", "ifconfig", "", "lo: up\n    inet 127.0.0.1  netmask 255.0.0.0\n"),
    Case(
        "all",
        "ifconfig -a | grep -v inet",
        "",
        "sta: down\n    ether 02:d1:a7:5e:00:01\nap: down\n    ether 02:d1:a7:5e:00:02\nlo: up\n",
    ),
    Case(
        "connected",
        "wifi sta connect -n Guest; ifconfig sta; ifconfig sta 10.1.2.3 netmask 255.255.240.0 gw 10.1.0.1 dns 9.9.9.9\n"
        "ifconfig sta | head -3 | tail -2; netstat -r; ifconfig sta dhcp; ifconfig sta | grep inet; ifconfig sta down",
        "",
        "sta: up, connected\n    inet 127.0.0.1  netmask 255.0.0.0  broadcast 127.255.255.255\n"
        "    gateway 127.0.0.1  dns 127.0.0.1\n    ether 02:d1:a7:5e:00:01\n    ssid Guest  channel 11  -71 dBm\n"
        "    inet 10.1.2.3  netmask 255.255.240.0  broadcast 10.1.15.255\n    gateway 10.1.0.1  dns 9.9.9.9\n"
        "Destination     Gateway         Mask            Interface\n"
        "0.0.0.0         10.1.0.1        0.0.0.0         sta\n"
        "10.1.0.0        *               255.255.240.0   sta\n"
        "    inet 127.0.0.1  netmask 255.0.0.0  broadcast 127.255.255.255\n",
    ),
    Case(
        "up and down",
        "ifconfig ap up; ifconfig ap | head -1; ifconfig ap down; ifconfig ap | head -1",
        "",
        "ap: up, 0 clients\nap: down\n",
    ),
    Case("unknown", "ifconfig eth0 2>&1", "", "ifconfig: eth0: no such interface (sta, ap, lo)\n", 1),
    Case("bad address", "ifconfig sta 10.1.2 2>/dev/null", "", "", 2),
    Case("bad word", "ifconfig sta 10.1.2.3 mtu 5 2>/dev/null", "", "", 2),
    Case("half a pair", "ifconfig sta 10.1.2.3 netmask 2>/dev/null", "", "", 2),
    Case("loopback", "ifconfig lo down 2>&1", "", "ifconfig: lo: cannot be changed\n", 1),
    Case("interfaces", "netstat -i | head -1 | cut -c 1-17", "", "interface address\n"),
]


@parametrize(CASES)
def test_interfaces(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


def test_a_board_without_radio(sim):
    result = sim("ifconfig; ifconfig sta; echo $?; ifconfig sta up; echo $?; netstat -r", board="pico")
    assert result.stdout.splitlines()[:2] == ["lo: up", "    inet 127.0.0.1  netmask 255.0.0.0"]
    assert result.stdout.count("1\n") == 2
    assert set(result.stderr.splitlines()) == {"ifconfig: this board has no Wi-Fi"}


def test_netstat_knows_services_and_clients(sim, port_offset):
    port = 8080 + port_offset
    result = sim(
        f"nc -l 8080 < /dev/null & sleep .3; nc -q 3 127.0.0.1 {port} < /dev/null & sleep .3; netstat; netstat -l; kill %1 %2",
        port_offset=port_offset,
    )
    assert f"tcp   *                      127.0.0.1:{port}".rstrip() in result.stdout
    assert "ESTABLISHED nc\n" in result.stdout
