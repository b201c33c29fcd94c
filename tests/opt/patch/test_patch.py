"""patch applies, reverses or refuses diffs without losing data, as GNU patch does."""

import random
import subprocess

from cases import Case, outcome, parametrize

START = "seq 12 > a; sed 's/^3$/three/; 7d; s/12/12\\nnew/' a > b; diff -u a b > d; "

CASES = [
    Case("apply and take back", START + "cp a c; patch c d; cmp b c; patch -sR c < d; cmp a c", stdout="patching file c\n"),
    Case("again", START + "patch -s a d; patch a d; echo $?; cmp a b; echo *",
         stdout="patching file a\na: has been applied already; -R takes it back\n1\na b d\n"),
    Case("elsewhere", START + "(echo x; cat a) > c; patch c d; sed 1d c | cmp - b",
         stdout="patching file c\nHunk #1 succeeded at 2 (offset 1 line).\n"),
    Case("what fits nowhere", "seq 20 > a; sed 's/^3$/x/; s/^15$/y/' a > b; diff -u a b > d; sed -i 's/^3$/z/' a; patch a d; echo $?\n"
         "grep -c y a; head -n 3 a.rej | tail -n 1; patch --dry-run -s a d; echo $?",
         stdout="patching file a\nHunk #1 FAILED at 1.\n1 of 2 hunks fit nowhere: a.rej\n1\n1\n@@ -1,6 +1,6 @@\n1\n"),
    Case("a last line without newline", "printf 'a\\nb' > a; printf 'a\\nb\\nc' > b; diff -u a b > d; patch -s a d; cmp a b; patch -sR a d; cat a",
         stdout="a\nb"),
    Case("new and removed", "printf -- '--- /dev/null\\n+++ b/x/y/n\\n@@ -0,0 +1 @@\\n+e\\n' > d; patch -sp1 < d; cat x/y/n; patch -sRp1 < d; ls x/y",
         stdout="e\n"),
    Case("names", "printf -- '--- a/../x\\n+++ b/../x\\n@@ -0,0 +1 @@\\n+e\\n' | patch -p1 2>&1; printf -- '--- a\\n+++ /x\\n@@ -0,0 +1 @@\\n+e\\n' | patch -p0 2>&1",
         stdout="patch: a/../x: not below the current directory\npatch: /x: not below the current directory\n", status=2),
    Case("bad input", "echo garbage | patch a 2>&1; echo $?; printf -- '--- a\\n+++ a\\n@@ -1,3 +1,3 @@\\n 1\\n' | patch 2>&1; mkdir d\n"
         "printf -- '--- a\\n+++ a\\n@@ x @@\\n' | patch 2>&1; printf -- '--- a\\n+++ a\\n@@ -1 +1 @@\\n-1\\n+2\\n' > p; patch d p 2>&1; patch n p 2>&1; patch < /dev/null",
         stdout="patch: only garbage was found in the patch\n2\npatch: the patch ends in the middle of a hunk\n"
                "patch: no hunk of a unified diff: @@ x @@\npatch: d: Is a directory\npatch: n: no such file\n"),
    Case("backup and empty", "echo a > a; printf -- '--- a\\n+++ a\\n@@ -1 +0,0 @@\\n-a\\n' > p; patch -sbE a p; echo *; cat a.orig", stdout="a.orig p\na\n"),
]  # fmt: skip


@parametrize(CASES)
def test_patch(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


def edited(lines, count, chance):
    """Lines with that many changes."""
    lines = lines[:]
    for _ in range(count):
        i = chance.randrange(len(lines) + 1)
        what = chance.random()
        if what < 0.4 and i < len(lines):
            lines[i] = f"edit {chance.randrange(100)}\n"
        elif what < 0.7:
            lines.insert(i, f"ins {chance.randrange(100)}\n")
        elif i < len(lines):
            del lines[i]
    return lines


def test_files_that_others_have_changed_become_what_gnu_makes_of_them(sim, require, tmp_path):
    require("patch")
    require("diff")
    chance = random.Random(7)
    for number in range(60):
        base = [f"line {chance.choice((i, chance.randrange(9)))}\n" for i in range(chance.randrange(1, 40))]
        old, new, target = (tmp_path / f"{kind}{number}" for kind in ("old", "new", "t"))
        old.write_text("".join(base))
        new.write_text("".join(edited(base, chance.randrange(1, 6), chance)))
        target.write_text("".join(edited(base, chance.choice((0, 0, 1, 2, 4)), chance)))
        delta = tmp_path / f"d{number}"
        delta.write_bytes(subprocess.run(["diff", "-u", old, new], capture_output=True).stdout)
        result = tmp_path / f"r{number}"
        command = ["patch", "-f", "-r", "-", "-o", result, target, delta]
        status = subprocess.run(command, capture_output=True).returncode
        (tmp_path / f"s{number}").write_text(f"{status}\n")
        old.unlink()
        new.unlink()
    found = sim(
        "cd /tmp; for i in $(seq 0 59); do cp /mnt/x/t$i t; patch -s t /mnt/x/d$i > /dev/null; s=$?; touch t\n"
        "cmp -s t /mnt/x/r$i && [ $s = $(cat /mnt/x/s$i) ] || echo differ $i $s; rm -f t t.rej; done; echo end",
        mount=f"{tmp_path}:/mnt/x",
    )
    assert (found.stdout, found.stderr) == ("end\n", "")
