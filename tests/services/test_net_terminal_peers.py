"""ftp, the client, against the server of Debian."""

import shutil
import socket
import subprocess
import time

import pytest
from harness import PATIENCE

VSFTPD = """listen=YES
listen_ipv6=NO
listen_address=127.0.0.1
listen_port={port}
background=NO
anonymous_enable=YES
no_anon_password=YES
write_enable=YES
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_umask=022
anon_root={top}/root
secure_chroot_dir={top}/empty
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
"""


@pytest.fixture
def free_port():
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


@pytest.fixture
def vsftpd(require, tmp_path, free_port):
    """A server with /pond in it that anybody may write into."""
    program = require("vsftpd", root=True)
    top = tmp_path.parent / (tmp_path.name + ".ftp")
    pond = top / "root" / "pond"
    pond.mkdir(parents=True)
    (top / "empty").mkdir()
    (pond / "numbers").write_text("".join(f"{i}\n" for i in range(1, 30001)))
    (pond / "small").write_text("small\n")
    for path in (pond, *pond.iterdir()):
        shutil.chown(path, "ftp")
    for path in (top, *list(top.parents)[:-2]):  # the server changes to a user who has to get there
        path.chmod(path.stat().st_mode | 0o011)
    (top / "conf").write_text(VSFTPD.format(port=free_port, top=top))
    server = subprocess.Popen([program, top / "conf"])
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", free_port)).close()
            break
        except OSError:
            assert time.monotonic() < end and server.poll() is None
            time.sleep(0.02)
    server.pond, server.port = pond, free_port
    yield server
    server.terminate()
    server.wait(10)
    shutil.rmtree(top)


def test_ftp_and_vsftpd(sim, vsftpd):
    words = (
        "cd /pond; get numbers; put numbers copy; size copy; mkdir new; mv copy new/copy; nls new; mget n* s*; rm small; "
        "lcd /tmp/other; reget numbers; rmdir nothing; pwd"
    )
    result = sim(
        "mkdir -p /tmp/here /tmp/other; seq 10000 > /tmp/other/numbers; cd /tmp/here\n"
        f"ftp -p {vsftpd.port} -u anonymous:x -c '{words}' 127.0.0.1; echo $?\n"
        "cmp numbers ../other/numbers; seq 30000 | cmp - numbers; cat small",
        packages="ftp",
    )
    assert result.stdout.splitlines() == [
        "numbers: 168894 bytes",
        "numbers: 168894 bytes",
        "168894",
        "new/copy",
        "numbers: 168894 bytes",
        "small: 6 bytes",
        "numbers: 168894 bytes, 48894 of them were here",
        '"/pond" is the current directory',
        "1",
        "small",
    ]
    # A directory among the names of mget, and the one that is not there, are told; the rest is done.
    assert result.stderr.splitlines() == [
        "ftp: 550 Failed to open file.",
        "ftp: 550 Remove directory operation failed.",
    ]
    assert (vsftpd.pond / "new" / "copy").read_bytes() == (vsftpd.pond / "numbers").read_bytes()
    assert not (vsftpd.pond / "small").exists()
