"""Releases over TLS: with the authority on the board, without it, and the way out of TLS."""

import shutil
import ssl

import pytest

from bin import peers
from update.conftest import Server
from update.releases import PATHS

MANIFEST = "manifest-source.json"


@pytest.fixture
def secure(releases, require, tmp_path):
    """A Server that speaks TLS; its certificate lies in the releases' directory."""
    certificate, key = peers.certificate(require("openssl"), tmp_path)
    shutil.copy(certificate, releases.directory / "ca.pem")
    server = Server(releases.directory / "new")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
    server.url = f"https://localhost:{server.port}/"
    yield server
    server.close()


def test_a_certificate_of_the_authority_on_the_board(board, releases, secure):
    run = board.run(f"cp /mnt/release/ca.pem /etc/ca.pem; upgrade -f {secure.url}")
    assert run.returncode == 0 and "WARNING" not in run.stderr, run.stderr
    assert board.files() == releases.sums(releases.new, PATHS)


def test_without_an_authority_it_warns_loudly_and_once(board, releases, secure):
    run = board.run(f"upgrade -f {secure.url}")
    assert run.returncode == 0, run.stderr
    warnings = [
        line for line in run.stderr.splitlines() if line.startswith("upgrade: WARNING: the certificate of localhost")
    ]
    assert len(warnings) == 1 and len(secure.requests) > 2
    assert board.files() == releases.sums(releases.new, PATHS)


def test_a_certificate_of_somebody_else(board, releases, secure, tmp_path, require):
    shutil.copy(peers.certificate(require("openssl"), tmp_path, "other")[0], releases.directory / "other.pem")
    run = board.run(f"cp /mnt/release/other.pem /etc/ca.pem; upgrade -f {secure.url}; echo $?")
    assert run.stdout == "1\n" and "Traceback" not in run.stderr
    assert not secure.requests
    assert board.files() == releases.sums(releases.old, PATHS)


def test_a_redirect_out_of_tls(board, releases, secure):
    def answer(handler):
        handler.send_response(302)
        handler.send_header("Location", f"http://localhost:{secure.port}/{MANIFEST}")
        handler.end_headers()

    secure.files[MANIFEST] = answer
    run = board.run(f"upgrade -f {secure.url}; echo $?")
    assert run.stdout == "1\n" and "redirected to an insecure address" in run.stderr
    assert board.files() == releases.sums(releases.old, PATHS)
