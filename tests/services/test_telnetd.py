"""telnetd: logins with real clients, the protocol byte by byte, and clients that mean no good."""

import asyncio
import ftplib
import io
import re
import socket
import struct
import threading
import time

import pexpect
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.clients import PASSWORD, is_closed, receive, reset

IAC, DONT, DO, WONT, WILL, SB, SE = b"\xff", b"\xfe", b"\xfd", b"\xfc", b"\xfb", b"\xfa", b"\xf0"
ECHO, SGA, TTYPE, NAWS, TM, LINEMODE, BINARY = b"\x01", b"\x03", b"\x18", b"\x1f", b"\x06", b"\x22", b"\x00"
AYT, IP, BRK, EC, EL, NOP, DM, AO = b"\xf6", b"\xf4", b"\xf3", b"\xf7", b"\xf8", b"\xf1", b"\xf2", b"\xf5"
OFFERS = IAC + WILL + ECHO + IAC + WILL + SGA + IAC + DO + TTYPE + IAC + DO + NAWS
PROMPT = b"$: "


def window(columns, rows):
    size = struct.pack(">HH", columns, rows).replace(IAC, IAC + IAC)
    return IAC + WILL + NAWS + IAC + SB + NAWS + size + IAC + SE


HELLO = (
    IAC + DO + ECHO + IAC + DO + SGA + window(100, 30) + IAC + WILL + TTYPE + IAC + SB + TTYPE + b"\0XTERM" + IAC + SE
)


def open_session(board, hello=HELLO):
    """A session of a telnetd without passwords, at its prompt."""
    sock = board.connect(23)
    sock.sendall(hello)
    receive(sock, PROMPT)
    return sock


def command(sock, line, prompt=PROMPT):
    """What a command prints."""
    sock.sendall(line.encode() + b"\r\0")
    receive(sock, b"\x1b[?2004l\r\n")
    return receive(sock, prompt).rpartition(b"\r\n")[0].decode()


@pytest.fixture
def telnetd(board):
    """A board with a telnetd that asks for no password."""
    board = board()
    board.start("utelnetd", auth=False)
    return board


# --- starting and stopping


def test_it_refuses_to_start_without_a_password_and_says_how_to_set_one(board):
    board = board()
    output, status = board.run("utelnetd start")
    assert status == 1 and "passwd" in output
    with pytest.raises(ConnectionRefusedError):
        board.connect(23)


def test_it_is_a_process_and_ends_like_one(telnetd):
    assert re.search(r"\btelnetd\n", telnetd.run("ps")[0])
    assert "running" in telnetd.run("utelnetd status")[0]
    output, status = telnetd.run("utelnetd start")
    assert status == 1 and "is running" in output
    telnetd.run("killall telnetd")
    telnetd.wait("utelnetd status", "not running")
    with pytest.raises(ConnectionRefusedError):
        telnetd.connect(23)
    assert telnetd.run("utelnetd stop")[1] == 1
    assert telnetd.run("utelnetd start; utelnetd restart; utelnetd status")[1] == 0


def test_stop_ends_the_sessions(telnetd):
    sock = open_session(telnetd)
    sock.sendall(b"sleep 100\r\0")
    telnetd.wait("ps", "sleep 100")
    assert telnetd.run("utelnetd stop")[1] == 0
    assert is_closed(sock)
    telnetd.wait("ps | grep -c 'sleep 10[0]'; true", "0")


def test_a_port_in_use_is_an_error_message(board):
    board = board()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", board.port(23)))
        taken.listen()
        board.configure(auth="none")
        output, status = board.run("utelnetd start")
    assert status == 1 and "Address already in use" in output


# --- real clients


@pytest.mark.parametrize(
    "client, words",
    [
        ("telnet", "telnet 127.0.0.1 {port}"),
        ("inetutils-telnet", "inetutils-telnet 127.0.0.1 {port}"),
        ("busybox", "busybox telnet 127.0.0.1 {port}"),
        ("plink", "plink -telnet -P {port} 127.0.0.1"),
    ],
)
def test_a_real_client(board, require, client, words):
    require(client)
    board = board()
    board.start("utelnetd")
    child = pexpect.spawn(words.format(port=board.port(23)), timeout=15, dimensions=(33, 111))
    try:
        child.expect_exact("login: ")
        child.send("root\r")
        child.expect_exact("Password: ")
        child.send(PASSWORD + "\r")
        child.expect_exact("$: ")
        assert PASSWORD.encode() not in child.before
        child.send("echo $TERM\r")
        child.expect_exact("xterm\r\n")
        child.expect_exact("$: ")
        child.send("sleep 50\r")
        board.wait("ps", "sleep 50")
        child.send("\x03")
        child.expect_exact("^C\r\n")
        child.expect_exact("$: ")
        child.send("echo $?\r")
        child.expect_exact("130\r\n")
        child.send("exit\r")
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)


def test_netcat(board, require):
    require("nc")
    board = board()
    board.start("utelnetd")
    child = pexpect.spawn(f"nc 127.0.0.1 {board.port(23)}", timeout=15, echo=False)
    try:
        child.expect_exact("login: ")
        child.sendline("root")
        child.expect_exact("Password: ")
        child.sendline(PASSWORD)
        child.expect_exact("$: ")
        child.sendline("echo $((6*7)); exit")
        child.expect(r"\r\n42\r+\n")
        board.wait("utelnetd status", "clients 0")
    finally:
        child.close(force=True)


def test_telnetlib3(telnetd):
    telnetlib3 = pytest.importorskip("telnetlib3")

    async def talk():
        reader, writer = await telnetlib3.open_connection(
            "127.0.0.1", telnetd.port(23), cols=90, rows=20, term="ansi", encoding="utf8", force_binary=True
        )
        try:
            await asyncio.wait_for(reader.readuntil(PROMPT), 10)
            writer.write("echo grün-$TERM\r")
            text = await asyncio.wait_for(reader.readuntil(b"ansi\r\n"), 10)
        finally:
            writer.close()
        return text.decode()

    assert "grün-ansi" in asyncio.run(talk())


# --- sessions


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


def test_too_many_sessions_are_told_so(board):
    board = board()
    board.start("utelnetd", auth=False, telnetd={"sessions": 2})
    open_sessions = [open_session(board) for _ in range(2)]
    third = board.connect(23)
    assert b"Too many" in receive(third, b"\r\n")
    open_sessions[0].close()
    board.wait("utelnetd status", "clients 1")
    open_session(board)


def test_an_idle_session_is_told_and_closed(board):
    board = board()
    board.start("utelnetd", auth=False, telnetd={"idle": 1})
    sock = open_session(board)
    assert b"Timed out" in receive(sock, b"Timed out")
    assert is_closed(sock)


# --- the protocol


def exchange(board, data, wanted):
    """What a new connection says to `data`, behind the offers, until `wanted` is in it."""
    sock = board.connect(23)
    receive(sock, OFFERS)
    sock.sendall(data)
    return receive(sock, wanted)


NEGOTIATIONS = [
    (IAC + WILL + LINEMODE, IAC + DONT + LINEMODE),
    (IAC + WILL + b"\x27", IAC + DONT + b"\x27"),
    (IAC + DO + b"\x05", IAC + WONT + b"\x05"),
    (IAC + DO + TM, IAC + WILL + TM),
    (IAC + DO + BINARY, IAC + WILL + BINARY),
    (IAC + WILL + BINARY, IAC + DO + BINARY),
    (IAC + WILL + SGA, IAC + DO + SGA),
    (IAC + WILL + TTYPE, IAC + SB + TTYPE + b"\x01" + IAC + SE),
    (IAC + DO + ECHO + IAC + DONT + ECHO, IAC + WONT + ECHO),
    (IAC + AYT, b"[Yes]"),
]


def test_negotiation(telnetd):
    for data, answer in NEGOTIATIONS:
        assert answer in exchange(telnetd, data, answer), data


def test_what_is_agreed_on_is_not_answered_again(telnetd):
    sock = telnetd.connect(23)
    receive(sock, OFFERS)
    sock.sendall((IAC + DO + ECHO + IAC + DO + SGA + IAC + DONT + LINEMODE + IAC + WONT + NAWS) * 3)
    data = receive(sock, PROMPT)
    assert IAC not in data


@pytest.mark.parametrize("key", [IP, BRK, b"\x03"])
def test_an_interrupt_ends_the_program(telnetd, key):
    sock = open_session(telnetd)
    sock.sendall(b"sleep 77\r\0")
    telnetd.wait("ps", "sleep 77")
    sock.sendall(key if key == b"\x03" else IAC + key + IAC + DM + IAC + DO + TM)
    data = receive(sock, PROMPT)
    assert b"^C" in data


def test_urgent_data_stays_in_its_place(telnetd):
    sock = open_session(telnetd)
    sock.sendall(b"sleep 78\r\0")
    telnetd.wait("ps", "sleep 78")
    sock.sendall(IAC + IP + IAC)
    sock.send(DM, socket.MSG_OOB)
    sock.sendall(IAC + DO + TM)
    assert b"^C" in receive(sock, PROMPT)
    assert command(sock, "echo $?") == "130"


def test_erase_commands_edit_the_line(telnetd):
    sock = open_session(telnetd)
    sock.sendall(b"junk" + IAC + EL + b"echo abx" + IAC + EC + b"c")
    assert command(sock, "") == "abc"


def test_ends_of_line_and_doubled_iac(telnetd):
    sock = open_session(telnetd)
    for end in (b"\r\0", b"\r\n", b"\n", b"\r"):
        sock.sendall(b"echo one-line" + end)
        receive(sock, b"\x1b[?2004l\r\none-line\r\n")
        receive(sock, PROMPT)
    sock.sendall(b"echo end\r\0")
    assert receive(sock, b"\x1b[?2004l").count(PROMPT) <= 1
    sock.sendall(b"printf '\\377\\n'\r\0")
    receive(sock, IAC + IAC + b"\r\n")


def test_output_is_as_the_protocol_has_it(telnetd):
    sock = open_session(telnetd)
    sock.sendall(b"printf 'a\\rb\\n'\r\0")
    receive(sock, b"a\r\0b\r\n")


def test_utf8_goes_both_ways(telnetd):
    sock = open_session(telnetd)
    assert command(sock, "echo grün € 日本") == "grün € 日本"


# --- who may come in


def login(sock, password, name="root"):
    receive(sock, b"login: ")
    sock.sendall(name.encode() + b"\r\0")
    receive(sock, b"Password: ")
    sock.sendall(password.encode() + b"\r\0")


def test_three_wrong_passwords_end_the_connection(board):
    board = board()
    board.start("utelnetd")
    sock = board.connect(23)
    for name in ("root", "nobody", "root"):
        login(sock, "wrong", name)
    receive(sock, b"Login incorrect")
    assert is_closed(sock)
    assert "wrong password for nobody" in board.run("dmesg")[0]


def test_every_failure_makes_the_next_attempt_slower(board):
    board = board()
    board.start("utelnetd")
    sock = board.connect(23)
    times = []
    for _ in range(3):
        login(sock, "wrong")
        start = time.monotonic()
        receive(sock, b"incorrect")
        times.append(time.monotonic() - start)
    assert times[1] > times[0] and times[2] > 0.8, times
    other = board.connect(23)  # the delay is that of the address, not of the connection
    start = time.monotonic()
    login(other, PASSWORD)
    receive(other, PROMPT)
    assert time.monotonic() - start > 1


@pytest.mark.slow
def test_attempts_in_parallel_are_no_quicker_and_lock_the_address_out(board):
    board = board()
    board.start("utelnetd")
    answers = []

    def attempt():
        try:
            with board.connect(23, timeout=60) as sock:
                for _ in range(3):
                    login(sock, "wrong")
                    answers.append(receive(sock, b"incorrect", timeout=60))
        except (OSError, AssertionError):
            pass

    start = time.monotonic()
    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    while len(answers) < 5:
        assert time.monotonic() - start < 60
        time.sleep(0.05)
    assert time.monotonic() - start > 0.5 + 1 + 2 + 4
    for thread in threads:
        thread.join()
    assert len(answers) <= 8
    assert "locked out" in board.run("dmesg")[0]
    sock = board.connect(23)
    assert b"login:" not in sock.recv(100)


# --- clients that mean no good


def latencies(sock, count=30):
    """How long the echo of a key takes, in ms, sorted."""
    found = []
    for _ in range(count):
        start = time.perf_counter()
        sock.sendall(b"x")
        receive(sock, b"x")
        found.append((time.perf_counter() - start) * 1000)
    sock.sendall(b"\x15")
    return sorted(found)


@pytest.mark.parametrize("noise", ["yes", "seq 1000000000"])
def test_a_client_that_does_not_read_slows_nobody(telnetd, noise):
    quiet = open_session(telnetd)
    before = latencies(quiet)
    stalled = telnetd.connect(23)
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    stalled.sendall(HELLO)
    receive(stalled, PROMPT)
    stalled.sendall(noise.encode() + b"\r\0")
    telnetd.wait("ps", noise.split()[0])
    after = latencies(quiet)
    assert after[len(after) // 2] - before[len(before) // 2] < 10
    assert command(quiet, "echo still here") == "still here"


def test_a_plain_function_that_writes_to_nobody_holds_nobody_up_for_long(telnetd):
    telnetd.run(r"printf 'def __main__(args):\n for i in range(100000): print(i)\n' > /tmp/count.py")
    quiet = open_session(telnetd)
    stalled = telnetd.connect(23)
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    stalled.sendall(HELLO)
    receive(stalled, PROMPT)
    stalled.sendall(b"/tmp/count\r\0")
    end = time.monotonic() + 8
    while time.monotonic() < end:
        assert latencies(quiet, 5)[2] < 200
    assert command(quiet, "echo still here") == "still here"


@pytest.mark.parametrize("sent", [b"", IAC, IAC + SB, IAC + SB + NAWS + b"\0", b"ro", b"root\r\0", b"root\r\0gehe"])
def test_half_open_and_reset_connections_leave_nothing(board, sent):
    board = board()
    board.start("utelnetd")
    for end in (reset, socket.socket.close):
        sock = board.connect(23)
        sock.sendall(sent)
        end(sock)
    board.wait("utelnetd status", "clients 0")
    board.wait("ps | grep -c '[l]ogin'; true", "0")
    login(board.connect(23), PASSWORD)


def test_endless_negotiation_is_not_answered_endlessly(telnetd):
    sock = telnetd.connect(23)
    sock.settimeout(2)
    with pytest.raises(TimeoutError):  # the server takes no more before its answers are read
        while True:
            sock.sendall((IAC + DO + b"\x55") * 1000)
    assert command(open_session(telnetd), "echo still here") == "still here"


def test_strangers_are_many_and_a_user_comes_in(board):
    board = board()
    board.start("utelnetd")
    strangers = []
    for _ in range(100):
        sock = socket.socket()
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", board.port(23)))
        strangers.append(sock)
    assert board.run("utelnetd status")[1] == 0
    heap = board.run("free")[0]
    assert heap
    for sock in strangers:
        sock.close()
    sock = board.connect(23, timeout=30)
    login(sock, PASSWORD)
    receive(sock, PROMPT, timeout=30)


def test_more_sessions_than_memory_are_refused_and_the_others_live(board):
    board = board()
    board.start("utelnetd", auth=False, telnetd={"sessions": 100})
    open_ones = []
    refused = b""
    while not refused:
        assert len(open_ones) < 60
        sock = board.connect(23)
        sock.sendall(HELLO)
        sock.settimeout(10)
        if b"too little memory" in sock.recv(300, socket.MSG_PEEK):
            refused = sock.recv(300)
        else:
            receive(sock, PROMPT)
            open_ones.append(sock)
    assert len(open_ones) > 3
    for sock in open_ones:
        assert command(sock, "echo $((6*7)) | cat") == "42"
    assert board.run("echo here | cat")[0] == "here\n"
    open_ones.pop().close()
    open_ones.pop().close()
    board.wait("utelnetd status", f"clients {len(open_ones)}")
    open_session(board)


@pytest.mark.slow
def test_strangers_that_stay_make_room(board):
    """Whoever holds all the places of those who have not logged in, a byte now and then, keeps nobody out."""
    board = board()
    board.start("utelnetd")
    strangers = [board.connect(23) for _ in range(8)]
    for sock in strangers:
        receive(sock, b"login: ")
    sock = board.connect(23)
    sock.settimeout(0.5)
    while True:  # a while later one of them makes room
        for stranger in strangers:
            try:
                stranger.sendall(b"x")
            except OSError:
                pass
        try:
            if sock.recv(1, socket.MSG_PEEK):
                break
        except TimeoutError:
            pass
    login(sock, PASSWORD)
    receive(sock, PROMPT)


def test_an_upload_beside_slows_nobody(telnetd):
    assert telnetd.run("uftpd start")[1] == 0
    quiet = open_session(telnetd)
    before = latencies(quiet)
    ftp = ftplib.FTP(timeout=20)
    ftp.connect("127.0.0.1", telnetd.port(21))
    ftp.login("root", "")
    ftp.voidcmd("TYPE I")
    stop = threading.Event()

    def upload():
        while not stop.is_set():
            ftp.storbinary("STOR /tmp/big", io.BytesIO(bytes(200_000)))

    thread = threading.Thread(target=upload)
    thread.start()
    try:
        after = latencies(quiet, 60)
    finally:
        stop.set()
        thread.join()
        ftp.close()
    assert after[len(after) // 2] - before[len(before) // 2] < 10


@pytest.mark.slow
def test_starting_and_stopping_leaves_nothing(telnetd):
    def rounds(count):
        for _ in range(count):
            telnetd.run("utelnetd stop; utelnetd start")
            sock = open_session(telnetd)
            sock.sendall(b"true\r\0")
            sock.close()
        telnetd.run("utelnetd stop")
        telnetd.wait("ps | grep -c '127.0.0[.]1'; true", "0\n")
        heap = telnetd.heap()
        telnetd.run("utelnetd start")
        return heap

    before = rounds(60)
    after = rounds(200)
    assert after - before < 1500


@pytest.mark.slow
def test_random_bytes_bring_nothing_down(telnetd):
    good = open_session(telnetd)
    special = st.sampled_from(
        [IAC, IAC + SB, IAC + SE, IAC + DO, IAC + WILL, NAWS, TTYPE, b"\r", b"\x04", b"\x15", b"\x03"]
    )
    noise = st.lists(st.one_of(st.binary(max_size=40), special), max_size=30).map(b"".join)

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(noise, st.booleans())
    def send(data, after_hello):
        with telnetd.connect(23) as sock:
            try:
                if after_hello:
                    sock.sendall(HELLO)
                    receive(sock, PROMPT)
                sock.sendall(data)
                reset(sock)
            except ConnectionError:
                pass

    send()
    assert command(good, "echo still here") == "still here"
    telnetd.wait("utelnetd status", "clients 1")
    assert "Error:" not in telnetd.run("dmesg")[0]
