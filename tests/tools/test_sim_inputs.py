"""What images are made from is looked at on each start, and what was made is found again while nothing has changed."""

import os

import pytest
from harness import ROOT

from simulator import flash, identity, inputs, symbols


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A directory of its own for what is remembered."""
    monkeypatch.setattr(inputs, "KEPT", str(tmp_path / "made"))
    return tmp_path / "made"


@pytest.mark.parametrize("part", inputs.TREE)
def test_a_change_of_any_part_is_another_mark(tmp_path, part):
    path = tmp_path / part
    if not part.endswith(".py"):
        path = path / "below" / "file"
        path.parent.mkdir(parents=True)
    marks = [inputs.mark(str(tmp_path))]
    path.write_text("one")
    marks.append(inputs.mark(str(tmp_path)))
    path.write_text("longer")
    marks.append(inputs.mark(str(tmp_path)))
    os.utime(path, ns=(0, 0))
    marks.append(inputs.mark(str(tmp_path)))
    os.rename(path, path.with_name("renamed.py"))
    marks.append(inputs.mark(str(tmp_path)))
    assert len(set(marks)) == (5 if path.parent.name == "below" else 4) and inputs.mark(str(tmp_path)) == marks[-1]


def test_everything_that_images_are_made_from_counts():
    tree = {*symbols.SOURCES, *symbols.TEXTS, *symbols.TOP, *identity.PARTS, *flash.COMPILED}
    assert tree <= set(inputs.TREE)
    beside = [*symbols.BESIDE, *symbols.SENDERS, symbols.MANUAL]
    assert [part for part in beside if not (part + "/").startswith(tuple(top + "/" for top in inputs.TOOLS))] == []
    assert all((ROOT / part).exists() for part in inputs.TOOLS)


def test_what_was_made_is_found_until_an_input_changes_or_it_is_gone(tmp_path, kept):
    (tmp_path / "bin").mkdir()
    made = tmp_path / "image"
    made.write_text("made")
    os.utime(made, (0, 0))
    path, place = inputs.recall("x", str(tmp_path))
    assert path is None
    inputs.remember(place, str(made))
    assert inputs.recall("x", str(tmp_path)) == (str(made), place)
    assert made.stat().st_mtime > 0  # it counts as used
    assert inputs.recall("y", str(tmp_path))[0] is None
    (tmp_path / "bin" / "new.py").write_text("")
    assert inputs.recall("x", str(tmp_path))[0] is None
    (tmp_path / "bin" / "new.py").unlink()
    made.unlink()
    assert inputs.recall("x", str(tmp_path))[0] is None


def test_a_board_runs_what_the_tree_holds_now(bare, tree):
    code = "import greeting; print(greeting.text)"
    found = []
    for text in ("hello", "hello", "later"):
        (tree / "lib" / "greeting.py").write_text(f"text = {text!r}\n")
        found.append(bare(code, image="romfs").stdout)
    assert found == ["hello\n", "hello\n", "later\n"]
