"""A simulated board under test, and the definition of a fault."""

import re
import time

from benchmarks.simulation import SHARED, BenchError, Console

# What a program that is sound never ends with: errors of Python that are no message for a user.
_FAULT = re.compile(
    r"^(?:Assertion|Attribute|Import|Index|Key|Lookup|Name|NotImplemented|Overflow|Runtime|Syntax|Type|Unicode|Value|ZeroDivision)"
    r"Error\b.*|^(?:StopIteration|StopAsyncIteration|GeneratorExit)\b.*",
    re.M,
)
_STACK = "recursion depth"  # the message for what is nested too deeply


class Fault(Exception):
    """An input for which the board did something wrong; the text says what."""


class Board:
    """A board with the directory of the simulator mounted at SHARED, whose programs print tracebacks."""

    def __init__(self, simulator, offset, options=()):
        """offset: that of the simulator's ports; options: further words of its command line."""
        self.simulator = simulator
        self.offset = offset
        words = simulator.words(image="mpy", heap="1M", libraries=True, options=options)
        self.console = Console([*words, "--port-offset", str(offset)])
        self.console.expect("$: ")
        self.run("python -c 'from process import exit_status; exit_status.debug = True'")

    def close(self):
        self.console.__exit__()

    def run(self, line):
        """What a line of commands prints; Fault if it does not end, the board dies, or an error of Python is in it."""
        self.console.send(f"{line}; echo e''nd-$?-\r")
        try:
            self.console.expect("\x1b[?2004l")
            output = self.console.expect("end-").replace("\r", "")
            status = self.console.expect("-")
            self.console.expect("$: ")
        except (BenchError, OSError) as e:
            if self.console.process.poll() is not None:
                raise Fault(f"the interpreter ended with status {self.console.process.returncode}") from None
            raise Fault(f"no end: {e}") from None
        faults = [found for found in _FAULT.findall(output) if _STACK not in found]
        if faults:
            raise Fault(output[-2000:])
        return output, status

    def share(self, name, data):
        """Write a file; returns its path on the board."""
        (self.simulator.shared / name).write_bytes(data)
        return f"{SHARED}/{name}"

    def check_log(self):
        """Raise Fault if a service has logged a Python error since the last call."""
        output, _ = self.run("dmesg -c 2> /dev/null || dmesg")
        found = re.search(
            r".*\b(?:Assertion|Attribute|Index|Key|Name|Overflow|Runtime|Type|Unicode|Value)Error\b.*", output
        )
        if found:
            raise Fault(found.group())

    def until(self, ask, answer, seconds=20):
        """Wait until ask() returns what begins with answer; Fault with what it returned if it never does."""
        end = time.monotonic() + seconds
        while not (got := ask()).startswith(answer):
            if time.monotonic() > end:
                raise Fault(f"its answer is now {got[:200]!r}")
            time.sleep(0.05)
