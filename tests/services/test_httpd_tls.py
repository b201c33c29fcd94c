"""The web server with a certificate."""

import base64
import os
import socket
import ssl
import subprocess

import pytest
import websocket
from harness import PATIENCE

from services.clients import PASSWORD, is_closed
from services.web import BASIC

SETTINGS = {"httpd": {"certificate": "/etc/ssl/httpd.crt", "key": "/etc/ssl/httpd.key"}}


@pytest.fixture
def heap():
    return "512k"


@pytest.fixture
def secure(board, require, tmp_path, heap):
    """A board with HTTPS, and a context that trusts its certificate."""
    openssl = require("openssl")
    pem, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "30",
    ]
    make += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*make, "-keyout", str(key), "-out", str(pem)], check=True, capture_output=True)
    certificate = ssl.PEM_cert_to_DER_cert(pem.read_text())
    secret = subprocess.run([openssl, "ec", "-in", str(key), "-outform", "der"], check=True, capture_output=True).stdout
    board = board(heap=heap)
    board.run("mkdir /etc/ssl")
    for name, data in (("crt", certificate), ("key", secret)):
        board.run(f"echo {base64.b64encode(data).decode()} | base64 -d > /etc/ssl/httpd.{name}")
    if heap == "512k":
        board.start("uhttpd", **SETTINGS)
    else:
        board.configure(login_ms=20, **SETTINGS)
        assert board.run(f"setauth root {PASSWORD} {PASSWORD}")[1] == 0
    return board, ssl.create_default_context(cafile=str(pem))


def test_https(secure, require, tmp_path):
    board, context = secure
    url = f"https://localhost:{board.port(443)}"
    curl = [require("curl"), "-s", "--cacert", str(tmp_path / "cert.pem"), "-u", f"root:{PASSWORD}", "--max-time", "20"]
    file = tmp_path / "large"
    file.write_bytes(os.urandom(150_000))
    assert subprocess.run([*curl, "-f", "-T", str(file), url + "/fs/home/large"], timeout=PATIENCE).returncode == 0
    assert (
        subprocess.run([*curl, "-f", url + "/fs/home/large"], capture_output=True, timeout=PATIENCE).stdout
        == file.read_bytes()
    )
    login = [*curl, "-i", "--json", f'{{"user": "root", "password": "{PASSWORD}"}}', url + "/api/login"]
    assert b"; Secure" in subprocess.run(login, capture_output=True, timeout=PATIENCE).stdout
    key = subprocess.run([*curl, url + "/fs/etc/ssl/httpd.key"], capture_output=True, timeout=PATIENCE).stdout
    assert b"forbidden" in key

    header = [f"{name}: {value}" for name, value in BASIC.items()]
    terminal = websocket.create_connection(
        f"wss://localhost:{board.port(443)}/api/terminal", header=header, sslopt={"context": context}, timeout=PATIENCE
    )
    text = b""
    while b"$: " not in text:
        text += terminal.recv_data()[1]
    terminal.close()


def test_who_speaks_no_tls_is_dropped(secure):
    board, context = secure
    for data in (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", os.urandom(300), b"\x16\x03\x01\xff\xff" + b"x" * 100):
        with board.connect(443) as sock:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            assert is_closed(sock)
    silent = board.connect(443)
    with context.wrap_socket(board.connect(443), server_hostname="localhost") as sock:
        sock.sendall(b"GET /icon.svg HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert sock.recv(100).startswith(b"HTTP/1.1 200 ")
    assert is_closed(silent, 20)


@pytest.mark.parametrize("heap", ["190k"])
def test_too_little_memory_is_said(secure, heap):
    board, _ = secure
    output, status = board.run("uhttpd start")
    assert status == 1 and "HTTPS requires 64 KB of free memory" in output


def test_what_is_no_certificate_is_said(board):
    board = board()
    board.configure(login_ms=20, **SETTINGS)
    board.run(f"setauth root {PASSWORD} {PASSWORD}; mkdir /etc/ssl")
    output, status = board.run("uhttpd start")
    assert status == 1 and "/etc/ssl/httpd.crt" in output
    board.run("echo x > /etc/ssl/httpd.crt; echo y > /etc/ssl/httpd.key")
    output, status = board.run("uhttpd start")
    assert status == 1 and "is no certificate" in output
