"""The Load Module pacman: packages, and the files of a node."""

import hashlib
import http.server
import json
import threading

import pytest

from services.micros.conftest import PASSWORD


@pytest.fixture
def packages():
    """A server with one package, as micrOS's are laid out; version() sets what it is now."""
    files = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802 (the name that http.server calls)
            data = files.get(self.path)
            self.send_response(404 if data is None else 200)
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_port}/aqua"

    def version(text):
        names = ("LM_aqua.py", "aqua/tank.py", "aqua/aqua/aqua.html", "aqua/pacman.json")
        files["/aqua/package.json"] = json.dumps({"version": text, "urls": [[n, f"{url}/{n}"] for n in names]}).encode()
        files["/aqua/LM_aqua.py"] = f"from aqua.tank import level\ndef fill():\n    return level + '{text}'\n".encode()
        files["/aqua/aqua/tank.py"] = b"level = 'full '\n"
        files["/aqua/aqua/aqua/aqua.html"] = b"<p>aqua</p>"
        files["/aqua/aqua/pacman.json"] = json.dumps({"url": url, "layout": {"/modules": ["LM_aqua.py"]}}).encode()

    version("1.0")
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield url, version
    server.shutdown()
    server.server_close()


def test_packages(node, packages):
    url, version = packages
    node = node()
    assert "LM_pacman->install: Access denied, wrong password (pwd)" in node.lm(f"pacman install {url}")[0]
    assert "aqua 1.0" in node.lm(f"pacman install {url} pwd={PASSWORD}")[0]
    assert node.lm("aqua fill") == ("full 1.0", 0)
    assert node.lm("pacman inspect") == ("['aqua']", 0)
    assert "/local/modules/LM_aqua.py" in node.lm("pacman inspect aqua")[0]
    assert node.lm("pacman cat /web/aqua/aqua.html") == ("<p>aqua</p>", 0)
    version("1.1")
    assert "aqua 1.1" in node.lm(f"pacman upgrade aqua pwd={PASSWORD}")[0]
    assert node.lm("aqua fill") == ("full 1.1", 0)
    assert node.lm(f"pacman uninstall aqua pwd={PASSWORD}")[0] == "aqua removed"
    assert node.board.run("find /local /libx -name '*aqua*'")[0] == ""
    assert "Cannot install" in node.lm(f"pacman install {url}/none pwd={PASSWORD}")[0]


def test_files_of_a_node_and_no_others(node):
    lamp = "def on():\n    return 1\n"
    node = node({"LM_lamp.py": lamp, "LM_twice.py": lamp, "LM_twice.mpy": ""})
    node.board.run("mkdir -p /local/micros/config /local/micros/data; echo t > /local/micros/config/telegram.token")
    node.board.run("echo 1 > /local/micros/data/heat.dat; echo 2 > /local/micros/data/a.cache")
    names = ["config", "data", "lib", "logs", "modules", "web"]
    assert node.lm("pacman ls raw=True content=d") == (str(names), 0)
    assert "f   LM_lamp.py" in node.lm("pacman ls /modules")[0]
    assert node.lm("pacman datdump") == (" heat.dat: 1", 0)
    assert "a.cache: 2" in node.lm("pacman cachedump")[0]
    assert node.lm("pacman cat /config/telegram.token")[0] == "Read not allowed"
    for path in ("/etc/shadow", "/modules/../../etc/shadow", "/data/../../etc/shadow", "../etc/shadow", "/local/wifi"):
        output, status = node.lm(f"pacman cat {path}")
        assert status == 1 and output.endswith("LM_pacman->cat: No such file or directory")
        assert node.lm(f"pacman rm {path}")[1] == 1
    for path in ("/modules", "/", "/config/telegram.token", "/lib/x.py"):
        assert "Protected resource" in node.lm(f"pacman rmdir {path}")[0]
    assert node.lm("pacman makedir /data/new")[0] == "/data/new dir created."
    assert node.lm("pacman rmdir /data/new") == ("/data/new deleted", 0)
    assert "Delete LM_twice.py True" in node.lm("pacman del_duplicates")[0]
    digest = hashlib.sha1(lamp.encode()).hexdigest()
    assert f"{digest} LM_lamp.py" in node.lm("pacman micros_checksum")[0]
    assert node.lm("lamp on") == ("1", 0)
    assert node.lm("pacman unload LM_lamp")[0] == "Module unload LM_lamp done"
    assert node.lm("modules")[0] == "['pacman', 'task']"
    assert "wrong password" in node.lm("pacman delmod lamp.py")[0]
    assert node.lm(f"pacman delmod lamp.py pwd={PASSWORD}")[0] == "/modules/LM_lamp.py deleted"
