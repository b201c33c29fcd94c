"""bunzip2 and bzcat: the package bunzip2, with files of Python's bz2."""

import bz2
import hashlib
import os

LINES = "".join(f"{i}\n" for i in range(20000)).encode()


def bunzip2(sim, tmp_path, script, **files):
    there = tmp_path / "files"
    there.mkdir()
    for name, data in files.items():
        (there / (name + ".bz2")).write_bytes(data)
    result = sim(f"cd /tmp; cp /mnt/* .; {script}", mount=f"{there}:/mnt", packages="bunzip2", heap="1500k")
    return result.stdout, result.status


def test_files_are_decompressed(sim, tmp_path):
    text, status = bunzip2(
        sim,
        tmp_path,
        "bunzip2 lines.bz2; tail -n 1 lines; wc -c < lines; bunzip2 -k empty.bz2; ls; bunzip2 -c small.bz2",
        lines=bz2.compress(LINES),
        empty=bz2.compress(b""),
        small=bz2.compress(b"a" * 259 + b"\n", 1),
    )
    assert (text, status) == (f"19999\n{len(LINES)}\nempty\nempty.bz2\nlines\nsmall.bz2\n{'a' * 259}\n", 0)


def test_all_bytes_and_several_blocks(sim, tmp_path):
    data = os.urandom(9000) + bytes(range(256)) * 300 + os.urandom(30_000) + b"\0" * 70_000
    text, status = bunzip2(sim, tmp_path, "bunzip2 -c d.bz2 | sha256sum", d=bz2.compress(data, 1))
    assert (text, status) == (hashlib.sha256(data).hexdigest() + "  -\n", 0)


def test_streams_one_behind_the_other(sim, tmp_path):
    two = bz2.compress(b"1\n") + bz2.compress(b"2\n")
    rest = bz2.compress(b"3\n") + b"rest of something else"
    text, status = bunzip2(sim, tmp_path, "bzcat a.bz2 b.bz2; bzcat < b.bz2", a=two, b=rest)
    assert (text, status) == ("1\n2\n3\n3\n", 0)


def test_damage_is_said(sim, tmp_path):
    whole = bz2.compress(os.urandom(5000))
    bad = bytearray(whole)
    bad[2500] ^= 1
    script = "for f in cut bad no end; do bunzip2 $f.bz2 2>&1 | sed 's/data is damaged/checksum mismatch/'; done; ls; bunzip2 -t cut.bz2"
    text, status = bunzip2(sim, tmp_path, script, cut=whole[:3000], bad=bytes(bad), no=b"hello world", end=b"BZh9")
    assert text == (
        "bunzip2: cut.bz2: unexpected end of file\nbunzip2: bad.bz2: checksum mismatch\nbunzip2: no.bz2: not a bzip2 file\n"
        "bunzip2: end.bz2: unexpected end of file\nbad.bz2\ncut.bz2\nend.bz2\nno.bz2\n"
    )
    assert status == 1


def test_a_block_too_large_for_the_memory_is_said(sim, tmp_path):
    (tmp_path / "a.bz2").write_bytes(bz2.compress(os.urandom(200_000)))
    result = sim("bunzip2 -t /mnt/a.bz2 2>&1; echo on", mount=f"{tmp_path}:/mnt", packages="bunzip2", heap="400k")
    assert "does not fit in memory" in result.stdout and result.stdout.endswith("on\n")


def test_files_that_are_there_stay(sim, tmp_path):
    script = "echo old > a; bunzip2 a.bz2 2>&1; cat a; bunzip2 -f a.bz2; cat a; bunzip2 a 2>&1"
    text, _ = bunzip2(sim, tmp_path, script, a=bz2.compress(b"new\n"))
    assert text == "bunzip2: a: already exists (-f overwrites)\nold\nnew\nbunzip2: a: unknown suffix -- ignored\n"
