"""A tree with the smallest of systems: its main.py runs the commands as Python, and its console takes Python lines."""

import subprocess

import pytest
from harness import SIM, Result, option_words

MAIN = """
import gc
import os
import select
import sys

import power


def read(n):
    # Wait for input; a read takes what is there.
    poll = select.poll()
    poll.register(sys.stdin, select.POLLIN)
    poll.poll()
    return sys.stdin.buffer.read(n)


def write(text):
    # Write all of it to a console that takes what it can.
    poll = select.poll()
    poll.register(sys.stdout, select.POLLOUT)
    while text:
        poll.poll()
        text = text[sys.stdout.write(text) or 0:]


def read_all():
    data = b""
    while True:
        more = read(256)
        if not more:
            return data
        data += more


names = {"os": os, "sys": sys, "power": power, "gc": gc, "argv": sys.argv[1:], "read": read, "write": write, "read_all": read_all}
if "-c" in sys.argv:
    exec(sys.argv[sys.argv.index("-c") + 1], names)
elif "-f" in sys.argv:
    exec(open(sys.argv[sys.argv.index("-f") + 1]).read(), names)
else:
    sys.stdout.write("ready %s\\r\\n" % power.cause)
    while True:
        line = b""
        while not line.endswith(b"\\r"):
            line += read(1)
            if line == b"\\x04":
                sys.exit(0)
        try:
            exec(line.decode(), names)
        except KeyboardInterrupt:
            sys.stdout.write("interrupted\\r\\n")
"""


@pytest.fixture
def tree(tmp_path):
    """The directory of that tree."""
    tree = tmp_path / "tree"
    for part in ("bin", "etc", "lib"):
        (tree / part).mkdir(parents=True)
    (tree / "main.py").write_text(MAIN)
    (tree / "lib" / "greeting.py").write_text("text = 'hello'\n")
    (tree / "etc" / "motd").write_text("first\n")
    return tree


@pytest.fixture
def bare(tree, tmp_path):
    """Callable: run Python on a board with that tree."""

    def bare(code, *words, stdin=b"", **options):
        command = [*SIM, "--tree", str(tree), "--flash", str(tmp_path / "bare.img"), *option_words(options), *words]
        if code is not None:
            command += ["-c", code]
        run = subprocess.run(command, input=stdin, capture_output=True, timeout=60)
        return Result(run.stdout.decode(), run.stderr.decode(), run.returncode)

    return bare
