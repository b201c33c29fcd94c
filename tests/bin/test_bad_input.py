"""Operands that are missing or directories, malicious archives, and a full flash."""

import gzip
import io
import random
import tarfile

import pytest
from cases import Case, outcome, parametrize
from harness import PATIENCE

FILES = "printf 'one\\ntwo\\n' > good; mkdir d; "
MISSING = "{0}: nope: No such file or directory\n"
DIRECTORY = "{0}: d: Is a directory\n"

# Program with its options: what it prints for the good file among bad ones, and its status.
GOOD = {
    "cat": ("one\ntwo\n", 1),
    "sort -r": ("two\none\n", 2),
    "rev": ("eno\nowt\n", 1),
    "tac": ("two\none\n", 1),
    "nl": ("     1\tone\n     2\ttwo\n", 1),
    "fold -w 2": ("on\ne\ntw\no\n", 1),
    "expand": ("one\ntwo\n", 1),
    "od -An -c": ("   o   n   e  \\n   t   w   o  \\n\n", 1),
    "sha1sum": ("c708d7ef841f7e1748436b8ef5670d0b2de1a227  good\n", 1),
    "cut -c 1": ("o\nt\n", 1),
    "grep -h w": ("two\n", 2),
    "sed -n 2p": ("two\n", 1),
    "awk '{print NR}'": ("1\n2\n", 2),
    "base64": ("b25lCnR3bwo=\n", 1),
    "less": ("one\ntwo\n", 1),
    "more": ("one\ntwo\n", 1),
    "base32": ("N5XGKCTUO5XQU===\n", 1),
    "cksum": ("3865817952 8 good\n", 1),
    "crc32": ("12ba0be6 good\n", 1),
    "head": ("==> good <==\none\ntwo\n", 1),
    "tail": ("==> good <==\none\ntwo\n", 1),
    "hexdump": ("0000000 6e6f 0a65 7774 0a6f                    \n0000008\n", 1),
    "xargs -a": ("", 1),
    "md5sum": ("2094b601daac3d68f5aed51d3c20f7cd  good\n", 1),
    "sha256sum": ("c3f9c8c283a2b1f2f1896f27a01cbe3cddc0c9d93f752e4639035a0f5b36f6e8  good\n", 1),
    "strings -n 3": ("one\ntwo\n", 1),
    "unexpand": ("one\ntwo\n", 1),
    "wc -l": ("2 good\n2 total\n", 1),
    "jq -R .": ('"one"\n"two"\n', 2),
    "column": ("one  two\n", 1),
    "paste -s": ("one\ttwo\n", 1),
}


def among(bad, message):
    for program, (text, status) in GOOD.items():
        name = program.split()[0]
        script = f"{FILES}{program} {bad} good 2>../e; s=$?; cat ../e; exit $s"
        yield Case(f"{name}-{bad}", script, "", text + message.format(name), status)


CASES = [
    Case("awk-output", FILES + "awk 'BEGIN { print 1 > \"d\" }' 2>&1", "", "awk: d: Is a directory\n", 1),
    *among("nope", MISSING),
    *among("d", DIRECTORY),
    Case("uniq-into-file", FILES + "uniq nope good 2>&1; cat good", "", MISSING.format("uniq") + "one\ntwo\n"),
    Case("uniq-in-place", "printf 'a\\na\\nb\\n' > f; uniq f f; cat f", "", "a\nb\n"),
    Case("xxd-into-file", FILES + "xxd nope good 2>&1; cat good", "", MISSING.format("xxd") + "one\ntwo\n"),
    Case("sort-into-file", FILES + "sort -o good nope d 2>/dev/null; echo $?; cat good", "", "2\none\ntwo\n"),
    Case(
        "mv-over-directory", "mkdir -p a q/a; echo x > q/a/f; mv a q 2>&1; ls", "", "mv: a: Directory not empty\na\nq\n"
    ),
    Case("mv-directory-over-file", "mkdir a; echo x > f; mv a f 2>&1; cat f", "", "mv: a: Not a directory\nx\n"),
    Case("cp-directory", "mkdir a; cp a b 2>&1; ls", "", "cp: a: Is a directory (not copied)\na\n", 0),
    Case("rm-directory", "mkdir a; rm a 2>&1; ls", "", "rm: a: Is a directory\na\n"),
]


@parametrize(CASES)
def test_program(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


BINARY = "cat rev sort uniq tac tr/a/b sed/-n/p awk/1 cut/-b1- paste grep/-a/^".split()


@pytest.mark.parametrize("program", BINARY)
def test_a_binary_file_stays_what_it_is(sim, tmp_path, program):
    data = bytes(range(256)).replace(b"\n", b"") + b"\n"
    (tmp_path / "bin").write_bytes(data)
    command = program.replace("/", " ")
    # If the program reverses its input, applying it twice restores it.
    script = f"cd /mnt/t; {command} < bin > out; {command} < out > again; echo $?"
    assert sim(script, mount=f"{tmp_path}:/mnt/t").stdout == "0\n"
    assert (tmp_path / "again").read_bytes() == (data.replace(b"a", b"b") if program == "tr/a/b" else data)


def test_tar_refuses_names_outside_and_does_the_rest(sim, tmp_path):
    with tarfile.open(tmp_path / "t.tar", "w") as archive:
        for name in ("../up", "/tmp/absolute", "a/../../up", "good"):
            info = tarfile.TarInfo(name)
            info.size = 3
            archive.addfile(info, io.BytesIO(b"hi\n"))
    result = sim("mkdir /tmp/d; cd /tmp/d; tar xf /mnt/t/t.tar; echo $?; ls /tmp /tmp/d", mount=f"{tmp_path}:/mnt/t")
    assert result.stdout == "2\n/tmp:\nd\n\n/tmp/d:\ngood\n"
    assert result.stderr.count("are not allowed") == 3


def test_a_gzip_bomb_fills_nothing(sim, tmp_path):
    (tmp_path / "b.gz").write_bytes(gzip.compress(bytes(16 * 1024 * 1024)))
    script = "cp /mnt/t/b.gz /tmp; cd /tmp; gunzip b.gz; echo $?; ls; df / | sed -n '2s/.* \\([0-9]*\\)%.*/\\1/p'"
    result = sim(script, mount=f"{tmp_path}:/mnt/t")
    assert result.stdout.splitlines()[:2] == ["1", "b.gz"]
    assert "No space left on device" in result.stderr


BOMBS = {
    "tar xzf": "tar: b.tgz: not a tar archive, or damaged\n",
    "tar tzf": "tar: b.tgz: not a tar archive, or damaged\n",
    "tar xf": "tar: zeros: No space left on device\n",
    "zcat": "zcat: b.tgz: expands to more than 67108864 bytes\n",
}


@pytest.mark.parametrize("command", BOMBS)
def test_a_gzip_bomb_is_refused_with_a_reason(sim, tmp_path, command):
    size = 65 << 20 if command == "zcat" else 8 << 20
    plain = tarfile.TarInfo("zeros")
    plain.size = size
    head = plain.tobuf() if command == "tar xf" else b""
    (tmp_path / "b.tgz").write_bytes(gzip.compress(head + bytes(size)))
    script = f"cd /tmp; cp /mnt/t/b.tgz .; {command} b.tgz > /dev/null; echo $?; ls -A"
    result = sim(script, mount=f"{tmp_path}:/mnt/t")
    assert result.stderr == BOMBS[command]
    assert result.stdout == ("1" if command == "zcat" else "2") + "\nb.tgz\n"


def test_a_file_of_an_archive_that_does_not_fit_leaves_what_was_there(sim, tmp_path):
    with tarfile.open(tmp_path / "t.tgz", "w:gz") as archive:
        for name, data in (("a", b"new\n"), ("big", bytes(8 << 20)), ("z", b"new\n")):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    script = "cd /tmp; echo old > big; tar xzf /mnt/t/t.tgz; echo $?; cat a big z; ls -A"
    result = sim(script, mount=f"{tmp_path}:/mnt/t")
    assert result.stdout == "2\nnew\nold\nnew\na\nbig\nz\n"
    assert result.stderr == "tar: big: No space left on device\n"


@pytest.mark.parametrize("command", ["sed -i s/^/x/ f", "sort -o f f", "uniq f f"])
def test_a_full_flash_leaves_the_file_as_it_was(sim, command):
    script = (
        "cd /tmp; seq 1 9000 > f; crc32 f > /tmp/sum; n=0;"
        " while cp f fill$n 2>/dev/null; do n=$((n + 1)); done;"
        f" {command}; echo $?; crc32 f | cmp - /tmp/sum && echo same; rm fill*; ls -A"
    )
    result = sim(script)
    lines = result.stdout.splitlines()
    assert lines[0] != "0" and lines[1] == "same", result.stdout + result.stderr
    assert "No space left on device" in result.stderr
    assert not [name for name in lines[2:] if "~" in name]


@pytest.mark.parametrize("command", ["cat", "wc", "tr x z", "fold", "head -c 5", "strings", "md5sum", "base64", "xxd"])
def test_a_line_of_a_megabyte_passes(sim, tmp_path, command):
    (tmp_path / "line").write_bytes(b"x y" * 350_000)
    result = sim(f"{command} < /mnt/t/line > /mnt/t/out; echo $?; wc -c < /mnt/t/out", mount=f"{tmp_path}:/mnt/t")
    assert (result.stdout.split()[0], result.stderr) == ("0", "")
    assert int(result.stdout.split()[1]) > 0


LIMITED = "cat/-n cut/-f1 sort grep/y sed/s/x/y/ awk/1 uniq rev tac nl paste unexpand sed/-n/l sort/-u".split()


@pytest.mark.parametrize("command", LIMITED)
def test_what_needs_a_whole_line_says_that_it_is_too_long(sim, tmp_path, command):
    (tmp_path / "line").write_bytes(b"x y" * 350_000)
    name, *words = command.split("/", 1)
    options = [word if name == "sed" and word[0] == "s" else word.replace("/", " ") for word in words]
    result = sim(f"cd /mnt/t; {' '.join([name, *options])} line; echo $?", mount=f"{tmp_path}:/mnt/t")
    status = 2 if name == "grep" else 1  # where 1 means that nothing was found
    assert (result.stdout, result.stderr) == (f"{status}\n", f"{name}: line: line too long\n")


@pytest.mark.parametrize("command", "cat/-n cut/-f1 grep/y sed/s/x/x/ rev tac nl unexpand".split())
def test_what_follows_a_line_that_is_too_long_is_done(sim, tmp_path, command):
    (tmp_path / "line").write_bytes(b"x y" * 350_000)
    (tmp_path / "good").write_bytes(b"yxy\n")
    name, *words = command.split("/", 1)
    options = [word if name == "sed" else word.replace("/", " ") for word in words]
    result = sim(f"cd /mnt/t; {' '.join([name, *options])} line good; echo $?", mount=f"{tmp_path}:/mnt/t")
    assert "yxy\n" in result.stdout
    assert result.stdout.endswith("2\n" if name == "grep" else "1\n")
    assert result.stderr == f"{name}: line: line too long\n"


@pytest.fixture
def megabyte(tmp_path):
    """The path of a file with a megabyte of lines, and those lines in order."""
    chance = random.Random(1)
    lines = [b"%d %d" % (chance.randrange(10**6), i) for i in range(80_000)]
    (tmp_path / "text").write_bytes(b"\n".join(lines) + b"\n")
    return tmp_path, b"\n".join(sorted(lines)) + b"\n"


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("heap", ["146k", "180k"])  # 101 and 128 kB on a board, whose objects are smaller
def test_a_megabyte_is_sorted_in_the_heap_of_a_small_board(sim, megabyte, heap):
    place, expected = megabyte
    script = "sort /mnt/t/text > /mnt/t/out; echo $?; ls -A /tmp"
    result = sim(script, mount=f"{place}:/mnt/t", image="romfs", heap=heap, timeout=200)
    assert (result.stdout, result.stderr) == ("0\n", "")
    assert (place / "out").read_bytes() == expected


def test_two_sorts_at_a_time_keep_their_runs_apart(sim):
    script = "cd /tmp; seq 2000 > f; sort -n f | sort -rn | sort -n | cmp - f; echo $?; ls -A"
    result = sim(script)  # in so little memory that each keeps runs in /tmp
    assert (result.stdout, result.stderr) == ("0\nf\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("image", ["source", "mpy"])
def test_many_short_lines_take_little_memory(sim, image):
    """Each becomes an object that is much larger than its text."""
    programs = (
        "cat -n; nl; rev; cut -c 1; sed s/a/b/; expand; unexpand; fold -w 1; tac; tr a b; sort; grep a; paste -; comm - f; "
        "head -n 60000; less; awk '{print}'"
    ).split("; ")
    if image == "source":  # the compiler of awk's own modules leaves too little
        programs.pop()
    script = "yes a | head -n 60000 > f\n"
    for program in programs:
        script += f"{program} < f | wc -l\n"
    result = sim(script + "uniq -c f", image=image, timeout=PATIENCE)
    assert (result.stdout, result.stderr) == ("60000\n" * len(programs) + "  60000 a\n", "")
