"""What `diatom release` makes."""

import hashlib
import json
import os
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
