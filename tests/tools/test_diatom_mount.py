"""tools/diatom mount: editors, git and rsync on a board's files, and the state after the board vanishes."""

import errno
import filecmp
import ftplib
import io
import mmap
import os
import shutil
import subprocess
import time

import pytest
from harness import PATIENCE, wait_until


class Mount:
    """A mounted board."""

    def __init__(self, board, tmp_path):
        self.board = board
        self.address = board.serve()
        self.path = tmp_path / "mount"
        self.path.mkdir()
        self.state = tmp_path / "state"
        self.home = self.path / "home"
        self.env = {"XDG_STATE_HOME": str(self.state)}

    def begin(self, *words):
        result = self.board("mount", self.path, *words, address=self.address, env=self.env)
        assert result.status == 0, result.stderr
        return self

    def end(self):
        return subprocess.run(["fusermount", "-u", self.path], capture_output=True, text=True)

    def on_board(self, path):
        """A file's bytes on the board."""
        data = io.BytesIO()
        with ftplib.FTP(
            timeout=PATIENCE
        ) as ftp:  # in this process: one that is started closes files, and so sends them
            ftp.connect("127.0.0.1", self.board.offset + 21)
            ftp.login("root", "geheim")
            ftp.retrbinary("RETR " + path, data.write)
        return data.getvalue().decode()

    def log(self):
        return (self.state / "diatom" / "mount.log").read_text()


@pytest.fixture
def mount(remote, require, tmp_path):
    """Callable: a Mount of a new board."""
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        pytest.skip("there is no /dev/fuse here, or this user may not open it")
    require("fusermount")
    mounts = []

    def mount(*words, **options):
        mounts.append(Mount(remote(**options), tmp_path))
        return mounts[-1].begin(*words)

    yield mount
    for one in mounts:
        if os.path.ismount(one.path):
            subprocess.run(["fusermount", "-u", "-z", one.path])


def shell(command, **options):
    return subprocess.run(["bash", "-ec", command], capture_output=True, text=True, timeout=PATIENCE, **options)


def test_sizes_and_times(mount):
    board = mount()
    begun = time.time()
    data = os.urandom(700_000)
    (board.home / "big").write_bytes(data)
    assert (board.home / "big").read_bytes() == data
    assert (board.home / "big").stat().st_size == 700_000
    assert abs((board.home / "big").stat().st_mtime - begun) < 60
    entry = board.board.json("ls", "/home", address=board.address)["/home"][0]
    assert (entry["name"], entry["size"]) == ("big", 700_000)
    assert entry["modified"] == pytest.approx(begun, abs=60)
    assert "etc" in os.listdir(board.path) and (board.path / "etc").is_dir()
    space = os.statvfs(board.path)
    assert space.f_frsize * space.f_blocks == 6 * 1024 * 1024
    board.end()
    board.begin()
    with open(board.home / "big", "rb") as file:
        file.seek(300_000)
        assert file.read(5) == data[300_000:300_005]
        file.seek(-5, os.SEEK_END)
        assert file.read() == data[-5:]
        file.seek(0)
        assert file.read() == data


def test_what_one_does_with_files(mount):
    board = mount()
    file = board.home / "notes"
    file.write_text("one\n")
    with open(file, "a") as f:
        f.write("two\n")
    assert file.read_text() == board.on_board("/home/notes") == "one\ntwo\n"
    os.truncate(file, 3)
    assert board.on_board("/home/notes") == "one"
    with open(file, "r+") as f:
        f.seek(1)
        f.write("N")
    assert board.on_board("/home/notes") == "oNe"
    (board.home / "other").write_text("other")
    (board.home / "other").rename(file)
    assert board.on_board("/home/notes") == "other"
    assert os.listdir(board.home) == ["notes"]
    (board.home / "empty").touch()
    assert board.on_board("/home/empty") == "" and (board.home / "empty").stat().st_size == 0
    os.utime(file, (1_000_000_000, 1_000_000_000))
    assert file.stat().st_mtime == 1_000_000_000
    with open(file, "w") as f:  # as cp -p and rsync do: the time by the open file
        f.write("again")
        f.flush()
        os.ftruncate(f.fileno(), 3)
        os.utime(f.fileno(), (1_000_000_001, 1_000_000_001))
    assert file.stat().st_mtime == 1_000_000_001 and board.on_board("/home/notes") == "aga"
    with pytest.raises(FileNotFoundError):
        (board.home / "nix").read_text()
    with pytest.raises(PermissionError):
        (board.home / "link").symlink_to("notes")


def test_directories(mount):
    board = mount()
    top = board.home / "a"
    (top / "b").mkdir(parents=True)
    (top / "b" / "ünï").write_text("x")
    with pytest.raises(OSError) as e:
        top.rmdir()
    assert e.value.errno == errno.ENOTEMPTY
    with pytest.raises(FileExistsError):
        top.mkdir()
    top.rename(board.home / "c")
    assert os.listdir(board.home) == ["c"]
    assert (board.home / "c" / "b" / "ünï").read_text() == "x"
    with open(board.home / "c" / "new", "w") as file:  # it is not on the board yet
        assert sorted(os.listdir(board.home / "c")) == ["b", "new"]
        file.write("y")
    assert shell("cp -r c d; diff -r c d; rm -r c", cwd=board.home).stderr == ""
    assert os.listdir(board.home) == ["d"]


def test_a_file_that_is_open_may_be_removed(mount):
    board = mount()
    with open(board.home / "f", "w+") as file:
        file.write("x")
        file.flush()
        (board.home / "f").unlink()
        assert os.listdir(board.home) == []
        file.seek(0)
        assert file.read() == "x"
        file.write("y")
    assert os.listdir(board.home) == []
    assert board.board("cat", "/home/f", address=board.address).status == 1


def test_the_board_has_the_old_file_or_the_new_one(mount):
    board = mount()
    (board.home / "f").write_text("old")
    with open(board.home / "f", "w") as file:
        file.write("new" * 1000)
        file.flush()
        assert board.on_board("/home/f") == "old"
        os.fsync(file.fileno())
        assert board.on_board("/home/f") == "new" * 1000
        file.write("!")
    assert board.on_board("/home/f") == "new" * 1000 + "!"


def test_the_life_of_the_cache(mount):
    board = mount("--cache", "1")
    file = board.home / "f"
    file.write_text("one")
    assert file.read_text() == "one" and "g" not in os.listdir(board.home)
    board.board.shell("echo longer > /home/f; echo > /home/g")
    begun = time.monotonic()
    wait_until(lambda: "g" in os.listdir(board.home))
    assert time.monotonic() - begun < 1.5
    assert file.stat().st_size == 7
    assert file.read_text() == "longer\n"


def test_vim_saves(mount, require):
    vim = [require("vim"), "-u", "NONE", "-es", "-N"]
    board = mount()
    (board.home / "main.py").write_text("print('old')\n")
    for copy in ("no", "yes", "auto"):
        words = ["+set backup backupskip= swapfile backupcopy=" + copy, f"+s/'.*'/'{copy}'/", "+wq", "main.py"]
        assert subprocess.run([*vim, *words], cwd=board.home, timeout=PATIENCE).returncode == 0
        assert board.on_board("/home/main.py") == f"print('{copy}')\n"
        assert sorted(os.listdir(board.home)) == ["main.py", "main.py~"]


def test_a_graphical_editor(mount):
    """As VS Code does: stat twice before saving, save in place, search by mmap, the explorer's operations."""
    board = mount()
    source = board.home / "project" / "src"
    source.mkdir(parents=True)
    for number in range(12):
        (source / f"part{number}.py").write_text(f"# part {number}\n" * 500)
    file = source / "part3.py"
    for text in ("# saved\n" * 900, "# shorter\n"):
        known = file.stat()
        assert (known.st_size, known.st_mtime) == (file.stat().st_size, file.stat().st_mtime)
        handle = os.open(file, os.O_RDWR)  # it exists and may be written: then it is truncated and written
        os.ftruncate(handle, 0)
        os.write(handle, text.encode())
        os.fsync(handle)
        os.close(handle)
        os.chmod(file, 0o644)
        assert board.on_board("/home/project/src/part3.py") == text == file.read_text()
    found = []
    for path, _, names in os.walk(board.home):
        for name in names:
            with open(os.path.join(path, name), "rb") as f, mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                found += [name] * (mapped.find(b"shorter") >= 0)
    assert found == ["part3.py"]
    (source / "part4.py").rename(source.parent / "moved.py")
    shutil.copy2(source / "part5.py", source / "part5 copy.py")
    handles = [open(source / f"part{number}.py", "rb") for number in (6, 7, 8, 9)]  # tabs
    assert all(handle.read().startswith(b"# part") for handle in handles)
    for handle in handles:
        handle.close()
    shutil.rmtree(source)
    assert os.listdir(source.parent) == ["moved.py"]
    assert board.on_board("/home/project/moved.py").startswith("# part 4")


def test_git(mount, require):
    require("git")
    board = mount()
    script = """
    git init -q project; cd project
    git config user.name x; git config user.email x@y
    for i in 1 2 3; do echo $i > f$i; done
    git add .; git commit -qm one
    echo changed > f2; git mv f3 g3; git commit -qam two
    git fsck --strict; git gc -q; git status --short; git log --format=%s
    git clone -q . ../again; cd ../again; git status --short; cat f2 g3
    """
    result = shell(script, cwd=board.home, env={**os.environ, "HOME": str(board.state), "GIT_CONFIG_NOSYSTEM": "1"})
    assert (result.stdout, result.returncode) == ("two\none\nchanged\n3\n", 0), result.stderr


@pytest.fixture
def hundred(tmp_path):
    """A directory with a hundred files."""
    top = tmp_path / "hundred"
    for i in range(100):
        path = top / f"part{i % 7}" / f"file{i}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(i * 97))
    return top


def test_rsync_of_a_hundred_files(mount, require, hundred, tmp_path):
    require("rsync")
    board = mount()
    assert shell(f"rsync -a {hundred}/ r/", cwd=board.home).stderr == ""
    assert shell(f"rsync -ani {hundred}/ r/; rsync -anic {hundred}/ r/", cwd=board.home).stdout == ""
    assert shell(f"rsync -r r/ {tmp_path}/back", cwd=board.home).stderr == ""
    names = [str(path.relative_to(hundred)) for path in hundred.rglob("*") if path.is_file()]
    assert filecmp.cmpfiles(hundred, tmp_path / "back", names, shallow=False) == (names, [], [])


def test_a_full_flash(mount):
    board = mount()
    (board.home / "f").write_text("old")
    with pytest.raises(OSError) as e:
        (board.home / "f").write_bytes(b"x" * 7_000_000)
    assert e.value.errno == errno.ENOSPC
    assert board.on_board("/home/f") == "old"
    assert "No space left" in board.log() and (board.home / "f").read_text() == "old"


def test_the_board_vanishes_while_a_file_is_open(mount, remote):
    board = mount()
    (board.home / "f").write_text("old")
    file = open(board.home / "f", "w")
    file.write("precious")
    file.flush()
    board.board.power_off()
    with pytest.raises(OSError) as e:
        file.close()
    assert e.value.errno == errno.EHOSTDOWN
    kept = board.board("mount", "--kept", env=board.env).stdout.split()
    assert len(kept) == 1 and kept[0] in board.log()
    with open(kept[0]) as copy:
        assert copy.read() == "precious"
    begun = time.monotonic()
    with pytest.raises(OSError):
        os.listdir(board.path / "etc")
    assert time.monotonic() - begun < 5
    board.board = remote(flash_of=board.board)
    board.board.serve()
    wait_until(lambda: "f" in attempt(os.listdir, board.home))
    assert (board.home / "f").read_text() == "old"
    (board.home / "f").write_text("saved again")
    assert board.on_board("/home/f") == "saved again"
    assert "answers again" in board.log()


def attempt(action, *words):
    try:
        return action(*words)
    except OSError:
        return ()


def test_the_board_vanishes_during_rsync(mount, remote, require, hundred):
    require("rsync")
    board = mount()
    rsync = subprocess.Popen(["rsync", "-a", f"{hundred}/", f"{board.home}/r/"], stderr=subprocess.PIPE)
    wait_until(lambda: len(list((board.home / "r").rglob("file*"))) > 10)
    board.board.power_off()
    assert rsync.wait(60) != 0
    assert b"Host is down" in rsync.stderr.read()
    rsync.stderr.close()
    board.board = remote(flash_of=board.board)
    board.board.serve()
    wait_until(lambda: attempt(os.listdir, board.home))
    assert shell(f"rsync -a {hundred}/ r/; rsync -anic {hundred}/ r/", cwd=board.home).stdout == ""
    found = [path.name for path in (board.home / "r").rglob("*") if path.is_file()]
    assert (
        len([name for name in found if name[0] != "."]) == 100
    )  # what begins with a dot was rsync's own, for its last file


def test_the_service_restarts(mount):
    board = mount()
    (board.home / "f").write_text("x")
    board.board.shell("uftpd restart")
    assert (board.home / "f").read_text() == "x"


def test_nothing_is_left(mount):
    board = mount()
    (board.home / "f").write_text("x")
    with open(board.home / "f"):
        assert "busy" in board.end().stderr
    assert board.end().stderr == ""
    assert os.listdir(board.path) == []
    wait_until(lambda: os.listdir(board.state / "diatom") == ["mount.log"])
    assert board.log() == ""
    processes = subprocess.run(["ps", "-e", "-o", "args"], capture_output=True, text=True).stdout
    assert str(board.path) not in processes


def test_where_it_cannot_be(remote, tmp_path):
    board = remote()
    (tmp_path / "full" / "x").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    for words, message in (
        ((tmp_path / "full",), "full: not empty"),
        ((tmp_path / "nix",), "nix: Not a directory"),
        ((), "which directory?"),
        ((tmp_path / "empty",), "a mount goes over the network"),
    ):
        result = board("mount", *words)
        assert result.status and result.stderr.count("\n") == 1 and message in result.stderr, result.stderr
    result = board("mount", tmp_path / "empty", address=f"ftp://root:x@127.0.0.1:{board.offset + 21}")
    assert "Connection refused" in result.stderr and not os.path.ismount(tmp_path / "empty")
