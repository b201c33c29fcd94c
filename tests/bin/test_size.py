"""Compiled programs are small: one is loaded in one piece."""

import os

from harness import ROOT

from simulator import compiled

MOST = 8 * 1024  # bytes
USUAL = 3 * 1024  # bytes that nine in ten have at most


def sizes():
    """Program: bytes of its .mpy file."""
    programs = [(str(path), path.name) for path in sorted((ROOT / "bin").glob("*.py"))]
    return {name: os.path.getsize(path) for path, name in compiled.compile_files(programs)}


def test_no_compiled_program_is_large():
    found = sizes()
    assert found and all(name.endswith(".mpy") for name in found)
    assert {name: size for name, size in found.items() if size > MOST} == {}


def test_most_compiled_programs_are_very_small():
    found = sorted(sizes().values())
    assert found[len(found) * 9 // 10] <= USUAL
