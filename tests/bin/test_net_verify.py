"""Certificates that an authority has signed, or not, or for somebody else, or that have expired: what clients say of them."""

import socket
import ssl
import subprocess
import threading

import pytest
from harness import PATIENCE

KINDS = ("good", "expired", "elsewhere", "stranger", "itself")
WHY = {
    "expired": "certificate not trusted: The certificate validity has expired",
    "elsewhere": "certificate not trusted: The certificate Common Name (CN) does not match with the expected CN",
    "stranger": "certificate not trusted: The certificate is not correctly signed by the trusted CA",
    "itself": "certificate not trusted: The certificate is not correctly signed by the trusted CA",
}
NEW_KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes".split()
REPLY = {
    "http": b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nhi\n",
    "mqtt": b"\x20\x02\x00\x00",  # CONNACK
}
CLIENTS = {
    "curl": ("http", "curl https://localhost:{port}/"),
    "wget": ("http", "wget -qO - https://localhost:{port}/"),
    "upgrade": ("http", "upgrade -f https://localhost:{port}/"),
    "mqttc": ("mqtt", "mqttc pub -s -h localhost -p {port} -t a -m b"),
}


class Authority:
    """Makes certificates in a directory with openssl."""

    def __init__(self, openssl, directory):
        self.openssl = openssl
        self.directory = directory
        for name in ("ca", "other"):
            self.run(
                "req",
                "-x509",
                *NEW_KEY,
                "-days",
                "30",
                "-subj",
                f"/CN={name}",
                "-keyout",
                f"{name}.key",
                "-out",
                f"{name}.pem",
            )
        self.sign("good")
        self.sign("expired", days="-1")
        self.sign("elsewhere", host="elsewhere.example")
        self.sign("stranger", by="other")
        self.run("req", "-x509", *NEW_KEY, "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                 "-keyout", "itself.key", "-out", "itself.pem")  # fmt: skip

    def run(self, *words):
        subprocess.run([self.openssl, *words], check=True, capture_output=True, cwd=self.directory)

    def sign(self, name, by="ca", host="localhost", days="30"):
        (self.directory / "ext").write_text(f"subjectAltName=DNS:{host}")
        self.run("req", *NEW_KEY, "-subj", f"/CN={host}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        self.run("x509", "-req", "-in", f"{name}.csr", "-CA", f"{by}.pem", "-CAkey", f"{by}.key", "-CAcreateserial",
                 "-days", days, "-extfile", "ext", "-out", f"{name}.pem")  # fmt: skip


@pytest.fixture(scope="module")
def authority(require, tmp_path_factory):
    return Authority(require("openssl"), tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def ports(authority):
    """{(protocol, kind): port} of servers, each with one of the certificates."""
    listeners, found = [], {}
    for protocol, reply in REPLY.items():
        for kind in KINDS:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(authority.directory / f"{kind}.pem", authority.directory / f"{kind}.key")
            listener = socket.create_server(("127.0.0.1", 0))
            listeners.append(listener)
            found[protocol, kind] = listener.getsockname()[1]
            threading.Thread(target=serve, args=(listener, context, reply), daemon=True).start()
    yield found
    for listener in listeners:
        listener.close()


def serve(listener, context, reply):
    while True:
        try:
            client = listener.accept()[0]
        except OSError:
            return
        try:
            with context.wrap_socket(client, server_side=True) as secure:
                secure.settimeout(PATIENCE)
                secure.recv(1000)
                secure.sendall(reply)
        except OSError:  # the client does not trust us
            pass


@pytest.mark.parametrize("client", CLIENTS)
def test_with_an_authority_only_its_certificates_for_this_host_are_taken(sim, authority, ports, client):
    protocol, command = CLIENTS[client]
    script = "cp /mnt/ca.pem /etc/ca.pem\n"
    for kind in KINDS:
        script += f"echo '--- {kind}'; {command.format(port=ports[protocol, kind])} 2>&1\n"
    parts = sim(script, mount=f"{authority.directory}:/mnt").stdout.split("--- ")[1:]
    said = dict(part.split("\n", 1) for part in parts)
    assert list(said) == list(KINDS)
    for kind, why in WHY.items():
        assert said[kind].startswith(f"{client}: localhost: {why}"), kind
    assert "certificate" not in said["good"]
    if client in ("curl", "wget"):
        assert said["good"] == "hi\n"


@pytest.mark.parametrize("client", CLIENTS)
def test_without_an_authority_all_are_taken_with_a_warning(sim, ports, client):
    protocol, command = CLIENTS[client]
    for kind in ("good", "expired"):
        result = sim(command.format(port=ports[protocol, kind]))
        assert result.stderr.startswith(f"{client}: WARNING: the certificate of localhost is not checked")
        if client in ("curl", "wget"):
            assert (result.stdout, result.status) == ("hi\n", 0)


def test_an_authority_can_be_named(sim, authority, ports):
    result = sim(
        f"curl --cacert /mnt/ca.pem https://localhost:{ports['http', 'good']}/; "
        f"curl --cacert /mnt/other.pem https://localhost:{ports['http', 'stranger']}/; "
        f"curl --cacert /mnt/other.pem https://localhost:{ports['http', 'good']}/; echo $?; "
        f"curl -k https://localhost:{ports['http', 'expired']}/",
        mount=f"{authority.directory}:/mnt",
    )
    assert result.stdout == "hi\nhi\n60\nhi\n"
    assert result.stderr.startswith("curl: localhost: certificate not trusted")
