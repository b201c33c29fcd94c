"""tools/prove-rescue: after random damage to the flash, the board must reach a prompt or its rescue console."""

import argparse
import collections
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import DEFAULT_SIM
from littlefs_check import BLOCK, Image

KINDS = {"source": ("--board", "sim", "--image", "source"), "packed": ("--board", "pico2-w", "--image", "packed")}
BLOCKS = 4  # for each byte that is damaged, at the least
HANGS_S = 10  # after which somebody presses reset
ENDS_S = 150
# NO_FILES: nothing is left that the firmware could start.
PROMPT, RESCUE, NO_FILES, NEITHER = "prompt", "rescue", "no file system", "neither"


class Boards:
    """A flash image of a kind, and the fate of boards on damaged copies of it."""

    def __init__(self, directory, kind):
        self.directory = Path(directory)
        self.words = KINDS[kind][:2]
        self.image = self.directory / "whole.img"
        command = [*DEFAULT_SIM, *KINDS[kind], "--fresh", "--flash", str(self.image), "-c", "true"]
        subprocess.run(command, check=True, capture_output=True)
        self.whole = Image(self.image)
        self.used = sorted(self.whole.used)

    def damaged(self, seed):
        """(the data of the image with random bytes in blocks that are in use, {what they belong to: how many})"""
        chance = random.Random(seed)
        data = bytearray(self.whole.data)
        hit = collections.Counter()
        for _ in range(round((len(self.used) / BLOCKS) ** chance.random())):
            block = chance.choice(self.used)
            data[block * BLOCK + chance.randrange(BLOCK)] = chance.randrange(256)
            hit[self.whole.used[block]] += 1
        return data, hit

    def attempt(self, seed):
        """(the result, what the board said, what was hit)"""
        data, hit = self.damaged(seed)
        path = self.directory / f"{os.getpid()}.img"
        path.write_bytes(data)
        shutil.copy(f"{self.image}.image", f"{path}.image")
        words = ["--flash", str(path), "--reset-dead", str(HANGS_S), "-c", "echo prompt"]
        try:
            run = subprocess.run([*DEFAULT_SIM, *self.words, *words], capture_output=True, timeout=ENDS_S)
            said = (run.stdout + run.stderr).decode(errors="replace")
        except subprocess.TimeoutExpired as e:
            said = ((e.stdout or b"") + (e.stderr or b"")).decode(errors="replace") + "\nno end"
        lines = said.splitlines()
        if "prompt" in lines:
            return PROMPT, said, hit
        if any(line.startswith("Rescue: ") for line in lines):
            return RESCUE, said, hit
        if "the flash holds no file system" in said or not self.bootable(data):
            return NO_FILES, said, hit
        return NEITHER, said, hit

    def bootable(self, data):
        """Whether the file system still lists a file that firmware starts: the root directory may be what was hit."""
        path = self.directory / f"{os.getpid()}.check"
        path.write_bytes(data)
        return bool({"/boot.py", "/main.py"} & Image(path).files.keys())


_boards = None  # in the processes that try the images


def main(argv):
    """Try the images and print the results; the status is 1 if one reached neither a prompt nor rescue."""
    global _boards
    parser = argparse.ArgumentParser(
        prog="prove-rescue",
        description="Damage random bytes of the flash, and see that the board comes to a prompt or to its rescue console.",
    )
    parser.add_argument("--images", type=int, default=120, metavar="N", help="how many (default: 120)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", choices=KINDS, default="source", help="how the system lies on the flash")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="boards at a time (default: all cores)")
    options = parser.parse_args(argv)
    results = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="rescue-") as directory:
        _boards = Boards(directory, options.kind)
        seeds = ["%d-%d" % (options.seed, i) for i in range(options.images)]
        with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
            for seed, (result, said, hit) in zip(seeds, pool.imap(attempt, seeds), strict=True):
                results[result] += 1
                if result == NEITHER:
                    print("%s: neither, with %s\n%s" % (seed, dict(hit), said[-1500:]), flush=True)
    for result in (PROMPT, RESCUE, NO_FILES, NEITHER):
        print("%6d %s" % (results[result], result))
    return 1 if results[NEITHER] else 0


def attempt(seed):
    """One image, in a process of the pool."""
    return _boards.attempt(seed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
