"""SHA-224, SHA-384 and SHA-512, compared with Python's hashlib, and their programs."""

import hashlib
import random
import subprocess

import pytest

KINDS = ("sha224", "sha384", "sha512")
# Around the boundaries of a block (64 and 128 bytes) and of the length field in the last one (8 and 16).
SIZES = [
    0,
    1,
    3,
    55,
    56,
    57,
    63,
    64,
    65,
    111,
    112,
    113,
    119,
    120,
    127,
    128,
    129,
    183,
    240,
    255,
    256,
    257,
    1023,
    1025,
    3000,
]


@pytest.mark.parametrize("kind", KINDS)
def test_sums_of_random_bytes(sim, tmp_path, kind):
    chance = random.Random(kind)
    place = tmp_path / "d"
    place.mkdir()
    expected = []
    for size in SIZES + [chance.randrange(5000) for _ in range(5)]:
        data = chance.randbytes(size)
        (place / f"{len(expected):02}").write_bytes(data)
        expected.append(f"{hashlib.new(kind, data).hexdigest()}  {len(expected):02}")
    result = sim(f"cd /mnt/d; {kind}sum *", mount=f"{place}:/mnt/d")
    assert result.stderr == ""
    assert result.stdout.splitlines() == expected


@pytest.mark.parametrize("kind", KINDS)
def test_data_that_comes_in_pieces(sim, kind):
    script = f"(printf a; sleep 0.05; seq 100; printf b) | {kind}sum"
    data = b"a" + b"".join(b"%d\n" % n for n in range(1, 101)) + b"b"
    assert sim(script).stdout == f"{hashlib.new(kind, data).hexdigest()}  -\n"


@pytest.mark.parametrize("kind", KINDS)
def test_sums_are_checked(sim, tmp_path, require, kind):
    place = tmp_path / "d"
    place.mkdir()
    for name in "ab":
        (place / name).write_text(name * 200)
    sums = subprocess.run(
        [require(f"{kind}sum"), "a", "b"], cwd=place, capture_output=True, text=True, check=True
    ).stdout
    (place / "sums").write_text(sums)
    result = sim(f"cd /mnt/d; {kind}sum -c sums; echo x >> b; {kind}sum -c -q sums; echo $?", mount=f"{place}:/mnt/d")
    assert result.stdout == "a: OK\nb: OK\nb: FAILED\n1\n"
    assert result.stderr == f"{kind}sum: WARNING: 1 checksums did NOT match\n"
