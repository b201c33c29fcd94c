"""Load Modules ask web servers through micrOS's urequests."""

import http.server
import threading

import pytest

MODULE = """
from urequests import get, post, aget
from Common import micro_task

def text(url):
    return str(get(url))

def parsed(url):
    return get(url, jsonify=True)[1]["a"]

def send(url):
    return str(post(url, json={"b": 2}, headers={"X-Mine": "yes"}))

async def _later(tag, url):
    with micro_task(tag) as task:
        task.out = str(await aget(url))

def later(url):
    return micro_task("web.later", _later("web.later", url))
"""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer(404 if "none" in self.path else 200, b"x" * 20000 if "long" in self.path else b'{"a": 1}')

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(201, body + self.headers["X-Mine"].encode() + self.headers["Content-Type"].encode())

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def url():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_requests(node, url):
    node = node({"LM_web.py": MODULE})
    assert node.lm(f"web text {url}") == ("(200, '{\"a\": 1}')", 0)
    assert node.lm(f"web text {url}none") == ("(404, '{\"a\": 1}')", 0)
    assert node.lm(f"web parsed {url}") == ("1", 0)
    assert node.lm(f"web send {url}") == ("(201, '{\"b\": 2}yesapplication/json')", 0)
    assert node.lm(f"web later {url}") == (" web.later: Starting", 0)
    node.board.wait("lm task show web.later", "(200, '{\"a\": 1}')")
    assert "an answer of more than 16384 bytes" in node.lm(f"web text {url}long")[0]
    assert "refused" in node.lm("web text http://127.0.0.1:9/")[0]
