"""Moving over from upyOS: files in its etc/upgrade.inf that this system lacks are copied."""

import hashlib

import pytest

from update.conftest import Server
from update.releases import OLD, PATHS

NAME = "etc/upgrade.inf"
FILES = {
    "boot.py": b"while True: pass\n",
    "main.py": b"while True: pass\n",
    "lib/kernel.py": b"oops\n",
    "etc/init.sh": b"oops\n",
    "bin/ls.py": b"oops\n",
    "bin/mine.py": b"def __main__(args):\n    print('mine', *args)\n",
    "opt/game/deep.py": b"GAME = 1\n" * 900,
    "libx/driver.py": b"DRIVER = 1\n",
    "www/index.html": b"<p>\n",
}


def listed(files, end=True):
    lines = ["#upyOS,0.9.4,2025-01-01"]
    for path, data in files.items():
        lines.append(f"/{path},{len(data)},{hashlib.sha1(data).hexdigest()},")
    return ("\n".join(lines) + (f"\n#files,{len(files)}\n" if end else "\n")).encode()


@pytest.fixture
def other(tmp_path):
    """A Server with a system for upyOS."""
    top = tmp_path / "upyos"
    for path, data in {**FILES, NAME: listed(FILES)}.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(data)
    server = Server(top)
    yield server
    server.close()


def test_programs_of_upyos_come_along_and_can_be_taken_back(board, releases, other):
    run = board.run(f"upgrade -fv --unsigned {other.url}{NAME}")
    assert "upyOS 0.9.4: 3 new programs and libraries" in run.stdout, run.stdout + run.stderr
    board.restart()
    run = board.run("mine 1 2; wc -c < /opt/game/deep.py; upgrade --confirm; upgrade --status")
    assert run.stdout.startswith(f"mine 1 2\n8100\ninstalled: {OLD}\n"), run.stdout + run.stderr
    assert board.files() == releases.sums(releases.old, PATHS)
    run = board.run(f"upgrade -f --unsigned {other.url}{NAME}")
    assert "no new programs" in run.stdout, run.stderr
    assert "everything is up to date" in board.run("upgrade -f /mnt/release/old").stdout
    board.run("upgrade --rollback -f")
    assert "was rolled back on request" in board.run("ls /bin/mine.py /opt/game").stdout
    assert board.run("ls /bin/mine.py /opt/game; ls /libx").stdout.strip() == ""
    assert board.files() == releases.sums(releases.old, PATHS)


def test_a_directory_will_do(board, other, releases):
    board.mount = other.directory
    run = board.run(f"upgrade -f --unsigned /mnt/release/{NAME}; upgrade --status")
    assert f"{OLD} with programs of upyOS 0.9.4 is ready" in run.stdout, run.stdout + run.stderr


def test_what_nobody_signs_needs_the_owners_word(board, other):
    run = board.run(f"upgrade -f {other.url}{NAME}")
    assert run.returncode == 1 and "upgrade.inf is never signed" in run.stderr
    assert not other.requests


LISTS = {
    "cut short": (listed(FILES, end=False), "truncated"),
    "another count": (listed(FILES).replace(b"#files,9", b"#files,8"), "truncated"),
    "a page": (b"<html>404</html>\n", "not a list of files"),
    "bytes": (bytes(range(256)), "not a list of files"),
    "no hash": (listed(FILES).replace(hashlib.sha1(FILES["libx/driver.py"]).hexdigest().encode(), b"x"), "no size and"),
    "long": (b"#upyOS,1,2\n" + b"/bin/a,1,2,\n" * 10_000, "longer than"),
    "many": (b"#upyOS,1,2\n" + b"/bin/a,1,2,\n" * 600, "more than 512"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_is_none(board, other, name):
    other.files[NAME], reason = LISTS[name]
    run = board.run(f"upgrade -f --unsigned {other.url}{NAME}; echo $?; upgrade --status")
    assert reason in run.stderr and "Traceback" not in run.stderr
    assert run.stdout.startswith("1\n") and "is ready" not in run.stdout


def test_paths_that_lead_out_are_not_taken(board, other):
    data = FILES["bin/mine.py"]
    files = {"bin/../boot.py": data, "bin/a b.py": data, "/etc/shadow": data, "opt/../../x": data}
    other.files[NAME] = listed(files)
    run = board.run(f"upgrade -f --unsigned {other.url}{NAME}")
    assert "no new programs" in run.stdout, run.stderr


def test_a_file_with_other_bytes_is_refused(board, other):
    other.files["bin/mine.py"] = bytes(len(FILES["bin/mine.py"]))
    run = board.run(f"upgrade -f --unsigned {other.url}{NAME}; upgrade --status")
    assert "checksum mismatch" in run.stderr and "is ready" not in run.stdout
