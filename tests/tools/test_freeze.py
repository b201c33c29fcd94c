"""tools/diatom freeze, and manifest.py as read by MicroPython's tools."""

import ast
import json
import shutil
import subprocess
from types import SimpleNamespace

import pytest
from harness import DIATOM, ROOT

from release import freeze
from simulator import flash, identity, renaming, symbols


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """(the directory, the output of the command)"""
    directory = tmp_path_factory.mktemp("freeze") / "frozen"
    run = subprocess.run([*DIATOM, "freeze", "--json", directory], capture_output=True, text=True, check=True)
    return directory, json.loads(run.stdout)


def manifest(directory, **given):
    """[(function, arguments)] that manifest.py calls."""
    calls = []
    options = SimpleNamespace(
        **given, defaults=lambda **found: [setattr(options, k, v) for k, v in found.items() if not hasattr(options, k)]
    )
    names = ("metadata", "include", "freeze", "freeze_mpy")
    verbs = {name: lambda *args, name=name, **more: calls.append((name, *args)) for name in names}
    exec((ROOT / "manifest.py").read_text(), {**verbs, "options": options})
    return [call for call in calls if call[0] != "metadata"]


def test_the_levels(prepared):
    directory, _ = prepared
    place = str(directory)
    port = ("include", "$(PORT_DIR)/boards/manifest.py")
    names, boot, lib = ("freeze_mpy", place + "/names"), ("freeze", place + "/boot"), ("freeze", place + "/lib")
    assert manifest(directory, prepared=place, level="names") == [port, names]
    assert manifest(directory, prepared=place, level="core", port=False) == [
        names,
        boot,
        lib,
        ("freeze", place + "/core"),
    ]
    assert manifest(directory, prepared=place) == [port, names, boot, lib, ("freeze", place + "/all")]
    assert manifest(directory)[1] == ("freeze_mpy", freeze.PLACE + "/names")
    with pytest.raises(ValueError, match="level is one of names, core, all"):
        manifest(directory, level="some")


def test_what_is_frozen(prepared):
    directory, said = prepared
    source = (ROOT / "lib/shell/lexer.py").read_text()
    frozen = (directory / "lib/shell/lexer.py").read_text()
    assert frozen == renaming.rewrite(source, symbols.tables()["lib/shell/lexer.py"]) != source
    assert said["identity"] == identity.of(ROOT)
    assert (directory / "lib/services/http/session.py").exists() and not (directory / "core/bin").exists()
    programs = sorted(path.stem.replace("_", "-") for path in (directory / "all/bin").iterdir())
    assert programs == sorted(path.stem for path in (ROOT / "bin").glob("*.py"))
    for level, expected in (("core", ()), ("all", tuple(programs))):
        found = {}
        for node in ast.parse((directory / level / "diatom_frozen.py").read_text()).body:
            if isinstance(node, ast.Assign):
                found[node.targets[0].id] = ast.literal_eval(node.value)
        assert (found["PROGRAMS"], found["IDENTITY"], found["NAMES"]) == (expected, said["identity"], said["names"])


@pytest.mark.parametrize(
    "damage, said",
    [
        ("> f = open('/startup.py', 'w'); f.write('x y'); f.close()", "here"),
        (
            "> f = open('/startup.py', 'w'); f.write('x y'); f.close(); f = open('/spare.py', 'w'); f.write('x y'); f.close()",
            "here",
        ),
        (
            "> import os; [os.remove(f) for f in ('/startup.py', '/spare.py', '/rescue.py', '/recovery.py', '/lib/spare.py', '/main.py')]; os.rename('/lib/kernel', '/home/k')",
            "Rescue: ",
        ),
    ],
    ids=["one file", "and its copy", "everything"],
)
def test_what_a_firmware_boots_with_needs_no_file(prepared, sim, tmp_path, damage, said):
    """A directory of the flash takes the part of the firmware's."""
    tree = tmp_path / "tree"
    for name in ("bin", "etc", "lib"):
        shutil.copytree(ROOT / name, tree / name)
    shutil.copytree(prepared[0] / "boot", tree / "opt")
    for name in flash.FILES:
        shutil.copy(ROOT / name, tree / name)
    (tree / "boot.py").write_text((prepared[0] / "boot/boot.py").read_text().replace(".frozen", "/opt"))
    image = tmp_path / "flash.img"
    sim(damage, flash=image, tree=tree)
    result = sim("echo here", flash=image)
    assert said in result.stdout, result.stderr


def test_the_names(prepared, sim):
    """The module loads, and its table has the system's names, including attributes, dotted modules and paths."""
    directory, said = prepared
    data = (directory / "names/diatom_names.mpy").read_bytes()
    names = freeze.table(data)[0]
    assert len(names) == len(set(names)) >= said["names"] > 3500
    assert {"kernel", "shell.lexer", "/rom/lib/shell/lexer.mpy", "/rom/bin/ls", "BOOTS_MAX", "unfinished"} <= {
        *names,
        "unfinished",
    }
    result = sim(
        "python -c 'import diatom_names; print(dir(diatom_names))'",
        mount=f"{directory}/names:/lib/site",
        cwd="/lib/site",
    )
    assert "__name__" in result.stdout, result.stderr


def test_tracebacks_of_frozen_code_have_the_names_of_the_source():
    function, short = next(iter(symbols.tables()["lib/shell/lexer.py"].items()))
    line = f'  File "shell/lexer.py", line 1, in {short}\n'
    assert symbols.Translator().line(line) == f'  File "shell/lexer.py", line 1, in {function}\n'
    assert symbols.frozen_name("bin/ssh-keygen.py") == "bin/ssh_keygen.py"


def test_another_directory_is_not_overwritten(tmp_path):
    (tmp_path / "mine").write_text("x")
    run = subprocess.run([*DIATOM, "freeze", tmp_path], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (1, f"diatom: {tmp_path}: holds something else\n")
    assert (tmp_path / "mine").exists()
