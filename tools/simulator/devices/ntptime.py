# ntptime: the library that the firmware of a board has (https://docs.micropython.org/en/latest/library/ntptime.html).
#
# The server's port is ntptime.port in the store of the simulated devices (123).

import simulator

host = "pool.ntp.org"
timeout = 1  # seconds

_TO_1970 = 2208988800  # seconds from NTP's epoch
_ETIMEDOUT = 110


def time():
    """The server's seconds since 1970."""
    import select
    import socket

    address = socket.getaddrinfo(host, int(simulator.get("ntptime.port", 123)), 0, socket.SOCK_DGRAM)[0][-1]
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.connect(address)
        sock.send(b"\x1b" + bytes(47))
        poller = select.poll()
        poller.register(sock, select.POLLIN)
        if not poller.poll(timeout * 1000):
            raise OSError(_ETIMEDOUT)
        return int.from_bytes(sock.recv(48)[40:44], "big") - _TO_1970
    finally:
        sock.close()


def settime():
    """Set the board's clock."""
    import machine
    from utime import gmtime

    t = gmtime(time())
    machine.RTC().datetime((t[0], t[1], t[2], t[6], t[3], t[4], t[5], 0))
