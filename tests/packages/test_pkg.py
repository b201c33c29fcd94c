"""pkg installs what the index lists, touches nothing else, and recovers from a power cut."""

import functools
import http.server
import json
import threading

import pytest

from packages.conftest import GREET
from release import keys


def test_install_use_and_remove(pkg):
    assert pkg("pkg search").stdout == "greeting 1.0.0  Words to say\ngreet 1.0.0  A test\n"
    assert pkg("pkg search WORDS").stdout == "greeting 1.0.0  Words to say\n"
    result = pkg("pkg install greet && pkg list && greet")
    assert (result.stdout, result.stderr) == ("greeting 1.0.0\ngreet 1.0.0\ngreet 1.0.0 \ngreeting 1.0.0 \nhello\n", "")
    assert pkg("pkg install greet").stdout == ""
    result = pkg("pkg remove greeting")
    assert (result.status, result.stderr) == (1, "pkg: greeting: required by greet\n")
    result = pkg(
        "pkg remove greet greeting && pkg list; ls /bin/greet.py /libx/greeting.py /opt/greet 2>/dev/null; ls /tmp"
    )
    assert result.stdout == ""


def test_update(pkg, shelf):
    pkg("pkg install greet")
    shelf.add("greeting", "1.1.0", {"libx/greeting.py": "from words import text\n", "libx/words.py": "text = 'hi'\n"})
    shelf.add("greet", "1.1.0", {"bin/greet.py": GREET}, ["greeting"])
    assert pkg("pkg update").stdout == "greeting 1.1.0\ngreet 1.1.0\n"
    assert pkg("greet; ls /opt/greet 2>&1").stdout == "hi\nls: /opt/greet: No such file or directory\n"
    assert pkg("pkg update; pkg update nix").stderr == "pkg: nix: not installed\n"


def test_what_the_owner_has_changed_stays(pkg, shelf):
    pkg("pkg install greeting; echo text = \\'mine\\' > /libx/greeting.py")
    shelf.add("greeting", "2.0.0", {"libx/greeting.py": "text = 'new'\n"})
    kept = "/libx/greeting.py: modified locally, not replaced\n"
    assert pkg("pkg update").stdout == kept + "greeting 2.0.0\n"
    assert pkg("pkg remove greeting; cat /libx/greeting.py").stdout == kept + "text = 'mine'\n"


@pytest.mark.parametrize("pkg, kind", [("source", "py"), ("mpy", "mpy")], indirect=["pkg"])
def test_nothing_else_is_overwritten(pkg, shelf, kind):
    shelf.add("other", "1.0.0", {"bin/new.py": "", "bin/ls.py": "print('never')\n"})
    shelf.add("second", "1.0.0", {"libx/greeting.py": "text = 'second'\n"})
    result = pkg("pkg install other; pkg list; ls /bin/new.py")
    assert result.stdout == "" and f"pkg: /bin/ls.{kind}: already exists\n" in result.stderr
    result = pkg("pkg install second greeting; cat /libx/greeting.py; pkg list")
    assert "pkg: /libx/greeting.py: belongs to greeting\n" in result.stderr
    assert result.stdout.endswith("text = 'hello'\ngreeting 1.0.0 \n")


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"needs": ["nix"]}, "nix: no such package"),
        ({"needs": ["bad"]}, "bad: circular or too many dependencies"),
        ({"files": [["bin/../etc/shadow", "x", 1, "0" * 64]]}, "packages.json: invalid line"),
        ({"files": [["etc/shadow", "x", 1, "0" * 64]]}, "packages.json: invalid line"),
        ({"files": [["bin/x.py", "../x", 1, "0" * 64]]}, "packages.json: invalid line"),
        ({"version": "new"}, "packages.json: invalid line"),
        ({"files": [["bin/x.py", "bad-1.0.0-bin-x.py", 4, "0" * 64]]}, "size or checksum mismatch"),
        ({"files": [["bin/x.py", "bad-1.0.0-bin-x.py", 3, "0" * 64]]}, "size or checksum mismatch"),
        ({"files": [["bin/x.py", "nix", 3, "0" * 64]]}, "No such file or directory"),
        ({"files": [["bin/x.py", "nix", 1048576, "0" * 64]] * 7}, "No space left on device"),
    ],
)
def test_a_bad_index_changes_nothing(pkg, shelf, changes, message):
    shelf.add("bad", "1.0.0", {"bin/x.py": "text"}, changes=changes)
    result = pkg("pkg install bad; ls /bin/x.py /bin/.x.py.new~ 2>/dev/null; pkg remove bad 2>/dev/null; pkg list")
    assert result.stdout == "" and message in result.stderr, result.stderr


def test_signatures_over_http(sim, shelf, tmp_path):
    shelf.key = keys.generate()
    shelf.write()
    (tmp_path / "release.pub").write_text(keys.public_line(shelf.key) + "\n")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(shelf.place))
    handler.log_message = lambda *_: None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        (tmp_path / "system.conf").write_text(json.dumps({"pkg": {"url": f"http://127.0.0.1:{server.server_port}/"}}))
        mounts = [f"{tmp_path}:/mnt/host"]
        sim("cp /mnt/host/system.conf /mnt/host/release.pub /etc/; mkdir -p /local", mount=mounts)
        assert sim("pkg install greet && greet").stdout.endswith("hello\n")
        signature = (shelf.place / "packages.json.sig").read_bytes()
        (shelf.place / "packages.json").write_text(
            (shelf.place / "packages.json").read_text().replace("Words", "Lies!")
        )
        assert "signature: invalid" in sim("pkg search").stderr
        (shelf.place / "packages.json.sig").write_bytes(signature[:100])
        assert "signature: not a signature" in sim("pkg search").stderr
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_without_settings_packages_come_from_the_release_of_this_version(sim):
    result = sim("python -c 'from packages import index; print(index.default())'")
    assert result.stdout == "https://github.com/diatom-os/diatom/releases/download/v0.1.0/\n"
