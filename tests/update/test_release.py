"""The output of `diatom release`."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile

import pytest
from harness import ROOT

from release import bundle, contents

DIATOM = [sys.executable, "-I", "-S", str(ROOT / "tools" / "diatom")]


def release(directory, **environment):
    """All artefacts of this tree, unsigned; {name: bytes}."""
    command = [*DIATOM, "release", str(directory), "--unsigned"]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment}, cwd=directory.parent)
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.fixture(scope="module")
def artefacts(tmp_path_factory):
    return release(tmp_path_factory.mktemp("release") / "dist")


def test_the_same_tree_gives_the_same_artefacts_whenever_and_wherever(artefacts, tmp_path):
    again = release(tmp_path / "again", TZ="Asia/Kathmandu", LC_ALL="C", PYTHONHASHSEED="7")
    assert sorted(again) == sorted(artefacts)
    assert [name for name in again if again[name] != artefacts[name]] == []


def clone(directory):
    """The tree and the release tools in another place: other modes, other times, another order of creation."""
    mask = os.umask(0o077)
    try:
        directory.mkdir()
        for name in sorted(os.listdir(ROOT), reverse=True):
            path = ROOT / name
            if path.is_dir() and not name.startswith("."):
                shutil.copytree(path, directory / name, copy_function=shutil.copyfile, symlinks=True)
            elif path.is_file():
                shutil.copyfile(path, directory / name)
        (directory / ".venv").symlink_to((ROOT / ".venv").resolve())
    finally:
        os.umask(mask)


def test_two_clones_give_the_same_artefacts(artefacts, tmp_path):
    clone(tmp_path / "clone")
    tool = tmp_path / "clone" / "tools" / "diatom"
    command = [sys.executable, "-I", "-S", str(tool), "release", str(tmp_path / "dist"), "--unsigned"]
    more = {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "3"}
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **more}, cwd="/", umask=0o027)
    assert {p.name: p.read_bytes() for p in (tmp_path / "dist").iterdir()} == artefacts


def test_compiled_files_are_for_every_architecture(artefacts, tmp_path):
    """The third byte of an .mpy names an architecture if it has machine code: none does, so one bundle fits all."""
    manifest = json.loads(artefacts["manifest-mpy.json"])
    data = artefacts[manifest["bundle"]]
    found = 0
    for entry in manifest["files"]:
        if entry["path"].endswith(".mpy"):
            head = data[entry["at"] : entry["at"] + 4]
            assert head[0] == ord("M") and head[1] == bundle.MPY and head[2] >> 2 == 0, entry["path"]
            assert head[3] == 31, entry["path"]  # bits of a small integer: what a board of 32 bits has
            found += 1
    assert found > 200


def test_a_key_stays_out_of_the_tree_and_a_release_brings_one(tmp_path):
    run = subprocess.run([*DIATOM, "keygen", str(ROOT / "secret.pem")], capture_output=True, text=True)
    assert run.returncode and "does not belong into the tree" in run.stderr
    assert not (ROOT / "secret.pem").exists()
    clone(tmp_path / "clone")
    public = tmp_path / "clone" / "etc" / "release.pub"
    public.unlink(missing_ok=True)
    private = tmp_path / "key.pem"
    release = [*DIATOM, "release", str(tmp_path / "dist"), "--tree", str(tmp_path / "clone"), "--kind", "source"]
    keygen = [*DIATOM, "keygen", str(private), "--public", str(public)]
    assert subprocess.run(keygen, capture_output=True).returncode == 0
    assert private.stat().st_mode & 0o777 == 0o600
    line = public.read_text().splitlines()[-1]
    public.unlink()
    release += ["--no-romfs", "--key", str(private)]
    run = subprocess.run(release, capture_output=True, text=True)
    assert run.returncode and "no key: boards could not check another release" in run.stderr
    public.write_text(line + "\n")
    assert subprocess.run(release, capture_output=True).returncode == 0
    assert (tmp_path / "dist" / "manifest-source.json.sig").stat().st_size == 256


def test_the_sums_are_those_of_the_files(artefacts):
    lines = artefacts["SHA256SUMS"].decode().splitlines()
    assert len(lines) == len(artefacts) - 1
    for line in lines:
        digest, name = line.split()
        assert hashlib.sha256(artefacts[name]).hexdigest() == digest


@pytest.mark.parametrize("kind", contents.KINDS)
def test_the_manifest_tells_what_is_in_the_bundle(artefacts, kind, tmp_path):
    manifest = json.loads(artefacts[f"manifest-{kind}.json"])
    path = tmp_path / "bundle.tar"
    path.write_bytes(artefacts[manifest["bundle"]])
    with tarfile.open(path) as archive:
        found = {"/" + member.name: archive.extractfile(member).read() for member in archive}
    assert list(found) == [entry["path"] for entry in manifest["files"]]
    for entry in manifest["files"]:
        data = found[entry["path"]]
        assert (entry["size"], entry["sha256"]) == (len(data), hashlib.sha256(data).hexdigest()), entry["path"]
    assert manifest.get("mpy") == (None if kind == "source" else bundle.MPY)
