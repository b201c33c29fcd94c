"""Programs that make, move, list and remove files."""

import pytest
from cases import Case, outcome, parametrize

TREE = "mkdir -p a/b c; echo one > a/1; echo two > a/b/2; "

CASES = [
    Case("cp-file", TREE + "cp a/1 n; cp a/1 c; cat n c/1", "", "one\none\n"),
    Case("cp-many", TREE + "cp -v a/1 a/b/2 c; ls c", "", "'a/1' -> 'c/1'\n'a/b/2' -> 'c/2'\n1\n2\n"),
    Case("cp-tree", TREE + "cp -r a x; cp -r a x; ls -R x", "", "x:\n1\na\nb\n\nx/a:\n1\nb\n\nx/a/b:\n2\n\nx/b:\n2\n"),
    Case("cp-no-tree", TREE + "cp a x 2>&1", "", "cp: a: Is a directory (not copied)\n", 1),
    Case("cp-itself", TREE + "cp a/1 a/../a/1 2>&1", "", "cp: a/1: and a/../a/1 are the same file\n", 1),
    Case("cp-into-itself", TREE + "cp -r a a/b/x 2>&1; ls a/b", "", "cp: a: cannot go into itself, a/b/x\n2\n"),
    Case("cp-many-nowhere", TREE + "cp a/1 a/b/2 x 2>&1", "", "cp: x: Not a directory\n", 1),
    Case("cp-one-bad", TREE + "cp nope a/1 c 2>&1; ls c", "", "cp: nope: No such file or directory\n1\n"),
    Case("cp-no-clobber", TREE + "cp -n a/1 a/b/2; cat a/b/2", "", "two\n"),
    Case(
        "cp-ask",
        TREE + "cp -i a/1 a/b/2 2>/dev/null; cp -i a/1 a/b/2 2>&1; cat a/b/2",
        "n\ny\n",
        "overwrite a/b/2? one\n",
    ),
    Case("cp-over-directory", TREE + "mkdir c/1; cp a/1 c 2>&1", "", "cp: c/1: Is a directory\n", 1),
    Case(
        "cp-protected",
        "echo x > f; cp f /boot.py 2>&1; cp f /tmp/../main.py 2>&1; cp f //boot.py 2>/dev/null",
        "",
        "cp: /boot.py: is a protected system file\ncp: /tmp/../main.py: is a protected system file\n",
        1,
    ),
    Case("cp-no-leftovers", TREE + "cp a/1 n; cp a/1 n; ls -A", "", "a\nc\nn\n"),
    Case("mv-file", TREE + "mv a/1 n; cat n; ls a", "", "one\nb\n"),
    Case(
        "mv-directory",
        TREE + "mv a x; ls -R x; ls -d a 2>&1",
        "",
        "x:\n1\nb\n\nx/b:\n2\nls: a: No such file or directory\n",
        2,
    ),
    Case("mv-into", TREE + "mv a c; ls c/a", "", "1\nb\n"),
    Case("mv-over", TREE + "mv a/1 a/b/2; cat a/b/2; ls a", "", "one\nb\n"),
    Case("mv-into-itself", TREE + "mv a a/b/x 2>&1; ls a", "", "mv: a: cannot go into itself, a/b/x\n1\nb\n"),
    Case("mv-itself", TREE + "mv a a 2>&1", "", "mv: a: cannot go into itself, a/a\n", 1),
    Case("mv-no-clobber", TREE + "mv -n a/1 a/b/2; cat a/b/2 a/1", "", "two\none\n"),
    Case(
        "mv-full-directory",
        TREE + "mkdir -p c/a; echo > c/a/x; mv a c 2>&1; ls c/a a",
        "",
        "mv: a: Directory not empty\na:\n1\nb\n\nc/a:\nx\n",
    ),
    Case(
        "mv-protected",
        "mv /main.py . 2>&1; echo x > f; mv f /boot.py 2>&1; cat f",
        "",
        "mv: /main.py: is a protected system file\nmv: /boot.py: is a protected system file\nx\n",
    ),
    Case("rm-file", TREE + "rm a/1 a/b/2; ls a a/b", "", "a:\nb\n\na/b:\n"),
    Case("rm-directory", TREE + "rm a 2>&1; rm -r a; ls", "", "rm: a: Is a directory\nc\n"),
    Case("rm-missing", "rm nope 2>&1; rm -f nope", "", "rm: nope: No such file or directory\n"),
    Case(
        "rm-says",
        TREE + "rm -rv a",
        "",
        "removed 'a/1'\nremoved 'a/b/2'\nremoved directory 'a/b'\nremoved directory 'a'\n",
    ),
    Case("rm-asks", TREE + "rm -i a/1 2>/dev/null; rm -i a/1 2>&1; ls a", "n\ny\n", "rm: remove a/1? b\n"),
    Case(
        "rm-never",
        "rm -rf / . .. 2>&1; rm -f /main.py 2>&1",
        "",
        "rm: /: refusing to remove it\nrm: .: refusing to remove it\nrm: ..: refusing to remove it\n"
        "rm: /main.py: is a protected system file\n",
        1,
    ),
    Case(
        "rmdir",
        "mkdir -p a/b/c d; rmdir d; rmdir -p a/b/c; ls; mkdir -p x/y; rmdir x 2>&1",
        "",
        "rmdir: x: Directory not empty\n",
        1,
    ),
    Case("rmdir-file", "touch f; rmdir f 2>&1", "", "rmdir: f: Not a directory\n", 1),
    Case(
        "mkdir",
        "mkdir a a/b; mkdir -pv a/b/c/d; mkdir a 2>&1; mkdir -p a",
        "",
        "mkdir: created directory 'a/b/c'\nmkdir: created directory 'a/b/c/d'\nmkdir: a: File exists\n",
    ),
    Case("mkdir-no-parent", "mkdir a/b 2>&1", "", "mkdir: a/b: No such file or directory\n", 1),
    Case("touch", "touch f; wc -c f; echo x > g; touch g f; cat g; touch -c h; ls", "", "0 f\nx\nf\ng\n"),
    Case(
        "ls", TREE + "touch .h; ls; ls -a; ls -A; ls -F; ls a/1", "", "a\nc\n.\n..\n.h\na\nc\n.h\na\nc\na/\nc/\na/1\n"
    ),
    Case("ls-two", TREE + "ls c a a/1", "", "a/1\n\na:\n1\nb\n\nc:\n"),
    Case("ls-missing", "ls nope 2>&1", "", "ls: nope: No such file or directory\n", 2),
    Case("ls-dash-names", "mkdir my-dir; touch my-dir/x-y; ls my-dir; ls -d my-dir", "", "x-y\nmy-dir\n"),
    Case("ls-order", "echo long > b; echo > a; ls -S; ls -r; ls -Sr", "", "b\na\nb\na\na\nb\n"),
    Case(
        "ls-columns",
        "touch a b c d e f; ls -C; ls -x -w 7; ls -Cw 4",
        "",
        "a  b  c  d  e  f\na  b  c\nd  e  f\na  d\nb  e\nc  f\n",
    ),
    Case(
        "ls-long",
        "mkdir d; echo 12345 > p.py; ls -lk --upyos | cut -c 1-11; ls -l --upyos | tail -n 1; ls -lh /boot.py | cut -c 1-10",
        "",
        "drw-      -\n rwx      6\nTotal .: 6 bytes\n-r-xr-xr-x\n",
    ),
    Case("ls-commas", "touch a b c d; ls -m; ls -m -w 6", "", "a, b, c, d\na, b,\nc, d\n"),
    Case(
        "ls-controls",
        "touch \"$(printf 'a\\033b')\" \"$(printf 'c\\td')\"; ls -q; ls -b; ls | wc -c",
        "",
        "a?b\nc?d\na\\033b\nc\\td\n8\n",
    ),
    Case(
        "ls-many",
        "for i in $(seq 200); do >f$i; done; ls | wc -l; ls -l | wc -l; ls -C f* | wc -w",
        "",
        "200\n201\n200\n",
    ),
    Case(
        "ls-full-time",
        "mkdir d; >f; ls --full-time | sed -n '3s/ [0-9-]* [0-9:]*[.]0* / DATE /p'; ls -l --full-time d",
        "",
        "-rw-r--r-- 1 root root 0 DATE +0000 f\ntotal 0\n",
    ),
    Case("ls-zone", "> f; TZ=Asia/Tokyo ls --full-time f | grep -c ' +0900 f'", "", "1\n"),
    Case("ls-cwd", "mkdir d; ls d; pwd", "", "/tmp/case/d\n"),
    Case("find", TREE + "find", "", ".\n./a\n./a/1\n./a/b\n./a/b/2\n./c\n"),
    Case(
        "find-name",
        TREE + "find a -name '[12]'; find . -iname B -type d; find . -maxdepth 1 ! -name .",
        "",
        "a/1\na/b/2\n./a/b\n./a\n./c\n",
    ),
    Case("find-or", TREE + "find a \\( -name 1 -o -name 2 \\) -a -size -2 -print0 | wc -c", "", "10\n"),
    Case("find-prune", TREE + "find . -name b -prune -o -type f -print", "", "./a/1\n"),
    Case(
        "find-exec",
        TREE + "find a -type f -exec echo '<{}>' \\; ; find a -type f -exec echo + {} +",
        "",
        "<a/1>\n<a/b/2>\n+ a/1 a/b/2\n",
    ),
    Case("find-delete", TREE + "find a -name 2 -delete; find a -delete; ls", "", "c\n"),
    Case("find-empty", TREE + "touch e; find . -empty", "", "./c\n./e\n"),
    Case("find-newer", TREE + "find . -newer a/1; find . -mmin +5 -type f", "", ""),
    Case(
        "find-wrong",
        "find . -nam x 2>&1 | head -n 1; find nope 2>&1",
        "",
        "find: -nam: unknown test\nfind: nope: No such file or directory\n",
        1,
    ),
    Case("pwd", "mkdir e; cd e; /bin/pwd", "", "/tmp/case/d/e\n"),
    Case("help", "rmdir --help | head -n 2", "", "rmdir - remove empty directories\nusage: rmdir [-pv] DIRECTORY...\n"),
]


@parametrize(CASES)
def test_files(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


def test_a_copy_that_does_not_fit_leaves_the_old_file(sim):
    result = sim(
        "cd /tmp; echo old > target; yes | head -c 200000 > big\n"
        "i=0; while cp big fill$i 2>/dev/null; do i=$((i + 1)); done\n"
        "cp big target 2>&1; cat target; ls -A | grep -v fill"
    )
    assert result.stdout == "cp: big: No space left on device\nold\nbig\ntarget\n"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["cp new f", "mv new f", "cp new f; rm new"])
def test_power_may_fail_at_every_write(sim, flash, command):
    image = flash()
    sim("cd /tmp; echo old > f; echo new > new", flash=image)
    saved = image.read_bytes()
    writes = sim(f"cd /tmp; {command}", flash=image, count_writes=True).writes
    for n in range(1, writes + 1):
        for kind in ("", ":torn"):
            image.write_bytes(saved)
            sim(f"cd /tmp; {command}", flash=image, cut_power_at=f"{n}{kind}")
            after = sim("cat /tmp/f", flash=image)
            assert after.stdout in ("old\n", "new\n"), (n, kind, after.stderr)


def test_between_file_systems(sim, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    result = sim(
        "cd /tmp; mkdir -p d/e; echo 1 > d/e/f; mv d /mnt/x; cat /mnt/x/d/e/f; ls -d d; mv /mnt/x/d/e/f .; cat f; "
        "cp f /mnt/x/g; cp /mnt/x/g /mnt/x/h; cat /mnt/x/h; ls -A /mnt/x; rm f",
        mount=[f"{other}:/mnt/x"],
    )
    assert result.stdout == "1\n1\n1\nd\ng\nh\n"
