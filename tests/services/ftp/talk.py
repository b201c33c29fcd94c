"""An FTP client for the tests."""

import ftplib
import io

import pytest
from harness import PATIENCE

from services.clients import PASSWORD


def client(board, name="root", password=PASSWORD, **options):
    """A client that has logged in."""
    ftp = ftplib.FTP(timeout=PATIENCE, **options)
    ftp.connect("127.0.0.1", board.port(21))
    ftp.login(name, password)
    return ftp


def put(ftp, path, data, command="STOR", rest=None):
    ftp.storbinary(f"{command} {path}", io.BytesIO(data), rest=rest)


def get(ftp, path, rest=None):
    data = io.BytesIO()
    ftp.retrbinary(f"RETR {path}", data.write, rest=rest)
    return data.getvalue()


def refused(ftp, line):
    """The code with which a command is refused."""
    with pytest.raises((ftplib.error_perm, ftplib.error_temp)) as e:
        ftp.sendcmd(line)
    return int(str(e.value)[:3])
