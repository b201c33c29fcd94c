"""tools/prove-updates: all points of the proof, several boards at a time, and the figures."""

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from update.hub import Hub
from update.proof import MOUNTED, Proof
from update.releases import Releases
from update.rom import RomProof, RomReleases

_proof = None  # in the processes that try the points


def main(argv):
    """Try the points and print the figures; the status is 1 if one has failed."""
    parser = argparse.ArgumentParser(
        prog="prove-updates",
        description="Cut the power at every write and erase of an update, whole and torn, and see that the board boots.",
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="boards at a time (default: all cores)")
    parser.add_argument("--sample", type=int, metavar="N", help="only N points, chosen by --seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--board", default="", metavar="NAME", help="the board's name: pico-w, pico2 ... (default: ESP32)"
    )
    parser.add_argument("--http", action="store_true", help="the releases come from a web server, as GitHub has them")
    parser.add_argument("--romfs", action="store_true", help="a board that runs from ROMFS, and its image")
    parser.add_argument("--phase", action="append", metavar="NAME", help="only phases whose names begin so")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="updates-") as directory:
        return prove(Path(directory), options)


def prove(directory, options):
    global _proof
    if options.romfs:
        _proof = proof = RomProof(RomReleases(directory), directory, Hub(directory).url)
    else:
        source = Hub(directory).url if options.http else MOUNTED
        _proof = proof = Proof(Releases(directory), directory, options.board, source)
    points = [
        (i, n, torn)
        for i, p in enumerate(proof.phases)
        for n in range(1, p.writes + 1)
        for torn in (False, True)
        if p.name.startswith(tuple(options.phase or [""]))
    ]
    if options.sample and options.sample < len(points):
        points = random.Random(options.seed).sample(points, options.sample)
    tried = dict.fromkeys([phase.name for phase in proof.phases], 0)
    failed = []
    begun = time.monotonic()
    shown = sys.stderr.isatty()
    with multiprocessing.get_context("fork").Pool(options.jobs) as pool:
        for count, (index, number, torn, error) in enumerate(pool.imap_unordered(attempt, points), 1):
            phase = proof.phases[index]
            tried[phase.name] += 1
            if error:
                failed.append("%s: write %d%s: %s" % (phase.name, number, " torn" if torn else "", error))
                print(failed[-1], flush=True)
            if shown or count % 100 == 0:  # where nobody looks, for the log of who ends it early
                sys.stderr.write(
                    "%s%d of %d points, %d bricks%s"
                    % ("\r" * shown, count, len(points), len(failed), "\n" * (not shown))
                )
    if shown:
        sys.stderr.write("\r\x1b[K")
    for phase in [phase for phase in proof.phases if tried[phase.name]]:
        print("%6d points  %s (%d writes)" % (tried[phase.name], phase.name, phase.writes))
    print("%6d points in %.0f s, %d bricks" % (len(points), time.monotonic() - begun, len(failed)))
    return 1 if failed else 0


def attempt(point):
    """One point, in a process of the pool."""
    index, number, torn = point
    try:
        _proof.attempt(_proof.phases[index], number, torn)
        return index, number, torn, None
    except Exception as e:
        return index, number, torn, str(e) or type(e).__name__
