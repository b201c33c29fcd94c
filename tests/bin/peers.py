"""Servers on this computer for the tests of the network clients."""

import contextlib
import json
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harness import PATIENCE

BIG = bytes(range(256)) * 600  # what /big gives, with and without ranges


class Web(BaseHTTPRequestHandler):
    """Replies in every way that clients must understand; /echo returns the request as JSON."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        """Say nothing."""

    def answer(self, body, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Transfer_Encoding" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        path = self.path.partition("?")[0]
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size)
        if path == "/echo":
            asked = {
                "method": self.command,
                "path": self.path,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": body.decode("latin-1"),
            }
            self.answer(json.dumps(asked).encode(), Content_Type="application/json")
        elif path == "/big":
            self.big()
        elif path == "/chunked":
            pieces = [BIG[i : i + 1000] for i in range(0, len(BIG), 1000)]
            data = b"".join(b"%x;some=thing\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
            self.answer(data + b"0\r\nTrailer: yes\r\n\r\n", Transfer_Encoding="chunked")
        elif path == "/until-close":
            self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + BIG)
            self.close_connection = True
        elif path == "/cut":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + BIG[:5000])
            self.close_connection = True
        elif path == "/silent":
            self.server.silence.wait(20)
        elif path.startswith("/to/"):
            self.answer(b"there it is", int(path[4:7]), Location="/" + path[8:])
        elif path == "/away":
            self.answer(b"", 302, Location=self.server.away)
        elif path == "/circle":
            self.answer(b"", 302, Location="circle")
        elif path == "/nonsense":
            self.wfile.write(b"220 mail.example ready\r\n")
            self.close_connection = True
        else:
            self.answer(b"nothing here\n", 404)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET

    def big(self):
        wanted = self.headers.get("Range")
        if not wanted:
            return self.answer(BIG, ETag='"1"')
        first = int(wanted.removeprefix("bytes=").removesuffix("-"))
        self.server.ranges.append(first)
        if first >= len(BIG):
            return self.answer(b"", 416, Content_Range=f"bytes */{len(BIG)}")
        return self.answer(BIG[first:], 206, Content_Range=f"bytes {first}-{len(BIG) - 1}/{len(BIG)}")


@contextlib.contextmanager
def web(certificate=None):
    """A web server with the attribute `url`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    server.daemon_threads = True
    server.silence = threading.Event()
    server.ranges = []
    server.away = "/big"
    scheme = "http"
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    server.url = f"{scheme}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.silence.set()
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def secure_web(openssl, directory):
    """A web server with a self-signed certificate from openssl, and the attributes `url` and `certificate`, a path."""
    files = certificate(openssl, directory)
    with web(files) as server:
        server.certificate = files[0]
        yield server


def certificate(openssl, directory, name="localhost"):
    """(certificate, key) of a server, self-signed with openssl."""
    files = Path(directory) / f"{name}.pem", Path(directory) / f"{name}.key"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30".split()
    subject = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-keyout", files[1], "-out", files[0]]
    subprocess.run([openssl, *words, *subject], check=True, capture_output=True)
    return files


def free_port(kind=socket.SOCK_STREAM):
    """A free port of 127.0.0.1."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def program(*command, port=None, **options):
    """A server program; port: wait until it accepts connections there."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    try:
        if port:
            wait_for(port, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def wait_for(port, process=None, seconds=PATIENCE):
    """Wait until a server accepts connections on port."""
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            assert process is None or process.poll() is None, process.stdout.read()
            assert time.monotonic() < end, f"nobody listens on {port}"
            time.sleep(0.02)
