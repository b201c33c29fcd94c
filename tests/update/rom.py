"""Updates of a board that runs from ROMFS: two releases, a board with the older one, and the proof that no cut bricks it."""

import json
import random

from release import bundle
from update.proof import MOUNTED, STATUS, UPGRADE, Proof
from update.releases import NEW, OLD, Releases, fresh

AREA = 1088 << 10  # bytes
ROM_PATHS = ("/boot.py", "/main.py", "/recovery.py", "/etc/motd", "/lib/romfs.mpy", "/lib/spare.z", "/etc/fresh")
BOOTS_MAX = 4  # the image, the files, the trial; and one that says so
LEFT = 225  # kB that are free for the files of the release, and not for its chunks
FILL = f"; free=$(df / | tail -n 1 | awk '{{print $4}}'); head -c $(((free - {LEFT}) * 1024)) /dev/zero > /home/big"
ROLLBACK = "upgrade --rollback -f"


class RomReleases(Releases):
    """Releases whose images differ in a few chunks: the first, the last, which is not whole, and some between them."""

    kind = "romfs"

    @staticmethod
    def change(tree):
        for name in ("boot.py", "main.py", "recovery.py", "lib/romfs.py", "etc/motd"):
            with open(tree / name, "a") as file:
                file.write("FRESH = 0\n" if name.endswith(".py") else "fresh\n")  # a comment would not reach the board
        (tree / "etc" / "fresh").write_text("fresh\n")
        noise = random.Random(0).randbytes(40_000)
        (tree / "lib" / "zones.txt").write_bytes(noise)

    def image(self, version):
        """The ROMFS image of a release."""
        name = "old" if version == OLD else "new"
        return (self.directory / name / bundle.image_names(version, self.kind)[0]).read_bytes()

    def board(self, path, full=False):
        """A board that has run the older release since it was delivered; full: with no space for an image."""
        board = fresh(path, self.old, self.directory, kind="romfs")
        board.area.write_bytes(self.image(OLD) + b"\xff" * (AREA - len(self.image(OLD))))
        run = board.run("upgrade -f /mnt/release/old" + FILL * full)
        assert "everything is up to date" in run.stdout, run.stdout + run.stderr
        return board

    def there(self, board):
        """OLD or NEW: what is in the area; None for anything else."""
        area = board.area.read_bytes()
        for version in (OLD, NEW):
            image = self.image(version)
            if area[: len(image)] == image:
                return version
        return None


def settled(board, script=""):
    """Boot until there is a prompt, as a board does by itself; returns what the script printed there."""
    for _ in range(BOOTS_MAX):
        run = board.run("echo prompt; " + script)
        _, prompt, said = run.stdout.rpartition("prompt\n")
        if prompt:
            return said
        assert "Rescue: " not in run.stdout, run.stdout + run.stderr
    raise AssertionError("no prompt: " + run.stdout + run.stderr)


class RomProof(Proof):
    """The phases of an update with the image staged, and of one with the image fetched by recovery."""

    def __init__(self, releases, directory, url):
        self.directory = directory
        self.releases = releases
        self.phases = []
        self.files = {OLD: self.sums(releases.old), NEW: self.sums(releases.new)}
        self.staged(releases.board(directory / "board.img"))
        self.fetched(releases.board(directory / "full.img", full=True), url)

    def staged(self, board):
        upgrade = UPGRADE % MOUNTED
        both = (OLD, NEW)
        look = self.system
        self.phase("romfs: download", board, upgrade, (OLD,), upgrade, NEW, look)
        self.phase("romfs: write", board, STATUS, (NEW,), STATUS, NEW, look)
        self.phase("romfs: switch", board, STATUS, (NEW,), STATUS, NEW, look)
        settled(board, "upgrade --confirm")
        self.phase("romfs: ask for the old one", board, ROLLBACK, both, ROLLBACK, OLD, look)
        self.phase("romfs: old files", board, STATUS, (OLD,), STATUS, OLD, look)
        self.phase("romfs: old image", board, STATUS, (OLD,), STATUS, OLD, look)
        settled(board)
        assert self.system(board) == OLD

    def fetched(self, board, url):
        upgrade = UPGRADE % url
        look = self.system
        self.phase("romfs: prepare to fetch", board, upgrade, (OLD,), upgrade, NEW, look)
        self.phase("romfs: fetch", board, STATUS, (NEW,), STATUS, NEW, look)
        assert self.system(board) == NEW

    def system(self, board):
        """The version that runs: of the image and of the files; AssertionError for a mixture."""
        said = settled(board, "sha256sum %s 2> /dev/null; uname -a" % " ".join(ROM_PATHS))
        found = dict.fromkeys(ROM_PATHS)
        for line in said.splitlines():
            digest, _, path = line.partition("  ")
            if path in found:
                found[path] = digest
        version = self.releases.there(board)
        assert version, "another image: " + said
        assert f" {version} " in said and found == self.files[version], "a mixture: " + said
        board.check(ROM_PATHS)
        return version

    def sums(self, tree):
        name = "old" if tree == self.releases.old else "new"
        manifest = bundle_entries(self.releases.directory / name / "manifest-romfs.json")
        return {path: manifest.get(path) for path in ROM_PATHS}


def bundle_entries(path):
    """{path: sha256} of a manifest."""
    return {entry["path"]: entry["sha256"] for entry in json.loads(path.read_bytes())["files"]}
