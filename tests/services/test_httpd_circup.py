"""circup, the package manager of CircuitPython, with the board's web server: `circup --host`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from harness import PATIENCE

from services.clients import PASSWORD

BUNDLE = "adafruit/Adafruit_CircuitPython_Bundle"
TAG = "20260101"


class Circup:
    """circup with its own bundle of libraries, so that it needs no Internet access."""

    def __init__(self, web, home):
        self.web = web
        self.home = home
        data = home / "circup"
        self.libraries = (
            data / "adafruit/adafruit-circuitpython-bundle-py" / f"adafruit-circuitpython-bundle-py-{TAG}/lib"
        )
        self.libraries.mkdir(parents=True)
        (data / "circup.json").write_text(json.dumps({BUNDLE: [TAG]}))
        (data / "bundle_config.json").write_text(json.dumps({"adafruit": BUNDLE}))
        self.write("one.py", "1.2.0")
        self.write("two/__init__.py", "2.0.1")
        self.write("two/parts/deep.py", "2.0.1")
        requirements = self.libraries.parent / "requirements/two"
        requirements.mkdir(parents=True)
        (requirements / "requirements.txt").write_text("one\n")

    def write(self, name, version):
        path = self.libraries / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'__version__ = "{version}"\n__repo__ = "https://example.com/{name}.git"\n')

    def __call__(self, *words):
        """What it prints."""
        options = ["--offline", "--board-id", "diatom", "--cpy-version", "10.0.0", "--password", PASSWORD]
        options += ["--host", "127.0.0.1", "--port", str(self.web.port)]
        run = subprocess.run(
            [sys.executable, Path(sys.executable).parent / "circup", *options, *words],
            env={**os.environ, "XDG_DATA_HOME": str(self.home), "HOME": str(self.home), "TMPDIR": str(self.home)},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout


@pytest.fixture
def circup(web, tmp_path):
    return Circup(web(image="romfs"), tmp_path)


@pytest.mark.slow
def test_libraries_are_listed_installed_updated_and_removed(circup):
    assert "up to date" in circup("list")  # also where no directory for libraries is there yet
    assert "Installed 'one'" in circup("install", "--py", "two")
    web = circup.web
    assert web.get("/fs/lib/two/parts/deep.py").data == (circup.libraries / "two/parts/deep.py").read_bytes()
    assert circup("freeze").splitlines()[-2:] == ["one==1.2.0", "two==2.0.1"]
    assert "up to date" in circup("list")
    circup.write("one.py", "1.3.0")
    circup.write("two/__init__.py", "3.0.0")
    assert "1.3.0" in circup("list")
    assert "Updated one" in circup("update", "--all")
    assert circup("freeze").splitlines()[-2:] == ["one==1.3.0", "two==3.0.0"]
    assert web.board.run("python -c 'import one, two; print(one.__version__)'")[0] == "1.3.0\n"
    assert "Uninstalled 'two'" in circup("uninstall", "two")
    assert circup("freeze").splitlines()[-1:] == ["one==1.3.0"]
    assert web.get("/fs/lib/two/").status == 404


@pytest.mark.slow
def test_a_wrong_password_is_told(web, tmp_path):
    circup = Circup(web(), tmp_path)
    with pytest.raises(AssertionError, match="401"):
        circup("--password", "wrong", "freeze")
