"""Fixtures for all tests: the simulator as a command (sim), as a console (console), and the host's own clients (require).

Every run of the simulator is the command that users start; nothing here reaches into it.
"""

import contextlib
import fcntl
import hashlib
import os
import random
import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path

import hypothesis
import pytest
from harness import NEW, PATIENCE, PROMPT, ROOT, SIM, Console, copy_flash, free_ports, image_options, option_words, run

from simulator import libraries

# Directories of tests in the order in which they run: the foundations first.
ORDER = ("tools", "base", "process", "shell", "bin", "kernel")

# On a busy computer an example may take any time; CI uses the same examples each time.
hypothesis.settings.register_profile(
    "diatom",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
)
hypothesis.settings.load_profile("diatom")

# A shell's background jobs ignore SIGINT, and so would everything that the tests start and interrupt.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What random chooses. xdist's processes inherit it.
SEED = os.environ.setdefault("TEST_SEED", str(random.SystemRandom().randrange(1 << 32)))

# Session fixtures that take long to make: their tests run in one process of xdist.
SHARED = ("artefacts", "proof", "release", "suites")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    """Run quick tests first, floor by floor; those marked slow last, the longest before the others.

    A long test at the very end would run alone, while the other processors have nothing left to do.
    """

    def place(item):
        room = Path(item.path).relative_to(ROOT / "tests").parts[0]
        slow = item.get_closest_marker("slow")
        seconds = slow.args[0] if slow and slow.args else 0
        return slow is not None, -seconds, ORDER.index(room) if room in ORDER else len(ORDER)

    items.sort(key=place)
    for item in items:
        for name in SHARED:
            if name in item.fixturenames:
                item.add_marker(pytest.mark.xdist_group(name))


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(f"seed: {SEED} (TEST_SEED={SEED} chooses the same again)")


@pytest.fixture(autouse=True)
def seeded(request):
    """Each test chooses by the run's seed and its own name, whatever ran before it."""
    random.seed(SEED + request.node.name)


def pytest_sessionstart(session):
    """Download the lock file's entries first: the first user would report it on stderr, where tests expect nothing."""
    if hasattr(session.config, "workerinput") or session.config.option.collectonly:
        return
    for library in libraries.locked():
        with contextlib.suppress(libraries.LibraryError):  # the tests that need it fail
            libraries.tool(library.name) if library.tool else libraries.fetched(library)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory, worker_id):
    """Callable: the path of an image of the tree that has never booted; made once for each kind."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent  # of all workers

    def pristine(**options):
        words = option_words(options)
        path = shared / f"pristine-{hashlib.sha256(repr(words).encode()).hexdigest()[:16]}.img"
        with open(f"{path}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                command = [*SIM, "--fresh", "--no-boot", "--flash", str(path), *NEW, *words]
                subprocess.run(command, check=True, timeout=120)
        return path

    return pristine


@pytest.fixture
def flash(pristine, tmp_path):
    """Callable: the path of this test's own flash, created by the first call and kept for the rest of the test."""

    def flash(**options):
        path = tmp_path / "flash.img"
        if not path.exists():
            copy_flash(pristine(**options), path)
        return path

    return flash


@pytest.fixture
def sim(flash, tmp_path):
    """Callable: run a shell script on the simulator, as a script file if there are args, else with -c."""

    def sim(script, *, stdin=b"", args=(), flash=flash, timeout=PATIENCE, stack="rp2", **options):
        if callable(flash):
            flash = flash(**image_options(options))
        words = option_words(options)
        if args:
            file = tmp_path / "script.sh"
            file.write_text(script)
            what = [str(file), *map(str, args)]
        else:
            what = ["-c", script]
        return run([*SIM, "--flash", str(flash), "--stack", stack, *words, *what], stdin, timeout)

    return sim


@pytest.fixture
def console(flash):
    """A console on an interactive simulator; see Console."""
    console = Console(flash)
    yield console
    console.close()


@pytest.fixture
def prompt(console):
    """A console at its first prompt."""
    console()
    console.expect(PROMPT)
    return console


@pytest.fixture
def control():
    """A client of the control channel, for a board started with control=control.address; see Control."""
    from simulator.control import Control

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with Control(f"127.0.0.1:{port}") as control:
        yield control


@pytest.fixture
def port_offset():
    """A --port-offset for which the usual services' ports are free, and which no other test on this host uses meanwhile."""
    with free_ports() as offset:
        yield offset


@pytest.fixture(scope="session")
def require():
    """Callable: skip the test if a client or server is missing on this host; in CI, fail instead.

    Returns its path; with root=True it must be one that this user may start, too.
    """

    def require(client, root=False):
        path = shutil.which(client, path=os.environ["PATH"] + os.pathsep + "/usr/sbin")  # where servers are
        if path is None or (root and os.geteuid()):
            text = f"{client} " + ("is not installed on this host" if path is None else "starts as root only")
            pytest.fail(text) if os.environ.get("CI") == "true" else pytest.skip(text)
        return path

    return require
