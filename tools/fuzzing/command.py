"""The command line of tools/fuzz."""

import argparse
import hashlib
import random
import sys
import time
from pathlib import Path

from benchmarks.simulation import BenchError, Simulator
from fuzzing import nodes, peers, programs, servers
from fuzzing.board import Board, Fault
from fuzzing.mutate import Mutator

TARGETS = {target.name: target for target in (*programs.TARGETS, *servers.TARGETS, *peers.TARGETS, *nodes.TARGETS)}
CORPUS = Path(__file__).resolve().parent.parent.parent / "tests" / "corpus"
BATCH = 25  # inputs, after which a service is asked whether it still answers
PORTS = range(24_200, 26_400)  # offsets of the ports of the board: those of the tests end before


def parse(argv):
    parser = argparse.ArgumentParser(
        prog="fuzz",
        description="Give the programs and services of a simulated board damaged input, and look for what ends in an "
        "error of Python, in no end, or in the end of the interpreter.",
        epilog="targets: " + " ".join(TARGETS),
    )
    parser.add_argument("--only", metavar="TARGET[,TARGET...]", help="only these")
    parser.add_argument("--seconds", type=float, default=600, help="for each target (600)")
    parser.add_argument(
        "--seed", type=int, help="of the random numbers (default: another one each time, it is printed)"
    )
    parser.add_argument("--out", metavar="DIR", default="fuzz-faults", help="where inputs with faults go (fuzz-faults)")
    parser.add_argument("--replay", action="store_true", help="only the kept inputs of tests/corpus")
    parser.add_argument("files", nargs="*", metavar="FILE", help="only these inputs, for one target")
    options = parser.parse_args(argv)
    options.targets = options.only.split(",") if options.only else list(TARGETS)
    for name in options.targets:
        if name not in TARGETS:
            parser.error(f"no target {name}; there are: " + " ".join(TARGETS))
    if options.files and len(options.targets) != 1:
        parser.error("files need --only with one target")
    if options.seconds <= 0:
        parser.error("--seconds: more than 0")
    return options


class Session:
    """A target on a board, which is made anew after a fault."""

    def __init__(self, simulator, target):
        self.simulator = simulator
        self.target = target
        self.board = None

    def ready(self):
        if not self.board:
            options = self.target.options(self.simulator) if hasattr(self.target, "options") else ()
            self.board = Board(self.simulator, random.SystemRandom().choice(PORTS), options)
            self.target.prepare(self.board)
        return self.board

    def run(self, inputs):
        """Give it the inputs; returns [(inputs, text)] of faults: for a service any of the inputs may be the cause."""
        faults = []
        batch = []
        for data in inputs:
            batch.append(data)
            try:
                self.target.try_input(self.ready(), data)
            except Fault as e:
                faults.append(([data], str(e)))
                self.close()
                batch.clear()
                continue
            if len(batch) >= getattr(self.target, "batch", BATCH):
                faults += self.look(batch)
        return faults + (self.look(batch) if self.board else [])

    def look(self, batch):
        """What check() says after a batch, which is emptied."""
        done, batch[:] = list(batch), []
        try:
            self.target.check(self.board)
        except Fault as e:
            self.close()
            return [(done, str(e))]
        return []

    def close(self):
        if self.board:
            self.target.finish(self.board)
            self.board.close()
            self.board = None


def kept(name):
    """The inputs of tests/corpus for a target."""
    return [path.read_bytes() for path in sorted((CORPUS / name).glob("*"))]


def until(mutator, seconds, count):
    """Inputs for so many seconds; count[0] counts them."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        count[0] += 1
        yield mutator.input()


def fuzz(simulator, target, options, seed):
    """Fuzz one target; returns how many faults there were."""
    session = Session(simulator, target)
    count = [0]
    if options.replay and not kept(target.name):
        return 0
    if options.files:
        inputs = [Path(file).read_bytes() for file in options.files]
    elif options.replay:
        inputs = kept(target.name)
    else:
        inputs = until(
            Mutator(random.Random(f"{seed} {target.name}"), target.seeds, target.tokens), options.seconds, count
        )
    try:
        session.ready()
        faults = session.run(inputs)
    finally:
        session.close()
    for found, text in faults:
        print(f"--- {target.name}: {text}")
        for data in found:
            path = Path(options.out) / target.name / hashlib.sha256(data).hexdigest()[:12]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            print(path)
    print(f"{target.name}: {count[0] or len(inputs)} inputs, {len(faults)} faults", flush=True)
    return len(faults)


def main(argv):
    options = parse(argv)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    if not (options.files or options.replay):
        print(f"seed {seed}", flush=True)
    simulator = Simulator()
    try:
        return 1 if sum(fuzz(simulator, TARGETS[name], options, seed) for name in options.targets) else 0
    except (BenchError, OSError) as e:
        print(f"fuzz: {e}", file=sys.stderr)
        return 2
    finally:
        simulator.close()
