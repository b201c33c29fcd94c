"""The telnet protocol, byte by byte."""

import socket

import pytest

from services.clients import receive
from services.telnet.talk import (
    AYT,
    BINARY,
    BRK,
    DM,
    DO,
    DONT,
    EC,
    ECHO,
    EL,
    IAC,
    IP,
    LINEMODE,
    NAWS,
    NOP,
    OFFERS,
    PROMPT,
    SB,
    SE,
    SGA,
    TM,
    TTYPE,
    WILL,
    WONT,
    command,
    open_session,
)


def exchange(board, data, wanted):
    """The reply of a new connection to `data`, after the offers, until it contains `wanted`."""
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


def test_nothing_of_the_protocol_is_typed(telnetd):
    """Subnegotiations, even long, unknown, unfinished and split ones, leave the keys typed around them alone."""
    sock = open_session(telnetd)
    for sub in (
        TTYPE + b"\0abc\r\n",
        b"\x27\0\3USER\1eve\r",
        LINEMODE + b"x" * 5000,
        NAWS + b"\0" * 3,
        b"",
        NAWS + IAC + IAC,
    ):
        whole = IAC + SB + sub + IAC + SE
        sock.sendall(b"echo a" + whole)
        for i in range(0, min(len(whole), 20)):
            sock.sendall(whole[i : i + 1])
        sock.sendall(whole[20:] + IAC + NOP + b"b" + IAC + DO + TM)
        assert command(sock, "c") == "abc", sub


def test_a_doubled_iac_is_a_byte(telnetd):
    sock = open_session(telnetd)
    sock.sendall(b"read x\r\0")
    receive(sock, b"2004l\r\n")
    sock.sendall(b"a" + IAC + IAC + b"b\r\0")
    assert receive(sock, b"\r\n") == b"a" + IAC + IAC + b"b\r\n"
    receive(sock, PROMPT)
