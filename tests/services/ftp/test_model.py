"""ftpd against a model: after any commands in any order, the files are those in a dict."""

import ftplib
import io
import posixpath

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from services.ftp.talk import client, get, put

TOP = "/home/model"
NAMES = st.sampled_from(["a", "b", "d", "ü ö", "d/a", "d/b", "d/../a", "./b", "x" * 60])
DATA = st.binary(max_size=9000)
NOISE = st.one_of(
    st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"").replace(b"\r", b"")),
    st.sampled_from(
        [b"RNTO a", b"REST -1", b"PORT 1,2,3,4,5,6", b"EPRT |3|x|y|", b"MLSD none", b"RMD ..", b"\xff\xf4ABOR"]
    ),
)


def machine(board):
    """The state machine for a board."""

    class Files(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.ftp = client(board)
            if TOP[1:].partition("/")[2] in self.ftp.nlst("/home"):
                self.clear()
            self.ftp.mkd(TOP)
            self.ftp.cwd(TOP)
            self.files = {}
            self.directories = {""}

        def clear(self):
            for path in (TOP + "/d", TOP):
                try:
                    for name, entry in list(self.ftp.mlsd(path)):
                        if entry["type"] == "file":
                            self.ftp.delete(f"{path}/{name}")
                    self.ftp.rmd(path)
                except ftplib.error_perm:
                    pass

        def teardown(self):
            self.clear()
            self.ftp.quit()

        def place(self, name):
            """The key of a name, and whether a file can be there."""
            path = posixpath.normpath(name)
            through = "d" in self.directories or not name.startswith("d/")  # `d/..` needs no d: names are only texts
            good = posixpath.dirname(path) in self.directories and path not in self.directories
            return path, good and (through or "/" not in path)

        def expect(self, good, function, *args, **options):
            if good:
                return function(*args, **options)
            with pytest.raises((ftplib.error_perm, ftplib.error_temp)):
                function(*args, **options)

        @rule(name=NAMES, data=DATA)
        def store(self, name, data):
            path, good = self.place(name)
            self.expect(good, put, self.ftp, name, data)
            if good:
                self.files[path] = data

        @rule(name=NAMES, data=DATA)
        def append(self, name, data):
            path, good = self.place(name)
            self.expect(good, put, self.ftp, name, data, command="APPE")
            if good:
                self.files[path] = self.files.get(path, b"") + data

        @rule(name=NAMES, data=DATA, part=st.floats(0, 1.2))
        def resume(self, name, data, part):
            path, good = self.place(name)
            rest = int(len(self.files.get(path, b"")) * part)
            good = good and rest <= len(self.files.get(path, b""))
            self.expect(good, put, self.ftp, name, data, rest=rest)
            if good:
                self.files[path] = self.files.get(path, b"")[:rest] + data

        @rule(name=NAMES)
        def retrieve(self, name):
            path, _ = self.place(name)
            data = self.expect(path in self.files, get, self.ftp, name)
            assert data is None or data == self.files[path]

        @rule(name=NAMES)
        def delete(self, name):
            path, _ = self.place(name)
            self.expect(path in self.files, self.ftp.delete, name)
            self.files.pop(path, None)

        @rule(old=NAMES, new=NAMES)
        def rename(self, old, new):
            source, _ = self.place(old)
            target, good = self.place(new)
            if source in self.directories:
                return
            self.expect(good and source in self.files, self.ftp.rename, old, new)
            if good and source in self.files:
                self.files[target] = self.files.pop(source)

        @rule()
        def make(self):
            self.expect("d" not in self.directories and "d" not in self.files, self.ftp.mkd, "d")
            if "d" not in self.files:
                self.directories.add("d")

        @rule()
        def remove(self):
            good = "d" in self.directories and not [path for path in self.files if path.startswith("d/")]
            self.expect(good, self.ftp.rmd, "d")
            if good:
                self.directories.remove("d")

        @rule(data=DATA, name=NAMES)
        def break_off(self, data, name):
            """An upload whose size was announced, and that ends before."""
            _, good = self.place(name)
            if not good:
                return
            self.ftp.voidcmd("TYPE I")
            self.ftp.sendcmd(f"ALLO {len(data) + 1}")
            with pytest.raises(ftplib.error_temp, match="426"):
                self.ftp.storbinary(f"STOR {name}", io.BytesIO(data))

        @rule(line=NOISE)
        def say_nonsense(self, line):
            self.ftp.sock.sendall(line + b"\r\nNOOP\r\n")
            while not (reply := self.ftp.getline()).startswith("200 OK"):
                assert reply[:1] in " 2345", reply

        @precondition(lambda self: len(self.files) < 3)
        @rule()
        def come_again(self):
            self.ftp.quit()
            self.ftp = client(board)
            self.ftp.cwd(TOP)

        @invariant()
        def lists_are_right(self):
            found = {}
            for directory in self.directories:
                for name, entry in self.ftp.mlsd(directory or "."):
                    if entry["type"] == "file":
                        found[posixpath.join(directory, name)] = int(entry["size"])
            assert found == {path: len(data) for path, data in self.files.items()}

    return Files


@pytest.mark.slow
def test_files_are_what_a_model_says(open_ftpd):
    run_state_machine_as_test(
        machine(open_ftpd),
        settings=settings(max_examples=25, stateful_step_count=30, suppress_health_check=list(HealthCheck)),
    )
    assert "Error:" not in open_ftpd.run("dmesg")[0]
