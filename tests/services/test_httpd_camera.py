"""The camera in the web server: snapshots, the stream, several viewers, tokens, the page in a real Chromium."""

import io
import json
import re
import subprocess

import pytest
from harness import PATIENCE, wait_until
from PIL import Image

from services.clients import PASSWORD
from services.desktop import view
from services.web import BASIC


@pytest.fixture
def server(web):
    return web(board="esp32-cam", heap="4M", set={"camera.fps": 25})


class Viewer:
    """A client of the stream."""

    def __init__(self, server, query="", headers=BASIC, path="/stream"):
        self.connection = server.connect()
        self.connection.request("GET", path + query, headers=headers)
        self.response = self.connection.getresponse()
        assert self.response.status == 200, self.response.read()
        self.kind = self.response.getheader("Content-Type")
        assert self.response.readline() == b"\r\n" and self.response.readline() == b"--frame\r\n"

    def frame(self):
        """The next frame, as bytes."""
        assert self.response.readline() == b"Content-Type: image/jpeg\r\n"
        size = int(self.response.readline().partition(b": ")[2])
        assert self.response.readline() == b"\r\n"
        data = self.response.read(size)
        assert self.response.read(len(b"\r\n--frame\r\n")) == b"\r\n--frame\r\n"
        return data

    def number(self):
        """The number of the next frame, which the simulated camera has put into it."""
        return int(re.search(rb"frame (\d+)", self.frame())[1])

    def close(self):
        self.response.close()
        self.connection.close()


def figures(server):
    """The figures of the camera: name, value."""
    found = re.findall(r"^diatom_camera_(\w+) (\d+)$", server.get("/metrics").text, re.MULTILINE)
    return {name: int(value) for name, value in found}


def test_clients_see_the_picture(server, tmp_path, require):
    curl, ffmpeg = require("curl"), require("ffmpeg")
    assert figures(server) == {}
    photo, log = tmp_path / "photo.jpg", ("-u", f"root:{PASSWORD}")
    subprocess.run([curl, "-sSf", *log, "-o", photo, server.url + "/capture.jpg?size=SVGA&quality=50"], check=True)
    assert Image.open(photo).size == (800, 600)
    url = server.url.replace("//", f"//root:{PASSWORD}@") + "/stream"
    words = [ffmpeg, "-v", "error", "-f", "mpjpeg", "-i", url, "-frames:v", "12", str(tmp_path / "%02d.png")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    pictures = sorted(tmp_path.glob("*.png"))
    assert len(pictures) == 12 and {Image.open(path).size for path in pictures} == {(640, 480)}
    assert len({path.read_bytes() for path in pictures}) == 12
    wait_until(lambda: figures(server)["viewers"] == 0, "the end of the stream")
    found = figures(server)
    assert found["frames_total"] >= 13 and found["bytes_total"] > 13 * 10_000 and found["drops_total"] == 0
    assert server.get("/capture.jpg?size=1x1").status == server.get("/capture.jpg?quality=x").status == 400
    assert server.ask("HEAD", "/capture.jpg").headers["Content-Type"] == "image/jpeg"
    assert server.ask("POST", "/stream").status == 405


def test_a_stalled_viewer_costs_the_others_no_frame(server):
    others = [Viewer(server) for _ in range(3)]
    stalled = Viewer(server)
    assert stalled.kind == "multipart/x-mixed-replace; boundary=frame"
    wait_until(lambda: advance(others) and figures(server)["drops_total"] > 5, "frames that the stalled one misses")
    seen = [[other.number() for _ in range(25)] for other in others]
    for numbers in seen:
        assert numbers == list(range(numbers[0], numbers[0] + 25))
    # What the stalled one gets is whole, and it goes on.
    first = stalled.number()
    for _ in range(400):
        if (number := stalled.number()) - first > 5:
            break
        first = number
    else:
        pytest.fail("it missed nothing")
    # A photo of another size in between, and the stream goes on as it was.
    assert Image.open(io.BytesIO(server.get("/capture.jpg?size=XGA").data)).size == (1024, 768)
    assert {Image.open(io.BytesIO(others[0].frame())).size for _ in range(20)} == {(640, 480)}
    for viewer in (*others, stalled):
        viewer.close()
    wait_until(lambda: figures(server)["viewers"] == 0, "the end of the stream")
    assert server.board.run("python -c 'import simulator; print(simulator.get(\"camera.size\"))'")[0] == "None\n"


def advance(viewers):
    """Take what has come for viewers."""
    for viewer in viewers:
        viewer.number()
    return True


def test_tokens_open_the_camera_and_nothing_else(server):
    run = server.board.run
    token = run("camctl token nas")[0].strip()
    assert re.fullmatch("[0-9a-f]{32}", token) and token not in run("cat /etc/system.conf")[0]
    assert run("camctl tokens")[0] == "nas\n"
    viewer = Viewer(server, "?token=" + token, {})
    assert viewer.frame()[:2] == b"\xff\xd8"
    assert server.get(f"/capture.jpg?token={token}", auth=False).status == 200
    for path in ("/stream", "/capture.jpg?token=", f"/stream?token={'0' * 32}", f"/api/camera?token={token}"):
        assert server.get(path, auth=False).status == 401, path
    assert server.get(f"/fs/?token={token}", auth=False).status == 401
    assert run("camctl revoke nas; camctl revoke nas") == ("camctl: nas: no such token\n", 1)
    with pytest.raises((AssertionError, OSError, ValueError)):  # the stream ends
        for _ in range(1000):
            viewer.frame()
    assert server.get(f"/capture.jpg?token={token}", auth=False).status == 401


def test_controls_and_failures(server):
    before = {each["name"]: each for each in server.get("/api/camera").json["controls"]}
    assert before["quality"] == {"name": "quality", "value": 85, "least": 0, "most": 100, "default": 85}
    changed = server.ask("PATCH", "/api/camera", {"quality": 30, "frame_size": "QVGA", "vflip": None}).json
    assert changed["frame_size"] == "QVGA" and changed["controls"][0]["value"] == 30
    assert (
        json.loads(server.board.run('grep -o \'{"quality.*QVGA"}\\|{"frame.*30}\' /etc/system.conf')[0])["quality"]
        == 30
    )
    for wrong in ({"quality": 101}, {"zoom": 1}, {"frame_size": "1x1"}, {"vflip": "x"}, [1]):
        assert server.ask("PATCH", "/api/camera", wrong).status == 400
    server.board.run('python -c \'import simulator; simulator.set("camera.fault", "absent")\'')
    for path in ("/capture.jpg", "/stream"):
        answer = server.get(path)
        assert (answer.status, answer.text) == (
            503,
            "camera: not found; check its cable, and the pins in the board file\n",
        )


def test_clients_of_micros_find_the_camera_where_they_expect_it(web):
    server = web(board="esp32-cam", heap="4M", settings={"micros": {"rest": "open"}})
    assert server.get("/cam/snapshot").data[:2] == b"\xff\xd8" and server.get("/cam/else").status == 404
    viewer = Viewer(server, path="/cam/stream")
    assert viewer.frame()[:2] == b"\xff\xd8"
    viewer.close()
    assert server.board.run(f"printf '{PASSWORD}\\n{PASSWORD}\\n' | passwd micros; service start micros")[1] == 0
    assert server.get("/rest").json["result"]["usr_endpoints"] == ["cam/snapshot", "cam/stream"]
    assert server.get("/cam/snapshot", auth=False).status == 200  # as /rest is open
    assert server.get("/capture.jpg", auth=False).status == 401


@pytest.mark.slow(15)
def test_the_page_shows_the_live_picture(page, server):
    page.value("location.pathname = '/camera'")
    page.wait("location.hash === '#camera'")
    page.wait("document.querySelector('.camera img')?.naturalWidth === 640")
    page.wait("document.querySelectorAll('.camera form [name]').length === 27")
    page.value(
        "(() => { const field = document.querySelector('[name=frame_size]'); field.value = 'QVGA';"
        "field.dispatchEvent(new Event('change')); })()"
    )
    page.wait("document.querySelector('.camera img').naturalWidth === 320")
    assert server.get("/api/camera").json["frame_size"] == "QVGA"
    view(page, "log")
    wait_until(lambda: figures(server)["viewers"] == 0, "the end of the stream")
    assert page.messages == []
