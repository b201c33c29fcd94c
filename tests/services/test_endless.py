"""Endless files: no service hashes them, reads them without a limit, or blocks others because of them."""

import ftplib
import hashlib
import re
import socket

import pytest
from harness import wait_until

from services import endless
from services.clients import PASSWORD, receive
from services.ftp.talk import client, get, refused
from services.web import BASIC, everything

QUICK_S = 10  # no answer takes longer


@pytest.fixture
def both(web):
    """A board with a web server and an FTP server, and the files that never end."""
    web = web()
    web.board.run("uftpd start; utelnetd start")
    endless.mount(web)
    return web


def is_alive(web):
    assert web.get("/api/status").status == 200
    assert web.board.run("echo alive")[0] == "alive\n"


def request(line, fields="X: x", body=""):
    """The bytes of a request of root."""
    head = f"{line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {BASIC['Authorization']}\r\n{fields}\r\n\r\n"
    return (head + body).encode()


def test_no_device_is_hashed_or_served_by_http(both):
    for name in endless.DEVICES:
        for method in ("GET", "HEAD"):
            for path in (f"/fs/dev/{name}", f"/fs/tmp/../dev//{name}", f"/fs/dev/./{name}"):
                assert both.ask(method, path).status == 403, (method, path)
        assert both.get(f"/fs/dev/{name}", {"Range": "bytes=0-9", "If-None-Match": "*"}).status == 403
        for method in ("PUT", "DELETE"):
            for fields in ({}, {"If-Match": '"0-0"'}, {"If-Match": "*"}, {"If-None-Match": "*"}):
                assert both.ask(method, f"/fs/dev/{name}", b"x", fields).status == 403, (method, name, fields)
        assert both.ask("MOVE", f"/fs/dev/{name}", headers={"X-Destination": "/fs/home/x"}).status == 403
        assert both.ask("MOVE", "/fs/etc/motd", headers={"X-Destination": f"/fs/dev/{name}"}).status == 403
    is_alive(both)


def test_what_proc_and_dev_make_is_served_whole_and_has_no_etag(both):
    answer = both.get("/fs/proc/modules")
    assert len(answer.data) > 1024 and answer.data.endswith(b"\n") and "ETag" not in answer.headers
    assert both.get("/fs/dev/gpio/4").text in ("0\n", "1\n")
    assert both.ask("HEAD", "/fs/proc/meminfo").status == 200
    for path in ("/fs/proc/meminfo", "/fs/proc/1/cmdline", "/fs/dev/gpio/4", "/fs/dev/led"):
        assert both.ask("PUT", path, b"1").status == 403
        assert both.ask("DELETE", path).status == 403


def test_http_sends_no_more_of_a_file_than_its_size(both):
    for name in ("none", "short", "summed"):
        size = endless.SIZES[name]
        answer = both.get(f"/fs/endless/{name}")
        assert answer.status == 200 and answer.data == b"x" * size
        assert both.ask("HEAD", f"/fs/endless/{name}").headers["Content-Length"] == str(size)
        assert both.get(f"/fs/endless/{name}", {"If-None-Match": answer.headers["ETag"]}).status == 304
        if size:
            assert both.get(f"/fs/endless/{name}", {"Range": "bytes=-5"}).data == b"x" * 5
        assert both.ask("PUT", f"/fs/endless/{name}", b"x", {"If-Match": answer.headers["ETag"]}).status == 403
        assert both.ask("PUT", f"/fs/endless/{name}", b"x", {"If-Match": '"1-1"'}).status == 412
    is_alive(both)


def test_others_are_served_beside_a_download_without_an_end(both):
    with socket.create_connection(("127.0.0.1", both.port), QUICK_S) as sock:
        sock.sendall(request("GET /fs/endless/long"))
        received = 0
        while received < 1_000_000:
            received += len(sock.recv(65536))
        is_alive(both)
    assert both.ask("HEAD", "/fs/endless/long").headers["Content-Length"] == str(endless.SIZES["long"])
    is_alive(both)


def test_an_upload_without_an_end_is_refused_when_the_flash_is_full(both):
    with socket.create_connection(("127.0.0.1", both.port), QUICK_S) as sock:
        sock.sendall(request("PUT /fs/home/x", "Transfer-Encoding: chunked"))
        chunk = b"1000\r\n" + bytes(4096) + b"\r\n"
        try:
            for _ in range(4096):
                sock.sendall(chunk)
        except OSError:  # it has been refused and closed
            pass
        else:
            assert b" 413 " in everything(sock)
    assert both.get("/fs/home/x").status == 404
    is_alive(both)


def test_a_command_without_an_end_is_ended_with_its_client(both):
    with socket.create_connection(("127.0.0.1", both.port), QUICK_S) as sock:
        body = '{"command": "cat /endless/none"}'
        sock.sendall(request("POST /api/run", f"Content-Type: application/json\r\nContent-Length: {len(body)}", body))
        assert receive(sock, b"xxxx")
        is_alive(both)
    wait_until(lambda: not re.search(r"\bcat\n", both.board.run("ps")[0]), "the end of cat")


def test_ftp_neither_hashes_nor_sends_a_device(both):
    with client(both.board) as ftp:
        for name in endless.DEVICES:
            for line in (f"SITE SHA256 /dev/{name}", f"RETR /dev/{name}", f"SIZE /dev/../dev/{name}"):
                ftp.voidcmd("TYPE A")
                ftp.sendcmd("EPSV")
                assert refused(ftp, line) == 550, line
            for line in ("STOR", "APPE", "DELE", "RNFR", "MKD", "RMD", "SITE CHMOD 644", "MFMT 20200101000000"):
                assert refused(ftp, f"{line} /dev/{name}") == 550, (line, name)
        for line in ("STOR /proc/x", "STOR /proc/meminfo", "APPE /dev/gpio/4", "MKD /proc/d", "RNFR /proc"):
            with pytest.raises(ftplib.error_perm, match="not permitted"):
                ftp.sendcmd(line)
        ftp.voidcmd("TYPE I")
        assert b"MemTotal" in get(ftp, "/proc/meminfo") and get(ftp, "/dev/gpio/4") in (b"0\n", b"1\n")
    is_alive(both)


def test_ftp_reads_no_more_of_a_file_than_its_size(both):
    with client(both.board) as ftp:
        for name in ("none", "short", "summed"):
            size = endless.SIZES[name]
            found = ftp.sendcmd(f"SITE SHA256 /endless/{name}")
            assert hashlib.sha256(b"x" * size).hexdigest() in found
            assert get(ftp, f"/endless/{name}") == b"x" * size
            ftp.voidcmd("TYPE A")
            assert ftp.sendcmd(f"SIZE /endless/{name}") == f"213 {size}"
            with ftp.transfercmd(f"RETR /endless/{name}") as sock:
                assert everything(sock) == b"x" * size
            assert ftp.getresp().startswith("226")
    is_alive(both)


def test_others_are_served_beside_a_hash_and_a_download_over_ftp(both):
    with client(both.board) as first, client(both.board) as second:
        first.putcmd("SITE SHA256 /endless/long")
        second.voidcmd("TYPE I")
        with second.transfercmd("RETR /endless/long") as sock:
            received = 0
            while received < 1_000_000:
                received += len(sock.recv(65536))
            is_alive(both)
        assert second.getmultiline().startswith("426")
        assert get(second, "/etc/motd")
        first.close()
    is_alive(both)


def test_a_message_of_the_day_without_an_end_is_cut(both):
    """/etc/motd is the owner's; a login shows the beginning of a long one."""
    assert both.board.run("seq 1 9999 > /etc/motd")[1] == 0
    with both.board.connect(23) as sock:
        receive(sock, b"login: ")
        sock.sendall(b"root\r\n")
        receive(sock, b"Password: ")
        sock.sendall(PASSWORD.encode() + b"\r\n")
        assert receive(sock, b"$: ").count(b"\r\n") < 400
    is_alive(both)
