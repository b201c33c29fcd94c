"""The packages of the tree (opt/): pkg installs what a release contains."""

import json
import subprocess

import pytest
from harness import DIATOM, ROOT

from simulator import packages


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """The directory of an unsigned release."""
    directory = tmp_path_factory.mktemp("release")
    subprocess.run([*DIATOM, "release", str(directory), "--kind", "source", "--unsigned"], check=True, timeout=120)
    return directory


def settings(directory, **more):
    directory.joinpath("system.conf").write_text(json.dumps({"upgrade": {"url": "/mnt/release"}, **more}))
    return [f"{directory}:/mnt/release"]


def test_packages_come_from_where_releases_do(sim, release):
    mount = settings(release, pkg={"unsigned": True})
    run = sim(
        "factor 6; cp /mnt/release/system.conf /etc; pkg search factor; pkg install factor; factor 6; factor --help | head -n 2",
        mount=mount,
    )
    assert run.stderr == "sh: line 1: factor: not found (pkg install factor)\n"
    assert run.stdout == (
        "factor 0.1.0  prime factors of numbers\nfactor 0.1.0\n6: 2 3\n"
        "factor - print the prime factors of numbers\nusage: factor [NUMBER...]\n"
    )


def test_every_package_of_a_release_can_be_installed_and_removed(sim, release):
    names = " ".join(packages.names())
    script = f"cp /mnt/release/system.conf /etc; pkg install {names} > /dev/null; pkg list; pkg remove {names}; pkg list; ls -A /libx"
    run = sim(script, mount=settings(release, pkg={"unsigned": True}))
    assert (run.stdout, run.stderr) == ("".join(f"{name} 0.1.0 \n" for name in packages.names()), "")


def test_a_release_without_a_signature_is_not_believed(sim, release):
    run = sim("cp /mnt/release/system.conf /etc; pkg install factor", mount=settings(release))
    assert (run.stdout, run.stderr, run.status) == ("", "pkg: No such file or directory\n", 1)


@pytest.mark.parametrize(
    "head, message",
    [({"system": "9.0.0"}, "requires Diatom 9.0.0, this is 0.1.0"), ({"mpy": 5}, "requires .mpy files of version 5")],
)
def test_a_package_for_another_system_is_refused(pkg, shelf, head, message):
    shelf.add("late", "9.0.0", {"bin/late.py": "text"}, changes=head)
    run = pkg("pkg install late; pkg list")
    assert run.stdout == "" and f"pkg: late: {message}" in run.stderr


def test_every_file_of_a_package_has_a_place_on_the_board():
    for name in packages.names():
        top = ROOT / packages.PLACE / name
        inside = {path for path in top.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
        placed = {top / "package.json", *[ROOT / path for path, _ in packages.sources(name)]}
        assert inside == placed, name
        assert set(packages.about(name)) == {"about", "needs"}
    assert list(packages.commands()) == sorted(packages.commands())
