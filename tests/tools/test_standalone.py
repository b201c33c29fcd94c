"""rescue.py on a board needs nothing but the firmware: what it shares with lib/ is copied into it."""

import ast

import pytest
from harness import ROOT

from simulator import standalone


def imported(text):
    """The first part of the name of each module that a source imports, wherever that stands."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module.partition(".")[0])
    return found


@pytest.fixture
def tree(tmp_path):
    for name in ("repository", "base", "process"):
        (tmp_path / "lib" / name).mkdir(parents=True)
    (tmp_path / "lib" / "base" / "paths.py").write_text(
        "import os\nA = 1\ndef isdir(path):\n    return os.stat(path)\n"
    )

    def write(module, text):
        (tmp_path / "lib" / "repository" / "m.py").write_text(module)
        return standalone.with_copies(text, str(tmp_path))

    return write


def test_the_file_of_a_board_imports_nothing_of_the_system():
    text = standalone.with_copies((ROOT / "rescue.py").read_text(), str(ROOT))
    system = {path.stem for path in (ROOT / "lib").iterdir()} | {"recovery"}
    assert imported((ROOT / "rescue.py").read_text()) & system == {"base", "recovery", "repository", "update"}
    assert imported(text) & system == set()


def test_the_rules_are_those_of_the_system(sim):
    assert (
        sim(
            "grep -c 'def allowed\\|def numbers\\|def signed' /rescue.py; grep -c 'import.*repository' /rescue.py"
        ).stdout
        == "3\n0\n"
    )


def test_copies_bring_what_they_use(tree):
    module = "import os\nA = 1\nB = A\nC = 3\ndef f():\n    return g(B)\ndef g(x):\n    return os.stat(x)\n"
    text = tree(module, "from repository.m import f\nprint(f())\n")
    assert text == (
        "import os\nA = 1\nB = A\n\n\ndef f():\n    return g(B)\n\n\ndef g(x):\n    return os.stat(x)\nprint(f())\n"
    )


def test_copies_bring_what_their_module_imports_from_another(tree):
    module = "from base.paths import A, isdir\ndef f():\n    return isdir('/')\n"
    text = tree(module, "import os\nfrom repository.m import f\nprint(f())\n")
    assert text == (
        "import os\n\n\ndef isdir(path):\n    return os.stat(path)\n\n\ndef f():\n    return isdir('/')\nprint(f())\n"
    )


def test_what_the_file_defines_itself_is_not_copied(tree):
    module = "from base.errors import Failure\ndef f():\n    raise Failure\n"
    assert "base" not in tree(module, "from repository.m import f\nclass Failure(ValueError):\n    pass\n")


def test_names_of_packages_and_of_recovery_are_copied(tree, tmp_path):
    (tmp_path / "lib" / "update").mkdir()
    (tmp_path / "lib" / "update" / "__init__.py").write_text("A = 1\n")
    (tmp_path / "recovery.py").write_text("B = 2\n")
    assert tree("", "from recovery import B\nfrom update import A\n") == "B = 2\nA = 1\n"


def test_what_cannot_be_copied_is_refused(tree):
    with pytest.raises(ValueError, match="needs process.cpu"):
        tree("from process.cpu import current\ndef f():\n    return current\n", "from repository.m import f\n")
    with pytest.raises(ValueError, match="does not define g"):
        tree("def f():\n    pass\n", "from repository.m import g\n")
    with pytest.raises(ValueError, match="isdir is defined in base.paths, too"):
        module = "def isdir():\n    pass\ndef f():\n    isdir()\n"
        tree(module, "import os\nfrom base.paths import isdir\nfrom repository.m import f\n")
