"""FTP as mounting programs use it: many small requests, parts of files, aborted transfers."""

import ftplib
import os

import pytest

from services.ftp.talk import client, get, put


def piece(ftp, path, start, size):
    """Read some bytes of a file as curlftpfs does: end the transfer when there are enough."""
    data = b""
    with ftp.transfercmd(f"RETR {path}", rest=start) as sock:
        while len(data) < size:
            more = sock.recv(size - len(data))
            if not more:
                break
            data += more
    try:
        ftp.voidresp()
    except ftplib.error_temp as e:  # the board has noticed that nobody listens any more
        assert str(e).startswith("426")
    return data


def test_pieces_of_a_file_in_any_order(ftp):
    data = os.urandom(150_000)
    put(ftp, "/home/big", data)
    for start, size in ((100_000, 4096), (0, 10), (149_999, 1), (65_536, 65_536), (0, 4096)):
        assert piece(ftp, "/home/big", start, size) == data[start : start + size]
    assert ftp.sendcmd("NOOP").startswith("200")
    assert get(ftp, "/home/big") == data


def test_a_file_manager_looks_around(ftpd):
    """GVfs: a connection that makes all requests, and others that are opened and left idle."""
    with client(ftpd) as first:
        for line in ("FEAT", "SYST", "OPTS UTF8 ON", "TYPE I", "CWD /", "PWD", "MLST /", "MLST /home"):
            assert first.sendcmd(line)[0] == "2"
        for _ in range(3):
            lines = []
            first.dir("-a", lines.append)
            assert any(line.endswith(" etc") and line.startswith("d") for line in lines)
        extra = [client(ftpd) for _ in range(4)]
        for ftp in extra:
            ftp.cwd("/home")
            put(ftp, "x", b"x")
        for path, code in (("/home/.hidden", "550"), ("/autorun.inf", "550"), ("/.Trash-0", "550")):
            with pytest.raises(ftplib.error_perm, match=code):
                first.sendcmd(f"MLST {path}")
        for ftp in extra:
            ftp.sock.close()
            ftp.file.close()
        ftpd.wait("uftpd status", "clients 1")
        assert first.nlst("/home") == ["x"]


def test_an_editor_saves_by_renaming(ftp):
    put(ftp, "/home/f", b"old")
    put(ftp, "/home/.f.swp", b"swap")
    put(ftp, "/home/f~new", b"new")
    ftp.rename("/home/f", "/home/f~")
    ftp.rename("/home/f~new", "/home/f")
    ftp.delete("/home/f~")
    ftp.delete("/home/.f.swp")
    assert ftp.nlst("/home") == ["f"]
    assert get(ftp, "/home/f") == b"new"


def test_a_hundred_small_files(ftpd):
    with client(ftpd) as ftp:
        ftp.mkd("/home/many")
        ftp.cwd("/home/many")
        for i in range(100):
            put(ftp, f"file-{i:03d}.txt", b"%d\n" % i)
        names = ftp.nlst()
        assert len(names) == 100
        assert {name: entry["size"] for name, entry in ftp.mlsd() if name.startswith("file")} == {
            f"file-{i:03d}.txt": str(len(f"{i}\n")) for i in range(100)
        }
        for name in names:
            ftp.delete(name)
        ftp.rmd("/home/many")
