"""Calls functions of lib/ inside a real MicroPython, started once for each test module."""

import json
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from harness import PATIENCE

ROOT = Path(__file__).resolve().parents[2]

DRIVER = """
import json
import sys
import vfs
vfs.mount(vfs.VfsPosix({root!r}), "/tree")  # a setup may mount something over the directory that it is in
sys.path.insert(0, "/tree/lib")
from base.errors import Failure
{setup}
while True:
    line = sys.stdin.readline()
    if not line:
        break
    name, calls = json.loads(line)
    answers = []
    for args in calls:
        try:
            value = globals()[name](*args)
            if isinstance(value, tuple) and value and isinstance(value[0], bytes):
                value = [list(value[0])] + list(value[1:])
            answers.append(["value", value])
        except Failure as failure:
            answers.append(["failure", str(failure)])
        except Exception as error:
            answers.append(["error", type(error).__name__ + ": " + str(error)])
    print(json.dumps(answers))
"""


def executable():
    """The path of MicroPython; skip the test if there is none."""
    for directory in (Path(sys.executable).parent, ROOT / ".venv" / "bin"):
        if (directory / "micropython").exists():
            return str(directory / "micropython")
    found = shutil.which("micropython")
    if not found:
        pytest.skip("there is no micropython beside Python, in .venv/bin or on PATH", allow_module_level=True)
    return found


class Failed(Exception):
    """The function raised base.errors.Failure."""


class Board:
    """A MicroPython that has run `setup` and calls the functions defined there."""

    def __init__(self, setup, heap="2M"):
        self.script = DRIVER.format(root=str(ROOT), setup=setup)
        self.command = [executable(), "-X", f"heapsize={heap}", "-c", self.script]
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def __del__(self):
        self.stop()

    def calls(self, name, arguments):
        """The [kind, value] of every call; kind is "value", or "failure" for a Failure, or "error"."""
        if not self.process:
            self.start()
        self.process.stdin.write(json.dumps([name, arguments], ensure_ascii=False).encode() + b"\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
            self.stop()
            raise AssertionError(f"{name} hangs with {str(arguments)[:200]}")
        line = self.process.stdout.readline()
        if not line:
            self.stop()
            raise AssertionError(f"MicroPython ended in {name} with {str(arguments)[:200]}")
        return json.loads(line.decode(errors="surrogateescape"))

    def call(self, name, *arguments):
        """What the function returns; raises Failed where it raises a Failure."""
        kind, value = self.calls(name, [arguments])[0]
        if kind == "failure":
            raise Failed(value)
        assert kind == "value", f"{name}{str(arguments)[:200]}: {value}"
        return value

    def survives(self, name, *arguments):
        """Assert that the call returns, or raises nothing but a Failure."""
        kind, value = self.calls(name, [arguments])[0]
        assert kind != "error", f"{name}{str(arguments)[:200]}: {value}"
