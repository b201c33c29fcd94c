"""telnetd with real clients."""

import asyncio

import pexpect
import pytest
import telnetlib3
from harness import PATIENCE

from services.clients import PASSWORD
from services.telnet.talk import PROMPT


@pytest.mark.parametrize(
    "client, words",
    [
        ("inetutils-telnet", "inetutils-telnet 127.0.0.1 {port}"),
        ("busybox", "busybox telnet 127.0.0.1 {port}"),
        ("plink", "plink -telnet -P {port} 127.0.0.1"),
    ],
)
def test_a_real_client(board, require, client, words):
    require(client)
    board = board()
    board.start("utelnetd")
    child = pexpect.spawn(words.format(port=board.port(23)), timeout=PATIENCE, dimensions=(33, 111))
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
    child = pexpect.spawn(f"nc 127.0.0.1 {board.port(23)}", timeout=PATIENCE, echo=False)
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
