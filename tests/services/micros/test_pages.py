"""What Load Modules serve over HTTP: pages, JSON, uploads, streams, and micrOS's own file server."""

import time

import pytest

from services.micros.test_rest import AUTH
from services.web import Web

MODULE = """
from Common import web_endpoint, web_dir, web_mounts
from Auth import sudo
got = []
frames = 0
def page(head, body):
    return "text/html", "<h1>hello</h1>"
def data(head, body):
    return "application/json", {"body": body.decode(), "length": head.get("content-length")}
def picture(head, body):
    return "image/jpeg", b"\\xff\\xd8jpeg"
def part(head, body, first=False, last=False):
    got.append((head["content-disposition"], bytes(body), first, last))
    return "text/plain", str(len(got))
@sudo
def secret(head, body):
    return "text/plain", "secret"
def fails(head, body):
    raise ValueError("no")
def frame():
    global frames
    frames += 1
    return b"frame %d" % frames if frames % 4 else b""
def endless():
    return b"x" * 2000
def stream(head, body):
    return "multipart/x-mixed-replace", {"callback": frame, "content-type": "image/jpeg"}
def forever(head, body):
    return "multipart/form-data", {"callback": endless, "content-type": "audio/l16;rate=8000"}
def load():
    for name, function in (("it", page), ("it/picture", picture), ("it/secret", secret), ("it/stream", stream),
                           ("it/fails", fails), ("forever", forever)):
        web_endpoint(name, function)
    web_endpoint("it/data", data, "POST")
    web_endpoint("it/part", part, "POST")
    web_endpoint("it/file", "own.html")
    web_endpoint("api/status", page)
    web_endpoint("dashboard", page)
    with open(web_dir("own.html"), "w") as file:
        file.write("<p>own")
    with open(web_dir("app.js"), "w") as file:
        file.write("not this one")
    return web_mounts(modules=True)
def seen():
    return got
"""
FORM = (
    b'--XX\r\nContent-Disposition: form-data; filename="a.txt"\r\n\r\none\r\n'
    b'--XX\r\nContent-Disposition: form-data; filename="a.txt"\r\n\r\ntwo\r\n--XX--\r\n'
)
MULTIPART = {**AUTH, "Content-Type": "multipart/form-data; boundary=XX"}


@pytest.fixture
def pages(node):
    """Callable: a Web with a node whose module has registered its endpoints."""

    def pages(**settings):
        web = Web(node({"LM_it.py": MODULE}, heap="700k").board, micros=settings, hostname="simulator")
        assert web.board.run("lm it load") == (" $modules: /local/modules\n", 0)
        return web

    return pages


def test_pages_and_who_may_have_them(pages):
    web = pages()
    ask = lambda path, **more: web.get(path, AUTH, auth=False, **more)  # noqa: E731
    answer = ask("/it")
    assert (answer.status, answer.text, answer.headers["Content-Type"]) == (
        200,
        "<h1>hello</h1>",
        "text/html; charset=UTF-8",
    )
    assert ask("/it/picture").data == b"\xff\xd8jpeg"
    assert ask("/it/file").text == ask("/own.html").text == "<p>own"
    assert "web_endpoint" in ask("/$modules/LM_it.py").text
    assert "not this one" not in ask("/app.js").text  # Diatom's own files and routes come first
    assert web.get("/api/status").json["memory"] and "dom.js" not in ask("/dashboard").text
    assert ask("/$data/x").status == ask("/it/nothing").status == 404
    assert ask("/$modules/../micros/config/x").status == ask("/$modules/.x").status == 404
    assert ask("/it/fails").status == 500
    assert ask("/rest").json["result"]["usr_endpoints"][:3] == ["api/status", "dashboard", "forever"]
    assert web.ask("POST", "/it/data", b"abc", AUTH, auth=False).json == {"body": "abc", "length": 3}
    assert web.ask("POST", "/it", b"abc", AUTH, auth=False).status == 405
    assert web.get("/it", auth=False).status == 401  # as /rest
    assert web.get("/it", {**AUTH, "Origin": "http://evil.example"}, auth=False).status == 403
    assert web.get("/it", {**AUTH, "Host": "evil.example"}, auth=False).status == 421
    assert web.get("/it/secret").json == {"state": False, "result": "Auth required"}  # @sudo wants the password itself
    assert ask("/it/secret").text == "secret"
    assert web.ask("POST", "/it/part", FORM, MULTIPART, auth=False).text == "2"
    assert web.ask("POST", "/it/part", FORM[:-8], MULTIPART, auth=False).status == 400
    head = "'form-data; filename=\"a.txt\"'"
    assert f"({head}, b'one', True, False), ({head}, b'two', False, True)" in web.board.run("lm it seen")[0]
    login, fields = web.login()
    assert web.get("/it", {"Cookie": fields["Cookie"]}, auth=False).status == 200  # a page knows no token
    assert web.ask("POST", "/it/data", b"", {"Cookie": fields["Cookie"]}, auth=False).status == 403
    assert web.ask("POST", "/it/data", b"a", {"Cookie": fields["Cookie"], "Origin": web.url}, auth=False).status == 200
    web.board.run("service stop micros")
    assert web.get("/it").status == 404


def test_streams_end_and_let_others_pass(pages):
    web = pages(rest="open")
    answer = web.get("/it/stream", auth=False)
    assert answer.headers["Content-Type"] == "multipart/x-mixed-replace; boundary=micrOS_boundary"
    parts = answer.data.split(b"--micrOS_boundary")
    assert parts[1] == b"\r\ncontent-type: image/jpeg\r\n\r\nframe 1\r\n" and parts[4] == b"--\r\n" and len(parts) == 5
    streams = []
    for _ in range(2):
        connection = web.connect()
        connection.request("GET", "/forever")
        streams.append((connection, connection.getresponse()))
    assert web.get("/forever", auth=False).status == 503
    begin = time.monotonic()
    for _ in range(5):
        assert web.get("/it", auth=False).status == 200
        for _, response in streams:
            assert response.read(3000)
    assert time.monotonic() - begin < 10
    streams.pop()[0].close()
    web.board.run("service stop micros")
    assert streams[0][1].read().endswith(b"--micrOS_boundary--\r\n")


def test_the_file_server_of_micros(node, toolkit):
    place = toolkit / "micrOS" / "source" / "modules"
    web = Web(node(mount=place, heap="2M", image="mpy").board, hostname="simulator", micros={"rest": "open"})
    output, status = web.board.run("lm fileserver load")
    assert status == 0, output
    assert web.get("/fs/dirs", auth=False).status == 401  # files never without a password
    assert web.get("/fs/dirs", AUTH, auth=False).json == [["/user_data", "rw"]]
    form = b'--XX\r\nContent-Disposition: form-data; filename="/user_data/a.txt"\r\n\r\nhello\r\n--XX--\r\n'
    answer = web.ask("POST", "/fs/files", form, MULTIPART, auth=False)
    assert (answer.status, answer.text) == (200, "ok")
    (entry,) = web.get("/fs/files", AUTH, auth=False).json
    assert (entry["path"], entry["size"]) == ("/user_data/a.txt", 5)
    assert web.ask("POST", "/fs/list", b"/user_data", AUTH, auth=False).json == [entry]
    assert web.get("/user_data/a.txt", AUTH, auth=False).text == "hello"
    assert set(web.get("/fs/usage", AUTH, auth=False).json) == {"used", "free"}
    assert web.ask("DELETE", "/fs/files", b"/user_data/a.txt", AUTH, auth=False).text.endswith("deleted")
    assert web.ask("DELETE", "/fs/files", b"/../../etc/shadow", AUTH, auth=False).text.startswith("Cannot delete")
    assert web.get("/fs/etc/profile").status == 200  # Diatom's own files
