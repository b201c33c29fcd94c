"""The board's files at /fs/, as in version 4 of CircuitPython's web workflow, and /cp/."""

import http.client
import socket
import subprocess

import pytest
from harness import PATIENCE

from services.web import BASIC, statuses

JSON = {"Accept": "application/json"}


@pytest.fixture
def files(web):
    return web()


def listing(web, path):
    answer = web.get("/fs" + path, JSON)
    assert answer.status == 200, answer.text
    return {entry["name"]: entry for entry in answer.json["files"]}


def test_what_is_in_a_directory(files):
    files.board.run("mkdir /home/d; printf 12345 > /home/d/five")
    found = files.get("/fs/home/d/", JSON).json
    assert set(found) == {"free", "total", "block_size", "writable", "files"}
    assert 0 < found["free"] < found["total"] and found["writable"] is True
    (entry,) = found["files"]
    assert (entry["name"], entry["directory"], entry["file_size"]) == ("five", False, 5)
    assert entry["modified_ns"] % 1_000_000_000 == 0
    assert listing(files, "/home/")["d"]["directory"] is True
    assert files.get("/fs/home/none/", JSON).status == 404
    assert files.get("/fs/home/d", JSON).status == 308
    assert files.get("/fs/home/d/").status == 302  # a browser is led to the desktop


def test_a_directory_with_many_files(files):
    files.board.run("mkdir /home/m; cd /home/m; for i in $(seq 1 120); do : > file$i; done; cd /")
    assert len(listing(files, "/home/m/")) == 120


@pytest.mark.parametrize(
    "name", ["a b.txt", "ümlaut.txt", "日本.py", "per%cent", "quo'te\"", "plus+", "#hash", "semi;colon"]
)
def test_names_of_all_kinds(files, name):
    from urllib.parse import quote

    path = "/fs/home/" + quote(name)
    assert files.ask("PUT", path, name.encode()).status == 201
    assert files.get(path).text == name
    assert name in listing(files, "/home/")
    assert files.ask("DELETE", path).status == 204


def test_a_file_is_made_written_and_removed(files):
    assert files.ask("PUT", "/fs/home/x", b"one", {"X-Timestamp": "1700000000000"}).status == 201
    assert files.ask("PUT", "/fs/home/x", b"two").status == 204
    assert files.get("/fs/home/x").data == b"two"
    assert files.board.run("cat /home/x")[0] == "two"
    assert files.ask("PUT", "/fs/home/x", b"").status == 204
    assert files.get("/fs/home/x").data == b""
    assert files.ask("DELETE", "/fs/home/x").status == 204
    assert files.ask("DELETE", "/fs/home/x").status == 404
    assert files.ask("PUT", "/fs/home/none/x", b"x").status == 404
    assert files.ask("PUT", "/fs/home", b"x").status == 409


def test_directories_are_made_and_removed_with_all_in_them(files):
    assert files.ask("PUT", "/fs/home/d/").status == 201
    assert files.ask("PUT", "/fs/home/d/").status == 204
    assert files.ask("PUT", "/fs/home/d/e/").status == 201
    assert files.ask("PUT", "/fs/home/d/e/f", b"x").status == 201
    assert files.ask("PUT", "/fs/home/d/e/f/").status == 409
    assert files.ask("PUT", "/fs/home/none/e/").status == 404
    assert files.ask("DELETE", "/fs/home/d").status == 404  # a directory has a slash
    assert files.ask("DELETE", "/fs/home/d/").status == 204
    assert files.get("/fs/home/d/", JSON).status == 404


def test_moving(files):
    files.ask("PUT", "/fs/home/a", b"a")
    files.ask("PUT", "/fs/home/b", b"b")
    files.ask("PUT", "/fs/home/d/")

    def move(path, target):
        return files.ask("MOVE", "/fs" + path, headers={"X-Destination": target}).status

    assert move("/home/a", "/fs/home/b") == 412
    assert move("/home/a", "/fs/home/none/a") == 404
    assert move("/home/none", "/fs/home/c") == 404
    assert move("/home/a", "/home/c") == move("/home/a", "") == 400
    assert move("/home/a", "/fs/home/d/a%20b") == 201
    assert files.get("/fs/home/d/a%20b").text == "a"
    assert move("/home/d/", "/fs/home/d/inside/") in (404, 409)
    assert move("/home/d/", "/fs/home/e/") == 201
    assert files.get("/fs/home/e/a%20b").text == "a"
    assert move("/home/b", "/fs/boot.py") in (403, 412)


def test_what_the_system_stands_on_stays(files):
    for path in ("/", "/etc/", "/lib/", "/bin/", "/rom/"):
        assert files.ask("DELETE", "/fs" + path).status in (403, 404), path
        assert files.ask("MOVE", "/fs" + path, headers={"X-Destination": "/fs/home/x"}).status in (403, 404), path
    for path in ("/boot.py", "/main.py", "/BOOT.py", "/recovery.py", "/lib/spare.z"):
        assert files.ask("DELETE", "/fs" + path).status == 403
        assert files.ask("PUT", "/fs" + path, b"x").status == 403
        assert files.ask("PUT", "/fs/home/.." + path, b"x").status == 403
    assert files.ask("PUT", "/fs/rom/lib/x.py", b"x").status == 403


def test_two_editors_do_not_write_over_each_other(files):
    tag = files.ask("PUT", "/fs/home/x", b"one").headers["ETag"]
    assert files.get("/fs/home/x").headers["ETag"] == tag
    second = files.ask("PUT", "/fs/home/x", b"two", {"If-Match": tag})
    assert second.status == 204
    assert files.ask("PUT", "/fs/home/x", b"six", {"If-Match": tag}).status == 412
    assert files.get("/fs/home/x").text == "two"
    assert files.ask("PUT", "/fs/home/x", b"six", {"If-None-Match": "*"}).status == 412
    assert files.ask("PUT", "/fs/home/new", b"six", {"If-None-Match": "*"}).status == 201
    assert files.get("/fs/home/x", {"If-None-Match": second.headers["ETag"]}).status == 304


def test_parts_of_a_file_and_its_kind(files):
    data = bytes(range(256)) * 40
    files.ask("PUT", "/fs/home/x.bin", data)
    answer = files.get("/fs/home/x.bin", {"Range": "bytes=1000-5999"})
    assert (answer.status, answer.data) == (206, data[1000:6000])
    assert answer.headers["Content-Type"] == "application/octet-stream"
    files.ask("PUT", "/fs/home/x.py", b"print(1)")
    assert files.get("/fs/home/x.py").headers["Content-Type"].startswith("text/x-python")


def test_a_large_file_both_ways(files):
    data = bytes(i * 7 & 255 for i in range(200_000))
    assert files.ask("PUT", "/fs/home/large", data).status == 201
    assert files.get("/fs/home/large").data == data


def test_what_does_not_fit_is_refused_before_it_is_sent(files):
    """413, or 417 instead of 100 Continue for a client that asks first, so that it need not send the body."""
    connection = files.connect()
    connection.putrequest("PUT", "/fs/home/x")
    for name, value in {**BASIC, "Content-Length": str(100_000_000), "Expect": "100-continue"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 417
    connection = files.connect()
    connection.putrequest("PUT", "/fs/home/x")
    for name, value in {**BASIC, "Content-Length": str(100_000_000)}.items():
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == 413
    assert files.get("/fs/home/x").status == 404


@pytest.mark.parametrize("path, size", [("/fs/home/x", 12_000_000), ("/api/run", 12_000_000), ("/api/run", 9000)])
def test_who_sends_too_much_without_asking_sees_why(files, path, size):
    """The body is read for a while: closing the connection at once would lose the reply."""
    method = "PUT" if path[:4] == "/fs/" else "POST"
    answer = files.ask(method, path, bytes(size), {"Content-Type": "application/json"})
    assert answer.status == 413 and answer.headers["Connection"] == "close"
    assert files.get("/api/status").status == 200


def test_no_file_has_an_unknown_method(files):
    for method in ("PROPFIND", "POST", "LOCK", "MKCOL"):
        for path in ("/fs/", "/fs/home/", "/fs/etc/motd", "/"):
            answer = files.ask(method, path)
            assert answer.status == 405 and "GET" in answer.headers["Allow"], (method, path)


def test_who_asks_first_is_told_to_go_on(files, require):
    curl = require("curl")
    command = [
        curl,
        "-sv",
        "-u",
        ":geheim",
        "-H",
        "Expect: 100-continue",
        "-T",
        "-",
        "-H",
        "Content-Length: 5",
        "-H",
        "Transfer-Encoding:",
    ]
    run = subprocess.run([*command, files.url + "/fs/home/x"], input=b"hello", capture_output=True, timeout=PATIENCE)
    assert b"HTTP/1.1 100 Continue" in run.stderr and b"HTTP/1.1 201" in run.stderr
    assert files.get("/fs/home/x").data == b"hello"
    assert files.ask("PUT", "/fs/home/x", b"x", {"Expect": "200-ok"}).status == 417


def test_an_upload_that_breaks_off_leaves_the_old_file(files):
    data = b"new" * 4000
    files.ask("PUT", "/fs/home/x", b"the old file")
    for cut in range(0, len(data), 1024):
        with socket.create_connection(("127.0.0.1", files.port), 10) as sock:
            head = f"PUT /fs/home/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(data)}\r\n"
            head += "".join(f"{name}: {value}\r\n" for name, value in BASIC.items())
            sock.sendall(head.encode() + b"\r\n" + data[:cut])
            sock.shutdown(socket.SHUT_WR)
            assert sock.recv(100) == b""
    assert files.get("/fs/home/x").data == b"the old file"
    assert set(listing(files, "/home/")) & {"x"} and not [
        name for name in listing(files, "/home/") if name.startswith(".x")
    ]


def test_several_may_write_one_file_at_once(files):
    """The upload that ends last wins; simultaneous uploads do not mix, in whatever order they end."""
    fields = "".join(f"{name}: {value}\r\n" for name, value in BASIC.items())

    def begin(text):
        sock = socket.create_connection(("127.0.0.1", files.port), 10)
        head = f"PUT /fs/home/x HTTP/1.1\r\nHost: localhost\r\n{fields}Content-Length: 10\r\n\r\n{text * 5}"
        sock.sendall(head.encode())
        parts.append(text)
        files.board.wait("ls -A /home | grep -c '^[.]x'", f"{len(parts)}\n")
        return sock, text

    def end(sock, text):
        with sock:
            sock.sendall(text.encode() * 5)
            assert sock.recv(100).startswith(b"HTTP/1.1 20")
        parts.remove(text)
        assert files.get("/fs/home/x").text == text * 10

    parts = []
    first, second, third = begin("a"), begin("b"), begin("c")
    end(*second)
    fourth = begin("d")
    for upload in (first, fourth, third):
        end(*upload)


def test_a_full_flash_is_an_answer(web):
    web = web(flash_size="1m", image="romfs")
    data = b"x" * 100_000
    found = [web.ask("PUT", f"/fs/home/{n}", data).status for n in range(12)]
    assert set(found) <= {201, 413, 507} and found[0] == 201 and found[-1] in (413, 507)
    whole = [name for name, entry in listing(web, "/home/").items() if entry["file_size"] == 100_000]
    assert len(whole) == found.count(201)
    assert web.get("/api/status").status == 200


def test_curl_uploads_and_downloads(files, require, tmp_path):
    curl = require("curl")
    source, target = tmp_path / "a.bin", tmp_path / "b.bin"
    source.write_bytes(bytes(i * 13 & 255 for i in range(60_000)))
    put = [curl, "-sf", "-u", "root:geheim", "-T", str(source), files.url + "/fs/home/a.bin"]
    assert subprocess.run(put, timeout=PATIENCE).returncode == 0
    get = [curl, "-sf", "-u", "root:geheim", "-o", str(target), files.url + "/fs/home/a.bin"]
    assert subprocess.run(get, timeout=PATIENCE).returncode == 0
    assert target.read_bytes() == source.read_bytes()
    target.write_bytes(source.read_bytes()[:10_000])
    assert subprocess.run([*get, "-C", "-"], timeout=PATIENCE).returncode == 0  # goes on where it stopped
    assert target.read_bytes() == source.read_bytes()


# --- /cp/


def test_who_the_board_is(files):
    found = files.get("/cp/version.json", auth=False).json
    assert found["web_api_version"] == 4
    assert {
        "version",
        "build_date",
        "board_name",
        "mcu_name",
        "board_id",
        "creator_id",
        "creation_id",
        "hostname",
        "port",
        "ip",
    } <= set(found)
    assert found["port"] == files.port and found["ip"] == "127.0.0.1"
    assert set(files.get("/cp/devices.json", auth=False).json) == {"total", "devices"}
    (disk,) = files.get("/cp/diskinfo.json").json
    assert set(disk) == {"root", "free", "total", "block_size", "writable"} and 0 < disk["free"] < disk["total"]
    assert files.get("/edit/?path=/code.py").status == 302
    assert files.get("/cp/none.json").status == 404


def test_options_need_no_password(files):
    for path in ("/fs/", "/fs/home/x", "/cp/version.json"):
        answer = files.ask("OPTIONS", path, auth=False)
        assert answer.status == 204 and "GET" in answer.headers["Allow"]


def test_the_requests_of_an_installer(files):
    """The requests of circup `--host`: identify the board, list lib, upload a library with its directory, remove it."""
    connection = files.connect()
    ask = lambda *words, **more: files.ask(*words, connection=connection, **more)  # noqa: E731
    assert ask("GET", "/cp/version.json").json["web_api_version"] >= 1
    assert ask("GET", "/cp/diskinfo.json").json[0]["free"] > 100_000
    answer = ask("GET", "/fs/lib/", headers=JSON)
    if answer.status == 404:
        assert ask("PUT", "/fs/lib/").status == 201
    assert ask("PUT", "/fs/lib/neo/", headers={"X-Timestamp": "1700000000000"}).status in (201, 204)
    assert ask("PUT", "/fs/lib/neo/__init__.py", b'__version__ = "1.2.3"\n').status == 201
    assert ask("PUT", "/fs/lib/neo/a.mpy", bytes(range(200))).status == 201
    names = {entry["name"] for entry in ask("GET", "/fs/lib/neo/", headers=JSON).json["files"]}
    assert names == {"__init__.py", "a.mpy"}
    assert "1.2.3" in ask("GET", "/fs/lib/neo/__init__.py").text
    assert ask("DELETE", "/fs/lib/neo/").status == 204
    assert ask("GET", "/fs/lib/neo/", headers=JSON).status == 404


def test_requests_one_behind_the_other(files):
    """A client may send the next request before it has the reply to the last one (pipelining)."""
    auth = f"Authorization: {BASIC['Authorization']}\r\n"
    put = f"PUT /fs/home/p HTTP/1.1\r\nHost: localhost\r\n{auth}Content-Length: 3\r\n\r\nabc"
    get = f"GET /fs/home/p HTTP/1.1\r\nHost: localhost\r\n{auth}\r\n"
    found = files.raw((put + get + get.replace("GET", "DELETE") + get).encode())
    assert statuses(found) == [201, 200, 204, 404]


def test_an_upload_that_nobody_may_make_is_answered(files):
    """The reply comes although the client is still sending."""
    with pytest.raises((ConnectionError, http.client.HTTPException, AssertionError)):
        answer = files.ask("PUT", "/fs/home/x", b"x" * 3_000_000, auth=False)
        assert answer.status != 401
    assert files.get("/fs/home/x").status == 404
