"""Sessions of telnetd: each has its own state, and cleans up."""

from services.telnet.talk import HELLO, command, open_session, window


def test_each_session_has_its_own_state(telnetd):
    first = open_session(telnetd)
    second = open_session(telnetd, HELLO.replace(b"XTERM", b"VT220"))
    command(first, "cd /etc; x=1; export y=2")
    assert command(second, "pwd; echo $x$y-; echo $TERM") == "/home\r\n-\r\nvt220"
    assert command(first, "pwd; echo $x$y-; echo $TERM") == "/etc\r\n12-\r\nxterm"
    output = telnetd.run("utelnetd status")[0]
    assert "clients 2" in output
    assert command(first, "whoami") == "root"


def test_a_vanished_client_takes_its_programs_along(telnetd):
    sock = open_session(telnetd)
    sock.sendall(b"sleep 1000\r\0")
    telnetd.wait("ps", "sleep 1000")
    sock.close()
    telnetd.wait("ps | grep -c 'sleep 100[0]'; true", "0")
    telnetd.wait("utelnetd status", "clients 0")


def test_a_resized_window_is_known_at_once(telnetd):
    telnetd.run(
        r"printf 'proc = None\ndef __main__(a): print(proc.tty.columns, proc.tty.rows, sep=chr(120))\n' > /tmp/size.py"
    )
    sock = open_session(telnetd)
    for columns, rows in ((70, 10), (255, 255)):
        sock.sendall(window(columns, rows))
        assert command(sock, "/tmp/size") == f"{columns}x{rows}"
