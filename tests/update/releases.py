"""Trees, releases and a board for the tests of updates and for tools/prove-updates."""

import argparse
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from harness import PATIENCE, STOCK_HEAP
from littlefs_check import Image

from release import keys
from release import make as make_release
from simulator import flash, standalone

ROOT = Path(__file__).resolve().parent.parent.parent
SIM = [sys.executable, "-I", "-S", str(ROOT / "tools" / "sim"), "--board", "sim", "--heap", STOCK_HEAP]
OLD, NEW = "0.9.1", "0.9.2"
POWER_CUT = 99
SYSTEM = ("/bin/", "/lib/", "/www/", "/rescue.py")
COPY = "/lib/spare.z"  # of the files that a board boots with: another one in each release


class Releases:
    """Two releases that differ in every way that files can differ, and their signing key."""

    kind = "source"

    def __init__(self, directory):
        self.directory = Path(directory)
        self.key = self.directory / "key"
        key = keys.generate()
        keys.save(key, self.key)
        self.public = keys.public_line(key)
        self.old = self.tree(OLD)
        self.new = self.tree(NEW)
        self.change(self.new)
        self.make(self.old, "old")
        self.make(self.new, "new")

    def tree(self, version, name=None):
        """A copy of this repository's tree that says it is version."""
        top = self.directory / (name or "tree-" + version)
        shutil.rmtree(top, ignore_errors=True)  # of the first try of the same test
        for part in flash.PARTS:
            if (ROOT / part).is_dir():
                shutil.copytree(ROOT / part, top / part, ignore=shutil.ignore_patterns("__pycache__"))
        for file in flash.FILES:
            shutil.copy(ROOT / file, top / file)
        (top / "etc" / "release.pub").write_text(self.public + "\n")
        path = top / "lib" / "base" / "__init__.py"
        lines = path.read_text().splitlines(keepends=True)
        lines = ['VERSION = "%s"\n' % version if line.startswith("VERSION = ") else line for line in lines]
        path.write_text("".join(lines))
        return top

    def make(self, tree, name, **more):
        """The release of a tree in a directory of that name; returns the directory."""
        parser = argparse.ArgumentParser()
        make_release.arguments(parser, "release")
        target = self.directory / name
        words = [str(target), "--tree", str(tree), "--key", str(self.key), "--kind", self.kind]
        for option, value in more.items():
            words += ["--" + option, value]
        make_release.run(parser.parse_args(words), Silent())
        return target

    def sums(self, tree, paths):
        """What `sha256sum` prints on a board with this tree; None for a file that is not there."""
        found = {}
        for path in paths:
            file = Path(standalone.path(tree, path[1:]))
            found[path] = hashlib.sha256(file.read_bytes()).hexdigest() if file.exists() else None
        return found

    @staticmethod
    def change(tree):
        """Make it another release: files that change, come and go, in all the places that are treated differently."""
        for name in ("bin/ls.py", "boot.py", "main.py", "recovery.py", "etc/motd", "lib/kernel/start.py"):
            with open(tree / name, "a") as file:
                file.write("# another\n")
        (tree / "lib" / "fresh").mkdir()
        (tree / "lib" / "fresh" / "one.py").write_text("ONE = 1\n" * 700)
        (tree / "bin" / "yes.py").unlink()


class Silent:
    """An Output that nobody reads."""

    def say(self, text=""):
        """Nothing."""

    remark = warn = result = say


# The files that differ between the two.
PATHS = (
    "/bin/ls.py",
    "/boot.py",
    "/main.py",
    "/recovery.py",
    "/etc/motd",
    "/lib/kernel/start.py",
    "/lib/base/__init__.py",
    "/lib/fresh/one.py",
    "/bin/yes.py",
)


class Board:
    """A simulated board with a flash of its own."""

    def __init__(self, image, mount=None, chip="", others=()):
        self.image = Path(image)
        self.mount = mount
        self.chip = chip  # the name of its board
        self.others = dict(others)  # {path: sha256} of files that no update changes
        self.area = Path(f"{image}.rom")  # for a ROMFS image, where the board has it

    def run(self, script, *words, timeout=PATIENCE):
        """Boot, run a script, power off; returns the CompletedProcess."""
        command = [*SIM, "--flash", str(self.image), "--stack", "rp2", *words]
        if self.mount:
            command += ["--mount", "%s:/mnt/release" % self.mount]
        if self.chip and "--board" not in words:
            command += ["--board", self.chip]
        return subprocess.run([*command, "-c", script], capture_output=True, text=True, timeout=timeout)

    def restart(self):
        """Boot once: an update is put in place, and if it changes boot.py, the board restarts itself."""
        run = self.run(":")
        assert run.returncode == 0, run.stderr

    def files(self, paths=PATHS):
        """Boot, and give what is in these files as {path: sha256 or None}; AssertionError without a prompt."""
        look = "sha256sum %s 2> /dev/null; echo prompt" % " ".join(paths)
        run = self.run(look)
        if (
            run.returncode == 0 and not run.stdout
        ):  # an update has been put in place, and the board has restarted itself
            run = self.run(look)
        assert run.stdout.endswith("prompt\n") and "Rescue: " not in run.stdout, "no prompt: " + run.stdout + run.stderr
        found = dict.fromkeys(paths)
        for line in run.stdout.splitlines()[:-1]:
            digest, _, path = line.partition("  ")
            if path in found:
                found[path] = digest
        self.check(paths)
        return found

    def check(self, paths=PATHS):
        """AssertionError if the file system, or a file that is not among these paths, is damaged."""
        image = Image(self.image)
        assert not image.problems, image.problems
        damaged = [path for path, digest in self.others.items() if image.files.get(path, digest) != digest]
        assert not [path for path in damaged if path not in paths], damaged

    def copy(self, image):
        """Another board in the same state."""
        shutil.copyfile(self.image, image)
        for kind in ("image", *flash.BESIDE):
            source, target = Path(f"{self.image}.{kind}"), Path(f"{image}.{kind}")
            if source.exists():
                shutil.copyfile(source, target)
            elif target.exists():
                target.unlink()
        return Board(image, self.mount, self.chip, self.others)


def fresh(image, tree, mount=None, kind="source", chip=""):
    """A board with a tree on its flash, as delivered."""
    words = ["--fresh", "--no-boot", "--flash", str(image), "--tree", str(tree), "--image", kind]
    subprocess.run([*SIM, *words], check=True, capture_output=True)
    files = Image(image).files
    others = {path: digest for path, digest in files.items() if path not in (*PATHS, COPY) and path.startswith(SYSTEM)}
    return Board(image, mount, chip, others)
