"""Servers that fail, lie or attack: the board gives the reason and is unchanged, or it resumes and finishes."""

import threading

import pytest

from update.releases import NEW, OLD, PATHS
from update.served import BUNDLE, MANIFEST, forged, refused, sign


def test_a_connection_that_is_cut_every_4_kb(board, releases, server):
    server.limit = 4096
    run = board.run(f"upgrade -f {server.url}")
    assert run.returncode == 0, run.stderr
    assert len(server.requests) > 8
    assert board.files() == releases.sums(releases.new, PATHS)


def test_a_download_goes_on_after_a_reset(board, releases, server):
    part = server.directory / BUNDLE
    half = part.read_bytes()[: part.stat().st_size // 2]
    server.files[BUNDLE] = half
    refused(board, releases, server, "cannot be downloaded")
    server.files.clear()
    server.requests.clear()
    assert board.run(f"upgrade -f {server.url}").returncode == 0
    assert board.files() == releases.sums(releases.new, PATHS)


@pytest.mark.parametrize("name", [MANIFEST, MANIFEST + ".sig", BUNDLE])
def test_a_file_that_is_not_there(board, releases, server, name):
    server.files[name] = lambda handler: handler.send_error(404)
    refused(board, releases, server, "server returned 404")


@pytest.mark.parametrize("name", [MANIFEST, BUNDLE])
@pytest.mark.parametrize("more", [-7, 70_000_000])
def test_a_length_that_is_a_lie(board, releases, server, name, more):
    data = (server.directory / name).read_bytes()

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data) + more if name == BUNDLE or more < 0 else more))
        handler.end_headers()
        handler.wfile.write(data)

    server.files[name] = answer
    if name == BUNDLE and more > 0:  # all that is wanted is there
        assert board.run(f"upgrade -f {server.url}").returncode == 0
        assert board.files() == releases.sums(releases.new, PATHS)
    elif name == BUNDLE:  # only the end of the archive is missing
        assert board.run(f"upgrade -f {server.url}").returncode == 0
    else:
        refused(board, releases, server, "longer than" if more > 0 else "signature")


def test_redirects_are_followed(board, releases, server):
    for name in (MANIFEST, MANIFEST + ".sig", BUNDLE):

        def answer(handler, name=name):
            handler.send_response(302)
            handler.send_header("Location", "/elsewhere/" + name)
            handler.end_headers()

        server.files[name] = answer
        server.files["elsewhere/" + name] = (server.directory / name).read_bytes()
    assert board.run(f"upgrade -f {server.url}").returncode == 0
    assert board.files() == releases.sums(releases.new, PATHS)


def test_redirects_without_an_end(board, releases, server):
    def answer(handler):
        handler.send_response(301)
        handler.send_header("Location", server.url + MANIFEST)
        handler.end_headers()

    server.files[MANIFEST] = answer
    refused(board, releases, server, "too many redirects")


@pytest.mark.parametrize(
    "answer, reason",
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "not an HTTP server"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500, "too many lines"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, "too long"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello", "unsupported transfer encoding"),
        (b"\xff\xfe\xfd\n", "not an HTTP server"),
        (b"", MANIFEST),
    ],
    ids=["ssh", "lines", "line", "coding", "bytes", "nothing"],
)
def test_an_answer_that_is_none(board, releases, server, answer, reason):
    def send(handler):
        handler.wfile.write(answer)
        handler.close_connection = True

    server.files[MANIFEST] = send
    refused(board, releases, server, reason)


def test_nobody_listens(board, releases, server):
    server.close()
    refused(board, releases, server, MANIFEST)


def test_a_server_that_falls_silent(board, releases, server):
    data = (server.directory / MANIFEST).read_bytes()

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[:1000])
        handler.wfile.flush()
        handler.connection.recv(1)  # until the board gives up

    server.files[MANIFEST] = answer
    conf = """echo '{"upgrade": {"timeout": 0.5}}' > /etc/system.conf; """
    refused(board, releases, server, MANIFEST, conf)


def test_a_server_that_sends_a_drop_at_a_time(board, releases, server):
    data = (server.directory / BUNDLE).read_bytes()
    over = threading.Event()

    def answer(handler):
        first = int(handler.headers.get("Range", "bytes=0-")[6:-1])
        handler.send_response(206)
        handler.send_header("Content-Length", str(len(data) - first))
        handler.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
        handler.end_headers()
        for at in range(first, len(data), 8):
            handler.wfile.write(data[at : at + 8])
            if over.wait(0.1):
                return

    server.files[BUNDLE] = answer
    conf = """echo '{"upgrade": {"timeout": 0.5}}' > /etc/system.conf; """
    try:
        refused(board, releases, server, "the server is too slow", conf)
    finally:
        over.set()


def test_a_bundle_that_ends_early(board, releases, server):
    server.files[BUNDLE] = (server.directory / BUNDLE).read_bytes()[:1000]
    refused(board, releases, server, "cannot be downloaded")


def test_a_bundle_with_other_bytes(board, releases, server):
    data = (server.directory / BUNDLE).read_bytes()
    server.files[BUNDLE] = bytes(255 - byte for byte in data)
    refused(board, releases, server, "checksum mismatch")


def test_the_bundle_of_another_release(board, releases, server):
    server.files[BUNDLE] = (releases.directory / "old" / f"diatom-{OLD}-source.tar").read_bytes()
    refused(board, releases, server, "checksum mismatch")


def test_a_manifest_that_somebody_has_changed(board, releases, server):
    server.files[MANIFEST] = (server.directory / MANIFEST).read_bytes().replace(b'"size": 1', b'"size": 2', 1)
    refused(board, releases, server, "not signed with a trusted key")


def test_an_older_release_again(releases, delivered, server, tmp_path):
    """A manifest that was signed once stays signed: its version must not be lower than what is here."""
    board = delivered.copy(tmp_path / "flash.img")
    board.run("upgrade -f /mnt/release/new")
    assert board.files() == releases.sums(releases.new, PATHS)
    board.run("upgrade --confirm")
    run = board.run("upgrade -f /mnt/release/old; echo $?; upgrade -f --downgrade /mnt/release/old")
    assert f"{OLD} is older than {NEW}" in run.stderr
    assert run.stdout.startswith("1\n") and f"{OLD} is ready" in run.stdout
    assert board.files() == releases.sums(releases.old, PATHS)


def test_a_release_that_wants_a_later_one_first(board, releases, tmp_path):
    releases.make(releases.new, "later", minimum="0.9.2")
    run = board.run("upgrade -f /mnt/release/later")
    assert "requires 0.9.2" in run.stderr
    assert board.files() == releases.sums(releases.old, PATHS)


@pytest.mark.parametrize(
    "path",
    [
        "/../boot.py",
        "/lib/../boot.py",
        "/lib/./a.py",
        "/lib//a.py",
        "lib/a.py",
        "boot.py",
        "",
        "/",
        "/etc",
        "/etc/",
        "/etc/shadow",
        "/etc/ssh/host_key",
        "/etc/release.json",
        "/local/init.sh",
        "/home/a",
        "/var/update/state",
        "/tmp/a",
        "/proc/a",
        "/a.py",
        "/lib/a b.py",
        "/lib/a\nb",
        "/lib/" + "a" * 200,
        "/etc/motd.new",
        "/lib/boot.py~",
        7,
        None,
    ],
)
def test_a_path_that_a_release_may_not_have(board, releases, server, path):
    def forge(entries):
        entries[0]["path"] = path
        return sorted(entries, key=lambda entry: str(entry["path"]))

    forged(releases, server, forge)
    refused(board, releases, server, "manifest: ")


@pytest.mark.parametrize(
    "key, value", [("size", -1), ("size", "1"), ("size", 1 << 40), ("at", -1), ("sha256", "0"), ("at", None)]
)
def test_an_entry_that_is_wrong(board, releases, server, key, value):
    def forge(entries):
        entries[3][key] = value

    forged(releases, server, forge)
    refused(board, releases, server, "manifest: not a manifest")


def test_a_path_that_comes_twice(board, releases, server):
    forged(releases, server, lambda entries: [entries[0], *entries])
    refused(board, releases, server, "manifest: not a manifest")


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"", "not a manifest"),
        (b"[]\n", "not a manifest"),
        (b'{"files": [\n]}\n', "not a manifest"),
        (
            b'{"format": 2, "name": "diatom", "version": "9.9.9", "minimum": "0.0.0", "kind": "source", "bundle": "a", "files": [\n]}\n',
            "not for this system",
        ),
        (
            b'{"format": 1, "name": "diatom", "version": "9", "minimum": "0.0.0", "kind": "source", "bundle": "a", "files": [\n]}\n',
            "invalid version",
        ),
        (
            b'{"format": 1, "name": "diatom", "version": "9.9.9", "minimum": "0.0.0", "kind": "source", "bundle": "../a", "files": [\n]}\n',
            "invalid name",
        ),
        (
            b'{"format": 1, "name": "diatom", "version": "9.9.9", "minimum": "0.0.0", "kind": "source", "bundle": "a", "files": [\n',
            "truncated",
        ),
        (
            b'{"format": 1, "name": "diatom", "version": "9.9.9", "minimum": "0.0.0", "kind": "mpy", "bundle": "a", "files": [\n]}\n',
            "this board runs source",
        ),
        (b"\0" * 5000, "not a manifest"),
    ],
)
def test_a_manifest_that_is_none(board, releases, server, data, reason):
    sign(releases, server, data)
    refused(board, releases, server, reason)


@pytest.mark.parametrize("told", [True, False])
def test_a_manifest_of_10_mb(board, releases, server, told):
    line = b'{"path": "/bin/a", "size": 1, "sha256": "' + b"0" * 64 + b'", "mode": "644", "at": 0},\n'

    def answer(handler):
        handler.send_response(200)
        if told:
            handler.send_header("Content-Length", str(10 << 20))
        handler.end_headers()
        for _ in range((10 << 20) // len(line)):
            handler.wfile.write(line)
        handler.close_connection = True

    server.files[MANIFEST] = answer
    refused(board, releases, server, "longer than")


def test_a_flash_that_is_too_full(board, releases, server):
    fill = "head -c 60000 /dev/zero > /home/room; while cat /bin/*.py >> /home/fill; do :; done 2> /dev/null; "
    refused(board, releases, server, "kB needed", fill + "rm /home/room; ")


@pytest.mark.parametrize("left", [0, 4096, 20000, 40000, 65536])
def test_a_flash_that_fills_up(board, releases, server, left):
    """Wherever the space ends, there is one error message and nothing has changed; with space again it resumes."""
    fill = f"while cat /bin/*.py >> /home/fill; do :; done 2> /dev/null; truncate -s -{left} /home/fill; "
    run = board.run(fill + f"upgrade -f {server.url}; upgrade --status")
    assert "is ready" not in run.stdout
    assert "No space left" in run.stderr or "kB needed" in run.stderr, run.stderr
    assert board.files() == releases.sums(releases.old, PATHS)
    assert board.run(f"rm /home/fill; upgrade -f {server.url}").returncode == 0
    assert board.files() == releases.sums(releases.new, PATHS)


PAGE = b"<!doctype html>\n<title>Sorry</title>\n" + b"<p>Nothing here, but with status 200.\n" * 400


@pytest.mark.parametrize(
    "name, reason",
    [(MANIFEST, "not signed with a trusted key"), (MANIFEST + ".sig", "longer than"), (BUNDLE, "cannot be downloaded")],
)
def test_a_page_that_says_not_found_with_status_200(board, releases, server, name, reason):
    server.files[name] = PAGE
    refused(board, releases, server, reason)


def test_a_flash_that_somebody_fills_before_the_restart(board, releases):
    """The switch moves files and needs no space to speak of: the board has the old or the new ones, and says which."""
    run = board.run("upgrade -f /mnt/release/new; while cat /bin/*.py >> /home/fill; do :; done 2> /dev/null")
    assert "is ready" in run.stdout, run.stderr
    files = board.files()
    assert files in (releases.sums(releases.old, PATHS), releases.sums(releases.new, PATHS))
    board.run("rm /home/fill; upgrade --confirm")
    assert board.run("upgrade -f /mnt/release/new").returncode == 0
    assert board.files() == releases.sums(releases.new, PATHS)
