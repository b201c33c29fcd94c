"""photoq: photos reach real servers, once, whatever fails between."""

import hashlib
import io
import os
import random
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from harness import copy_flash, wait_until
from PIL import Image

from services.test_net_terminal_peers import free_port, vsftpd  # noqa: F401

POWER_CUT = 99


class Server(ThreadingHTTPServer):
    """Stores what is PUT or POSTed; the first `failures` requests go wrong, each in another way."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.photos = []  # (method, path, headers, body)
        self.failures = 0
        self.refused = b"\0"  # a photo with these bytes gets status 415
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def stored(self):
        """{path: the SHA-256 of what was stored last}."""
        return {path: hashlib.sha256(body).hexdigest() for method, path, _, body in self.photos}


class Handler(BaseHTTPRequestHandler):
    def receive(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.failures:
            self.server.failures -= 1
            if self.server.failures % 2:
                self.connection.close()  # stored or not: the client cannot know
                return
            self.send_error(503)
            return
        if self.server.refused in body:
            self.send_error(415)
            return
        if len(body) == int(self.headers["Content-Length"]):
            self.server.photos.append((self.command, self.path, dict(self.headers), body))
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_PUT = do_POST = receive  # noqa: N815

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = Server()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def photos(tmp_path):
    """A directory with three photos, without zero bytes."""
    directory = tmp_path / "photos"
    directory.mkdir()
    for i in range(3):
        (directory / f"{i}.jpg").write_bytes(random.randbytes(2500 + i).replace(b"\0", b"x"))
    return directory


def digests(photos):
    return sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in photos.iterdir())


ADD = "for f in 0 1 2; do photoq add /mnt/photos/$f.jpg; done; "


def test_the_oldest_comes_first_and_a_refused_one_holds_up_nobody(sim, server, photos):
    (photos / "1.jpg").write_bytes(b"bad\0")
    script = f"""{ADD} photoq list | wc -l; photoq to {server.url}/in/; photoq to
        cat /mnt/photos/0.jpg | photoq add; photoq send; photoq send 2> /dev/null; echo $?; photoq list | wc -l
        photoq rm $(photoq list | cut -c 10-); photoq send {server.url}/post; echo post | photoq add; photoq send {server.url}/post
        photoq add -Q 2 /mnt/photos/0.jpg; echo 'a b' > '/var/spool/photos/a b'; photoq send; photoq add < /dev/null"""
    result = sim(script, mount=[f"{photos}:/mnt/photos"])
    assert result.stdout.splitlines() == [
        *("3", f"{server.url}/in/", "3 sent, 1 wait", "0 sent, 1 wait", "1", "1"),
        *("0 sent, 0 wait", "1 sent, 0 wait", "0 sent, 1 wait"),
    ]
    *stored, posted = server.photos
    assert [(method, body) for method, _, _, body in stored] == [
        ("PUT", (photos / name).read_bytes()) for name in ("0.jpg", "2.jpg", "0.jpg")
    ]
    names = [path.rpartition("/")[2] for _, path, _, _ in stored]
    assert names == sorted(set(names)) and all(re.fullmatch(r"\d{8}-\d{6}-[0-9a-f]{10}\.jpg", name) for name in names)
    assert posted[:2] == ("POST", "/post") and posted[3] == b"post\n"
    assert posted[2]["Idempotency-Key"] == f'"{posted[2]["X-Photo-Id"]}"' != '""'
    errors = [line.partition(": ")[2] for line in result.stderr.splitlines()]
    assert "415 Unsupported Media Type" in errors[0]
    assert errors[1:] == [
        "/var/spool/photos: 0 of 2 bytes are in use",
        "a b: rename it: only letters, digits, - _ . ~",
        "-: no photo",
    ]


def test_the_service_goes_on_after_failures(sim, server, photos):
    server.failures = 3
    script = f"""photoq to {server.url}/in/; service start photoq; {ADD}
        while photoq list | grep -q .; do sleep 0.2; done; service stop photoq; dmesg | grep photoq:"""
    result = sim(script, mount=[f"{photos}:/mnt/photos"])
    assert sorted(server.stored().values()) == digests(photos)
    assert "503 Service Unavailable; 3 wait" in result.stdout or "Connection reset" in result.stdout, result.stdout


def test_ftp_stores_each_photo_once(sim, vsftpd, photos):  # noqa: F811
    url = f"ftp://anonymous:x@127.0.0.1:{vsftpd.port}/pond"
    script = f"""{ADD} cp -r /var/spool/photos /tmp/before; photoq send {url}; echo $?
        cp /tmp/before/* /var/spool/photos; photoq send {url}; photoq add /mnt/photos/0.jpg; photoq send {url}/nowhere; photoq list | wc -l"""
    result = sim(script, mount=[f"{photos}:/mnt/photos"])
    assert result.stdout.splitlines() == ["3 sent, 0 wait", "0", "3 sent, 0 wait", "0 sent, 1 wait", "1"]
    assert result.stderr.startswith("photoq: 550")
    stored = [path for path in vsftpd.pond.iterdir() if path.suffix == ".jpg"]
    assert sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in stored) == digests(photos)
    assert not list(vsftpd.pond.glob("*.part"))


def test_mqtt_confirms_photos_of_any_size(sim, require, tmp_path, free_port):  # noqa: F811
    photo = random.randbytes(70_000)
    (tmp_path / "big.jpg").write_bytes(photo)
    (tmp_path / "broker.conf").write_text(f"listener {free_port} 127.0.0.1\nallow_anonymous true\n")
    broker = subprocess.Popen([require("mosquitto"), "-c", tmp_path / "broker.conf"], stderr=subprocess.DEVNULL)
    words = [require("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(free_port), "-t", "cam/#", "-C", "1", "-N"]
    try:
        wait_until(lambda: not subprocess.run([*words[:-3], "-E"], capture_output=True).returncode, "mosquitto")
        listener = subprocess.Popen(words, stdout=subprocess.PIPE)
        result = sim(
            f"photoq add /mnt/here/big.jpg; photoq send mqtt://127.0.0.1:{free_port}/cam; echo $?",
            mount=[f"{tmp_path}:/mnt/here"],
        )
        assert (result.stdout, result.stderr) == ("1 sent, 0 wait\n0\n", "")
        assert listener.communicate(timeout=60)[0] == photo
    finally:
        broker.terminate()
        broker.wait()


def test_telegram_gets_a_message_with_the_photo(sim, server, photos):
    script = f"export TELEGRAM_API={server.url}; photoq add /mnt/photos/0.jpg; photoq send telegram:12:secret/7; photoq to telegram:12:secret/7; photoq to; python -c 'from services import protected; print(protected.unreadable(\"/local/photoq\"))'"
    result = sim(script, mount=[f"{photos}:/mnt/photos"])
    assert result.stdout == "1 sent, 0 wait\ntelegram:\npermission denied\n"
    ((method, path, _, body),) = server.photos
    assert (method, path) == ("POST", "/bot12:secret/sendPhoto")
    assert (photos / "0.jpg").read_bytes() in body and b'name="chat_id"\r\n\r\n7\r\n' in body


@pytest.mark.slow(10)
def test_no_accepted_photo_is_lost_or_doubled_by_a_power_cut(sim, flash, server, photos, tmp_path):
    mount = [f"{photos}:/mnt/photos", f"{tmp_path}:/mnt/here"]
    script = f"for f in 0 1 2; do photoq add /mnt/photos/$f.jpg && echo $f >> /mnt/here/accepted; done; photoq send {server.url}/in/"
    whole = flash()
    sim(":", flash=whole)
    accepted = tmp_path / "accepted"
    writes = sim(script, flash=copy_flash(whole, tmp_path / "count.img"), mount=mount, count_writes=True).writes
    points = [f"{n}{torn}" for n in range(1, writes + 1) for torn in ("", ":torn")]
    contents = {hashlib.sha256((photos / f"{i}.jpg").read_bytes()).hexdigest(): str(i) for i in range(3)}
    if not os.environ.get("EVERY_POINT"):
        points = random.sample(points, min(12, len(points)))
    for point in points:
        accepted.write_text("")
        server.photos.clear()
        cut = copy_flash(whole, tmp_path / "cut.img")
        assert sim(script, flash=cut, mount=mount, cut_power_at=point).status == POWER_CUT
        result = sim(
            f"photoq send {server.url}/in/; photoq list; echo | photoq add; ls -A /var/spool/photos | wc -l",
            flash=cut,
            mount=mount,
        )
        assert re.fullmatch(r"\d sent, 0 wait\n1\n", result.stdout), (point, result.stdout, result.stderr)
        stored = sorted(contents[digest] for digest in server.stored().values())  # KeyError: a damaged one
        assert set(accepted.read_text().split()) <= set(stored), point
        assert len(stored) == len(set(stored)), point


@pytest.mark.slow(20)
def test_no_photo_of_a_timelapse_is_lost_or_damaged_by_a_power_cut(sim, flash, server, tmp_path):
    server.refused = b"nothing"
    options = {"mount": [f"{tmp_path}:/mnt/here"], "set": {"camera.fps": 0}}
    script = f"""mkdir -p /var/spool/photos
        timelapse -n 3 -i 0.1s -s QVGA /var/spool/photos/t%Y%m%d-%H%M%S.jpg |
            while read photo; do echo $photo >> /mnt/here/taken; done; photoq send {server.url}/in/"""
    whole = flash(board="sim")
    sim(":", flash=whole)
    writes = sim(script, flash=copy_flash(whole, tmp_path / "count.img"), count_writes=True, **options).writes
    points = [f"{n}{torn}" for n in range(1, writes + 1) for torn in ("", ":torn")]
    if not os.environ.get("EVERY_POINT"):
        points = random.sample(points, min(6, len(points)))
    noted = 0
    for point in points:
        (tmp_path / "taken").write_text("")
        server.photos.clear()
        cut = copy_flash(whole, tmp_path / "cut.img")
        if sim(script, flash=cut, cut_power_at=point, **options).status != POWER_CUT:
            continue  # the photos were smaller this time
        result = sim(f"photoq send {server.url}/in/", flash=cut)
        assert result.stdout.endswith(" sent, 0 wait\n"), (point, result.stdout, result.stderr)
        stored = {path.rpartition("/")[2] for _, path, _, body in server.photos}
        for _, _, _, body in server.photos:
            with Image.open(io.BytesIO(body)) as image:
                image.load()
        taken = {path.rpartition("/")[2] for path in (tmp_path / "taken").read_text().split()}
        assert taken <= stored, point
        noted += len(taken)
    if os.environ.get("EVERY_POINT"):
        assert noted
