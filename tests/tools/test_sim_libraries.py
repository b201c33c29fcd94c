"""Libraries of others, of which the board gets what it needs, and images that several processes want at once."""

import subprocess
import sys

import pytest
from harness import ROOT

from simulator import compiled
from simulator.cut import cut

MODULE = """import asyncio, json
from helpers import wraps, MUTED


class Request:
    limit = 5

    def body(self):
        return json.loads("1")

    def form(self):
        return asyncio


def redirect():
    pass
"""


def test_a_module_without_what_nobody_uses():
    text = cut(MODULE, ["asyncio", "Request.form", "Request.limit", "redirect", "wraps"], {"helpers": "parts.helpers"})
    assert "asyncio" not in text and "redirect" not in text and "form" not in text and "limit" not in text
    assert "import json" in text and "from parts.helpers import MUTED" in text and "def body" in text
    compile(text, "module", "exec")


def test_a_class_of_which_nothing_is_left_is_still_one():
    assert "pass" in cut("class A:\n    def f(self):\n        pass\n", ["A.f"], {})


def test_a_name_in_several_ways_is_left_out_in_all_of_them():
    text = "try:\n    from a import f, g\nexcept ImportError:\n    import b\n\n    def f():\n        return b\n"
    assert cut(text, ["f"], {}) == "try:\n    from a import g\nexcept ImportError:\n    import b\n"
    assert cut(text + "x = 1\n", ["f", "g"], {}) == "x = 1\n"


@pytest.mark.parametrize("name", ["Request.nothing", "nothing", "body"])
def test_a_name_that_is_not_there_is_told(name):
    with pytest.raises(KeyError, match=name):
        cut(MODULE, [name], {})


def test_an_image_that_many_want_at_once_is_built_once(tmp_path):
    """Each of them gets it whole; nobody removes the one of another."""
    top = tmp_path / "top"
    top.mkdir()
    for number in range(20):
        (top / f"m{number}.py").write_text(f"x = {number}\n")
    code = f"""
import sys
sys.path.insert(0, {str(ROOT / "tools")!r})
from simulator import compiled
compiled.STATE = {str(tmp_path)!r}
compiled.CACHE = {str(tmp_path / "mpy")!r}
made = compiled.make_romfs
def make_romfs(files):
    print("built", flush=True)
    return made(files)
compiled.make_romfs = make_romfs
path = compiled.kept_romfs("system", [({str(top)!r}, "lib/")])
data = open(path, "rb").read()
print(len(data), sum(data))
"""
    running = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    outputs = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0] * 4, outputs
    lines = [output.split("\n")[-2] for output, _ in outputs]
    assert len(set(lines)) == 1 and sum("built" in output for output, _ in outputs) == 1


def test_an_image_that_is_used_is_not_removed_with_the_old_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(compiled, "STATE", str(tmp_path))
    monkeypatch.setattr(compiled, "CACHE", str(tmp_path / "mpy"))
    found = []
    for number in range(8):
        (tmp_path / f"{number}.py").write_text("")
        found.append(compiled.kept_romfs("system", [], [(str(tmp_path / f"{number}.py"), "x.py")]))
    assert len(set(found)) == 8 and all(map(compiled._is_there, found))
