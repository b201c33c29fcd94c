"""A file is the old or the new one, whatever happens to an upload."""

import contextlib
import ftplib

import pytest

from services.clients import reset
from services.ftp.talk import client, get, put


def cut(board, path, data, how):
    """An upload that breaks off."""
    ftp = client(board)
    ftp.voidcmd("TYPE I")
    sock = ftp.transfercmd(f"STOR {path}")
    sock.sendall(data)
    how(ftp, sock)


def die(ftp, sock):
    ftp.sock.close()
    ftp.file.close()
    sock.close()


def die_data_first(ftp, sock):
    sock.close()
    ftp.sock.close()
    ftp.file.close()


def die_with(command):
    """A client has sent more, which waits for the transfer, so nobody reads the end of its connection."""

    def die(ftp, sock):
        ftp.putcmd(command)
        die_data_first(ftp, sock)

    die.__name__ = f"die_with_{command.partition(' ')[0]}"
    return die


def break_off(ftp, sock):
    reset(sock)
    with pytest.raises(ftplib.error_temp, match="426"):
        ftp.getresp()
    ftp.quit()


@pytest.mark.parametrize(
    "how", [die, die_data_first, die_with("QUIT"), die_with("USER root"), die_with("PWD"), break_off]
)
def test_an_upload_that_is_cut_leaves_the_old_file(open_ftpd, how):
    ftpd = open_ftpd
    with client(ftpd) as ftp:
        put(ftp, "/home/x", b"the old one")
        for size in (0, 1, *range(1024, 33 * 1024, 1024)):
            cut(ftpd, "/home/x", bytes(size), how)
            cut(ftpd, "/home/new", bytes(size), how)
            if size % 8192 == 0:
                ftpd.wait("uftpd status", "clients 1")
            assert get(ftp, "/home/x") == b"the old one"
        ftpd.wait("uftpd status", "clients 1")
        assert ftp.nlst("/home") == ["x"]
    assert "~" not in ftpd.run("ls -a /home")[0]


def test_an_announced_size_is_kept(ftp):
    put(ftp, "/home/x", b"the old one")
    ftp.voidcmd("TYPE I")
    ftp.sendcmd("ALLO 1000")
    with ftp.transfercmd("STOR /home/x") as sock:
        sock.sendall(bytes(999))
    with pytest.raises(ftplib.error_temp, match="426"):
        ftp.getresp()
    assert get(ftp, "/home/x") == b"the old one"


def test_a_full_flash_refuses_and_keeps_what_there_was(board):
    board = board(flash_size="632K", image="romfs")
    board.start("uftpd")
    with client(board) as ftp:
        put(ftp, "/home/x", b"the old one")
        ftp.voidcmd("TYPE I")
        with ftp.transfercmd("STOR /home/x") as sock, contextlib.suppress(OSError):  # the board takes no more
            sock.sendall(bytes(2_000_000))
        with pytest.raises(ftplib.error_temp, match="452"):
            ftp.getresp()
    with client(board) as ftp:
        assert get(ftp, "/home/x") == b"the old one"
        put(ftp, "/home/y", bytes(10_000))
    assert board.run("echo room > /home/z; cat /home/z")[0] == "room\n"
