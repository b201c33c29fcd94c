"""The board's address as a client sees it, which FTP sends for passive transfers."""

CODE = """
import network
from net.address import local
print(local("127.0.0.1"), local("192.168.1.7"))
station, point = network.WLAN(network.STA_IF), network.WLAN(network.AP_IF)
station.active(True)
station.ifconfig(("192.168.1.20", "255.255.255.0", "192.168.1.1", "192.168.1.1"))
point.active(True)
point.ifconfig(("192.168.4.1", "255.255.255.0", "192.168.4.1", "192.168.4.1"))
for peer in ("127.0.0.1", "192.168.1.7", "192.168.4.2", "10.9.8.7"):
    print(local(peer))
"""


def test_a_client_is_told_the_address_on_his_own_network(sim):
    """Also where the board has two: a station's and an access point's."""
    result = sim(f"cat > /tmp/told.py << 'E'\n{CODE}E\npython /tmp/told.py")
    assert result.stdout.split() == ["127.0.0.1", "0.0.0.0", "127.0.0.1", "192.168.1.20", "192.168.4.1", "192.168.1.20"]
