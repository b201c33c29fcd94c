"""Images requested by several processes at once."""

import subprocess
import sys

from harness import PATIENCE, ROOT

from simulator import compiled


def test_an_image_that_many_want_at_once_is_built_once(tmp_path):
    """Each of them gets a complete image; none removes another's."""
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
    outputs = [process.communicate(timeout=PATIENCE) for process in running]
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
