"""The fuzzer: it finds faults, and past findings stay fixed."""

import random
import subprocess
import sys

import pytest
from fuzzing.command import BATCH, CORPUS, Session
from fuzzing.mutate import MOST, Mutator
from fuzzing.programs import Program
from fuzzing.servers import Server
from harness import PATIENCE, ROOT

from benchmarks.simulation import Simulator

FUZZ = [sys.executable, "-I", "-S", str(ROOT / "tools" / "fuzz")]
BAD = """
proc = None

def __main__(args):
    with open(args[0], "rb") as file:
        data = file.read()
    if b"message" in data:
        raise OSError(2)
    return [0][len(data)]
"""


def fuzz(*words):
    return subprocess.run([*FUZZ, *words], capture_output=True, text=True, timeout=PATIENCE)


@pytest.fixture
def simulator():
    simulator = Simulator()
    yield simulator
    simulator.close()


def test_kept_inputs_do_no_harm():
    run = fuzz("--replay")
    assert run.returncode == 0, run.stdout + run.stderr
    for directory in CORPUS.iterdir():
        assert f"{directory.name}: {len(list(directory.iterdir()))} inputs, 0 faults" in run.stdout


def test_a_program_that_dies_is_found_with_its_input(simulator):
    (simulator.shared / "bad.py").write_text(BAD)
    session = Session(simulator, Program("bad", "/mnt/shared/bad {}", [b""]))
    try:
        faults = session.run([b"", b"message", b"x", b""])
    finally:
        session.close()
    assert [inputs for inputs, _ in faults] == [[b"x"]]
    assert "IndexError" in faults[0][1] and "bad.py" in faults[0][1]


def test_a_service_that_does_not_answer_is_found_with_the_inputs_before(simulator):
    target = Server("telnet", "utelnetd start", 23, b"", b"\xff", [b""])
    session = Session(simulator, target)
    try:
        session.ready()
        target.answer = b"nobody says this"
        faults = session.run([b"a"] * (BATCH - 1))
    finally:
        session.close()
    ((inputs, text),) = faults
    assert inputs == [b"a"] * (BATCH - 1) and text.startswith('its answer is now b"\\xff')


def test_the_same_seed_gives_the_same_inputs():
    seeds = [b"for i in 1 2 3; do echo $i; done\n", bytes(range(256)) * 300]
    first, second = (Mutator(random.Random(5), seeds, [b"$("]) for _ in range(2))
    inputs = [first.input() for _ in range(300)]
    assert inputs == [second.input() for _ in range(300)]
    assert len(set(inputs)) > 250 and max(map(len, inputs)) == MOST and not set(inputs) & set(seeds)


@pytest.mark.parametrize(
    "words", [["--only", "none"], ["--seconds", "0"], ["file"], ["--only", "tar", "--seconds", "1", "/none"]]
)
def test_what_is_wrong_on_its_command_line(words):
    run = fuzz(*words)
    assert run.returncode == 2 and run.stderr.startswith(("usage: fuzz", "fuzz: ")) and "Traceback" not in run.stderr
