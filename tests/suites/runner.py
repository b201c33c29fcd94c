"""Runs third-party cases on simulated boards: many cases in one boot, several boards at a time.

Each case has its own directory and time limit. If the system dies or hangs, that case has failed, and a new boot
continues with the next one.
"""

import base64
import json
import os
import queue
import selectors
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SIM = [sys.executable, "-I", "-S", str(ROOT / "tools" / "sim"), "--board", "sim", "--heap", "648k"]  # a Pico 2 W's
UNPASSED = HERE / "unpassed.txt"
MOUNT = "/mnt/cases"
SECONDS = float(os.environ.get("SUITES_SECONDS", "8"))  # for one case
CASES_MAX = 60  # run between two boots: every name that has been compiled stays in an interpreter's memory
GRACE = 6.0  # seconds beyond that, until a system that does not answer counts as dead


@dataclass
class Case:
    """One case, and its expected result."""

    suite: str
    data: dict
    room: str  # the name of its file, without .json

    @property
    def key(self):
        return f"{self.suite} {self.data['file']}:{self.data['line']} {self.data['name']}"

    @property
    def level(self):
        return self.data["level"]


@dataclass
class Outcome:
    """The result of a case; why is empty if it is the expected one."""

    status: object = None
    stdout: bytes = b""
    stderr: bytes = b""
    why: str = ""
    expected: dict = field(default_factory=dict)

    @property
    def passed(self):
        return not self.why


def folder():
    """The directory with the suites, or None."""
    for place in (os.environ.get("SUITES"), ROOT.parent / "shared" / "suites"):
        if place and Path(place).is_dir():
            return Path(place)
    return None


def load(wanted=()):
    """The cases, or those wanted: words like oils, oils/glob, glob, glob:21 or glob.test.sh:21."""
    cases = []
    for path in sorted(folder().glob("*/*.json")):
        suite, room = path.parent.name, path.stem
        for data in json.loads(path.read_text()):
            case = Case(suite, data, room)
            if not wanted or any(_is_wanted(case, word) for word in wanted):
                cases.append(case)
    return cases


def _is_wanted(case, word):
    name, _, line = word.partition(":")
    if line and line != str(case.data["line"]):
        return False
    rooms = (case.suite, case.room, f"{case.suite}/{case.room}", case.data["file"])
    return name in rooms


def unpassed():
    """The reasons of known failures, by key."""
    reasons = {}
    for line in UNPASSED.read_text().splitlines() if UNPASSED.exists() else ():
        if line.strip() and not line.startswith("#"):
            key, _, reason = line.rpartition(" -- ")
            reasons[key] = reason
    return reasons


class Board(threading.Thread):
    """One simulated board at a time, fed with cases from a queue."""

    def __init__(self, number, work, cases, outcomes, tell):
        super().__init__(daemon=True)
        self.number = number
        self.work = work
        self.cases = cases
        self.outcomes = outcomes
        self.tell = tell
        self.process = None
        self.left = 0  # cases until the next boot
        self.error = None

    def run(self):
        try:
            while True:
                try:
                    case = self.cases.get_nowait()
                except queue.Empty:
                    break
                outcome = self.outcomes[case.key] = self.one(case)
                self.tell(case, outcome)
        except Exception as e:
            self.error = e
        finally:
            self.power_off()

    def power_on(self):
        flash = self.work / f"flash{self.number}.img"
        command = [*SIM, "--flash", str(flash), "--fresh", "--stack", "rp2", "--quiet-boot", "--packages", "all"]
        command += ["--mount", f"{self.work}:{MOUNT}", "--mount", f"{HERE / 'board'}:/mnt/board"]
        command += ["-c", f"/mnt/board/serve.py {SECONDS}"]
        errors = open(self.work / f"errors{self.number}", "ab")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        errors.close()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.process.stdout, selectors.EVENT_READ)
        self.pending = b""

    def power_off(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
            self.selector.close()
            self.process = None

    def one(self, case):
        """Run one case; its Outcome."""
        name = f"{self.number}"
        place = self.work / name
        shutil.rmtree(place, ignore_errors=True)
        expected = lay_out(case, place, f"{MOUNT}/{name}")
        if not self.left:
            self.power_off()
        if not self.process:
            self.power_on()
            self.left = CASES_MAX
        self.left -= 1
        try:
            self.process.stdin.write(f"{MOUNT}/{name}\n".encode())
            self.process.stdin.flush()
            answer = self.answer()
        except BrokenPipeError:
            answer = None
        outcome = Outcome(expected=expected)
        outcome.stdout, outcome.stderr = [
            (place / name).read_bytes() if (place / name).exists() else b"" for name in ("stdout", "stderr")
        ]
        if not answer:
            outcome.why = "the system hangs" if self.process.poll() is None else "the system dies"
            self.power_off()
            return outcome
        outcome.status = answer.split()[-1]
        if outcome.status == "timeout":
            outcome.why = "timeout"
            return outcome
        outcome.status = int(outcome.status)
        why = []
        if "status" in expected and outcome.status != expected["status"]:
            why.append(f"status {outcome.status} instead of {expected['status']}")
        if "stdout" in expected and outcome.stdout != expected["stdout"].encode("utf-8", "surrogateescape"):
            why.append("other output")
        outcome.why = ", ".join(why)
        return outcome

    def answer(self):
        """The line that the board answers; None where it does not."""
        while b"\n" not in self.pending:
            if not self.selector.select(SECONDS + GRACE):
                return None
            data = os.read(self.process.stdout.fileno(), 4096)
            if not data:
                self.process.wait()
                return None
            self.pending += data
        line, _, self.pending = self.pending.partition(b"\n")
        return line.decode()


def lay_out(case, place, board):
    """Make the directory of a case; returns the case with @W@ put in."""
    inner = board + "/w"

    def fill(value):
        return value.replace("@W@", inner) if isinstance(value, str) else value

    data = case.data
    work = place / "w"
    work.mkdir(parents=True)
    for name, entry in data.get("files", {}).items():
        path = work / name
        if entry["t"] == "d":
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        text = entry.get("d", "")
        path.write_bytes(base64.b64decode(text) if entry.get("b64") else text.encode("utf-8", "surrogateescape"))
        if "mt" in entry:
            os.utime(path, (entry["mt"], entry["mt"]))
    script = fill(data.get("prelude", ""))
    if script and not script.endswith("\n"):
        script += "\n"
    script += fill(data["script"])
    stdin = fill(data.get("stdin", ""))
    args = [fill(arg) for arg in data.get("args", ())]
    if data.get("feed") == "stdin":
        stdin = script
        args = ["-s", "--", *args] if args else []
    else:
        (place / "script").write_bytes(script.encode("utf-8", "surrogateescape"))
        args = [f"{board}/script", *args]
    (place / "stdin").write_bytes(stdin.encode("utf-8", "surrogateescape"))
    env = {"PATH": "/mnt/board:/bin", "HOME": inner, "TMP": inner, "SH": "sh", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    if case.suite == "toybox":
        env["C"] = data["file"].partition(".")[0]  # as its harness has it: the command
    env.update({name: fill(value) for name, value in data.get("env", {}).items()})
    cwd = os.path.normpath(os.path.join(inner, data.get("cwd", "")))
    modes = {
        f"{inner}/{name}": entry["m"] for name, entry in data.get("files", {}).items() if entry.get("m", 0o644) != 0o644
    }
    (place / "case.json").write_text(json.dumps({"args": args, "env": env, "cwd": cwd, "modes": modes}))
    return {name: fill(value) for name, value in data.items()}


def run(cases, boards=2, tell=lambda case, outcome: None):
    """Run cases; returns {key: Outcome}."""
    outcomes = {}
    waiting = queue.Queue()
    for case in cases:
        waiting.put(case)
    with tempfile.TemporaryDirectory(prefix="suites") as work:
        threads = [Board(n, Path(work), waiting, outcomes, tell) for n in range(min(boards, len(cases) or 1))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
            if thread.error:
                raise thread.error
    return outcomes


def report(cases, outcomes):
    """Lines with the number of passed cases: by suite and level, and by file."""
    totals, rooms = {}, {}
    for case in cases:
        passed = outcomes[case.key].passed
        for table, key in ((totals, (case.suite, case.level)), (rooms, (case.suite, case.room))):
            count = table.setdefault(key, [0, 0])
            count[0] += passed
            count[1] += 1
    for (suite, level), (passed, total) in sorted(totals.items()):
        yield f"{suite} {level}: {passed} of {total} = {100 * passed / total:.1f} %"
    for (suite, room), (passed, total) in sorted(rooms.items()):
        yield f"  {suite}/{room}: {passed} of {total}"
