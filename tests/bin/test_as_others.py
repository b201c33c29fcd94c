"""Options and corner cases of other systems' tools that scripts rely on."""

import subprocess

import pytest
from cases import Case, outcome, parametrize

CASES = [
    Case("seq-width", "seq -w 8 -3 04; seq -w 003 | tail -n 1; seq -w 03 .3 0003.5", "", "08\n05\n003\n0003.0\n0003.3\n"),
    Case("seq-exponent", "seq -s, 1.0e0 2; seq 1e1 11; seq -f \"%'.1f\" 1", "", "1.0,2.0\n10\n11\n1.0\n"),
    Case("head-all-but", "seq 12 | head -n -9; printf abcdef | head -c -4; seq 2 | head -n -5", "", "1\n2\n3\nab"),
    Case("head-last-wins", "seq 3 | head -c 3 -n 1; seq 300 | head -c 1k | wc -c", "", "1\n1024\n"),
    Case("tail-last-wins", "seq 9 | tail -c 100 -n 1; seq 900 > f; tail -c 1k f | wc -c", "", "9\n1024\n"),
    Case("nothing-is-not-the-end", "printf 'ab\\ncd' > f; tr -d '\\n' < f | fold -w 3 | cat", "", "abc\nd"),
    Case("cat-high-tab", "printf '\\211\\t' | cat -v", "", "M-^I\t"),
    Case("file-details", "printf 'GIF89a\\040\\000\\020\\000xx' > g; printf 'BZh9x' > b; printf '\\312\\376\\272\\276\\000\\000\\000\\065' > j\n"
         "printf '\\177ELF\\002\\001x' > e; file -b g b j e /dev/zero",
         "", "GIF image data, version 89a, 32 x 16\nbzip2 compressed data, block size = 900k\n"
         "compiled Java class data, version 53.0\nELF binary, 64-bit LSB\ncharacter special\n"),
    Case("rev-last-line", "printf 'ab\\ncd' | rev", "", "ba\ndc"),
    Case("split-units", "seq 3000 | split -l 1k; wc -l < xaa; ls", "", "1024\nxaa\nxab\nxac\n"),
    Case("stat-percent", "echo > f; stat -c %s% f; stat -c % f", "", "1%\n%\n"),
    Case("sort-sizes", "printf '1M\\n2k\\n3e\\n2E\\n1023\\n' | sort -h", "", "3e\n1023\n2k\n1M\n2E\n"),
    Case("xargs-file", "printf '1\\n2\\n' > a; echo in | xargs -a a cat - 2>/dev/null; echo x | xargs -e", "", "in\nx\n"),
    Case("xargs-too-small", "echo a | xargs -s 5 2>&1; xargs -s 4 < /dev/null 2>&1", "", "xargs: argument list too long\n" * 2, 1),
    Case("xargs-lines", "printf ' \\n2\\n\\n 6 6 \\n \\v\\t7\\n' | xargs -I% echo '[%]'", "", "[2]\n[6 6 ]\n[7]\n"),
    Case("xargs-parallel", "printf '.3\\n.3\\n.3\\n' > n; date +%s%3N > a; xargs -n 1 -P 3 sleep < n; date +%s%3N > b\n"
         "test $(($(cat b) - $(cat a))) -lt 800 && echo soon", "", "soon\n"),
    Case("xargs-parallel-status", "printf 'true\\nfalse\\n' | xargs -n 1 -P 2 sh -c '\"$0\"'; echo $?", "", "123\n"),
    Case("xxd-one-line", "seq 20 | xxd -p -c 0 | wc -lc", "", "      1     103\n"),
    Case("xxd-back", "echo '00000000  6869' | xxd -r; printf '33 3!4 3!!5\\n36\\n' | xxd -r -p", "", "hi3C6"),
    Case("printf-lengths", "printf '%ld %zd %hhd %Lu\\n' 1 -2 3 4", "", "1 -2 3 4\n"),
    Case("cut-whole", "printf 'aéb\\n' | cut -nb 1-2; printf 'aéb\\n' | cut -nb 3-4", "", "a\néb\n"),
    Case("wc-wide", "printf '私は\\n' | wc -L; printf 'e\\314\\210\\n' | wc -L", "", "4\n1\n"),
    Case("fold-wide", "printf '私は私' | fold -w 5; printf 'e\\314\\210abc\\n' | fold -w 3", "", "私は\n私e\u0308ab\nc\n"),
    Case("diff-itself", "echo x | diff - -; echo $?", "", "0\n"),
    Case("cmp-line", "printf 'a\\nb\\n' > x; printf 'a\\nb\\nc' > y; cmp x y 2>&1", "", "cmp: EOF on x after byte 4, line 2\n", 1),
    Case("od-letters", "printf 'abcd' | od -An -X; printf 'abcd' | od -An -h; printf ab | od -B --traditional", "",
         " 64636261\n 6261 6463\n0000000 061141\n0000002\n"),
    Case("ls-suffix", "touch a.x b.c c; ls -X; ls -rX; ls --sort=extension -d *", "", "c\nb.c\na.x\na.x\nb.c\nc\nc\nb.c\na.x\n"),
    Case("ls-escaped", "touch 'a b'; ls -b; ls -N", "", "a\\ b\na b\n"),
    Case("cp-parents", "mkdir -p a/b to; echo x > a/b/f; cp --parents a/b/f to; cat to/a/b/f; cp -D a/b/f nope 2>&1", "",
         "x\ncp: nope: Not a directory\n", 1),
    Case("cp-preserve", "echo x > f; cp --preserve=mode,timestamps f g; cat g", "", "x\n"),
    Case("realpath-relative", "mkdir -p a/b c; cd a; realpath --relative-to=../c b; realpath --relative-base=. .. b | tail -n 1",
         "", "../a/b\nb\n"),
    Case("realpath-base", "realpath --relative-base=/no/no /tmp 2>&1", "", "realpath: /no/no: No such file or directory\n", 1),
    Case("diff-formats", "seq 2 > a; printf '1\\n3\\n' > b; diff --unchanged-line-format= --old-line-format=D%l "
         "--new-line-format=A%l a b", "", "D2A3", 1),
    Case("diff-carriage", "printf 'a\\r\\n' > a; echo a > b; diff --strip-trailing-cr a b && diff -q --strip-trailing-cr a b", "", ""),
    Case("realpath-zero", "realpath -z /tmp /bin | tr '\\0' ' '; realpath -q /no/no; echo $?", "", "/tmp /bin 1\n"),
    Case("grep-null", "echo x > f; grep -lZ x f | tr '\\0' '!'", "", "f!"),
    Case("sed-range-missed", "seq 4 | sed -n '1d;1,3p'; seq 9 | sed -n '2{N;N};3,5p'", "", "2\n3\n2\n3\n4\n5\n"),
    Case("sed-write-last", "printf 'a\\nb' | sed -n 'w out'; cat out", "", "a\nb"),
    Case("sed-nothing-to-edit", "sed -i s/a/b/ 2>&1", "", "sed: no input files\n", 1),
    Case("sed-text-escape", "echo x | sed 'a\\\\ta'", "", "x\n\ta\n"),
    Case("awk-bits", "awk 'BEGIN { print and(12, 10, 9), or(8, 1), xor(6, 3), lshift(3, 2), rshift(12, 1), compl(0) > 1 }'; cat 1",
         "", "8 9 5 12 6 9007199254740991\n"),
    Case("awk-gensub", "echo 'a-b-c' | awk '{ print gensub(/(.)-(.)/, \"<\\\\2\\\\1>\", 1), gensub(\"-\", \"+\", \"g\"), gensub(/-/, \"=\", 2) }'",
         "", "<ba>-c a+b+c a-b=c\n"),
    Case("awk-dates", "TZ=UTC awk 'BEGIN { print strftime(\"%F %T\", 86399), mktime(\"1970 01 02 00 00 01\"), strtonum(\"0x1F\"), 0x1f }'",
         "", "1970-01-01 23:59:59 86401 31 31\n"),
    Case("awk-no-field", "printf 'a\\nb\\n' | awk '$2 != 0'", "", "a\nb\n"),
    Case("awk-carriage-return", "printf 'a b\\r\\n' | awk '{ print NF, length($2) }'", "", "2 2\n"),
    Case("awk-escapes", "printf 'a!b' | awk -F'\\x21' '{ print $2, \"\\u00e9\" }'", "", "b é\n"),
    Case("awk-program", "echo a b | awk -e '{ print $2 }' -e 'END { print NR }'", "", "b\n1\n"),
    Case("cat-goes-on", "printf a > f; printf '\\nb\\n\\n\\n' > g; cat -n f g; cat -s f g f", "",
         "     1\ta\n     2\tb\n     3\t\n     4\t\na\nb\n\na"),
    Case("fold-narrow", "seq 9999 > f; tr '\\n' x < f | fold -w 1 | wc -l; fold -w 1 f | wc -l", "", "48887\n38889\n"),
    Case("short-lines", "yes '' | head -n 60000 > f; yes a | head -n 60000 > g; cat -n f g | tail -n 1", "", "120000\ta\n"),
    Case("copies-say-so", "mkdir -p d/e; echo > d/e/f; cp -rv d k; mv -v k l", "",
         "'d' -> 'k'\n'd/e' -> 'k/e'\n'd/e/f' -> 'k/e/f'\nrenamed 'k' -> 'l'\n"),
    Case("dd-no-bytes", "echo a | dd bs=0 2>&1 | head -n 1", "", "dd: block size is 0\n"),
    Case("date-flags", "date -u -d @1700000000 '+%-d %-m %^a %k %l %_m %-j %0e %-S'; date -u -d @0 '+%k|%l|%-H|%_H|%-y|%-%|%-'", "",
         "14 11 TUE 22 10 11 318 14 20\n 0|12|0| 0|70|%-%|%-\n"),
    Case("grep-names-of-options", "grep --max-count=1 --only-matching e; echo eE | grep -y --label=x -H E", "be\n", "e\nx:eE\n"),
    Case("grep-binary", "printf 'a\\0b\\nb\\n' > f; echo b > g; grep b f g 2>&1; grep -c b f; grep -a b f | od -An -c; grep -l b f; grep -v x f 2>&1",
         "", "grep: f: binary file matches\ng:b\n2\n   a  \\0   b  \\n   b  \\n\nf\ngrep: f: binary file matches\n"),
    Case("sort-versions", "sort -V; printf 'x 9\\nx 10\\n' | sort -k2rV | head -n 1",
         "b-10.tar\nb-2.0.1.tar\nb-2.0.tar\n1.10\n1.9\n1.09\na1\na~\na\n.x\n",
         ".x\n1.09\n1.9\n1.10\na~\na\na1\nb-2.0.tar\nb-2.0.1.tar\nb-10.tar\nx 10\n"),
    Case("xargs-odd-bytes", "printf 'a\\377b c' | xargs -n 1 | od -An -c; printf '\\376\\0' | xargs -0 | od -An -c", "",
         "   a 377   b  \\n   c  \\n\n 376  \\n\n"),
    Case("awk-parameters", "awk 'function f(a b) { }' 2>&1", "", "awk: unexpected b, in line 1 of the program\n", 2),
    Case(
        "awk-parameter-twice",
        "awk 'function f(a, b, a) { }' 2>&1",
        "",
        "awk: function f: duplicate parameter a, in line 1 of the program\n",
        2,
    ),
    Case("grep-directories", "mkdir d; echo on > d/f; echo one > a; grep -d skip o d a; echo $?; grep -d recurse on d | sort; grep --directories=read o d a", "",
         "a:one\n0\nd/f:on\na:one\n", 2),
    Case("grep-lines-around", "seq 9 | grep -1 5; seq 30 | grep -10 15 | wc -l", "", "4\n5\n6\n21\n"),
    Case("nul-uniq", "printf 'a\\0a\\0b\\n\\0' > f; uniq -zc f | tr '\\0\\n' '!+'; cut -zc1 f | tr '\\0' '!'; printf 'a\\nb\\0' | cut -zd '\n' -f2 | od -An -c", "",
         "      2 a!      1 b+!a!a!b!   b  \\0\n"),
    Case("cut-at-nul", "printf 'a\\0b\\n' | cut -d '' -f2", "", "b\n"),
    Case("uniq-all", "printf 'a\\na\\nb\\nA\\na\\na\\n' > f; uniq -D f; uniq --all-repeated -i f | wc -l; uniq --skip-chars=1 -D f | wc -l", "", "a\na\na\na\n5\n6\n"),
    Case("sort-at-random", "seq 200 > f; sort -R f | cmp -s - f; echo $?; sort -R f | sort -n | cmp - f; cat f f | sort -R | uniq -c | grep -vc ' 2 '", "", "1\n0\n", 1),
    Case("sort-check", "printf '1\\n2\\n' | sort --check=quiet -S 1M --parallel=4 -T /tmp; echo $?; printf '2\\n1\\n' | sort --check 2>&1", "",
         "0\nsort: -:2: disorder: 1\n", 1),
    Case("sort-numbers-in-bytes", "printf '2\\377\\n1\\n' | sort -g | od -An -c", "", "   1  \\n   2 377  \\n\n"),
    Case("sed-wrong-regex", "sed 's/\\(/x/' 2>/dev/null; echo $?; sed -E '/(/d' 2>&1", "", "1\nsed: unmatched (\n", 1),
    Case("sed-up-to-multiple", "seq 9 | sed '2,~2d' | tr '\\n' ' '; seq 9 | sed -n '3,~4p' | tr '\\n' ' '", "", "1 5 6 7 8 9 3 4 "),
    Case("not-text", "printf '\\377\\n1\\n' > f; jq -Rc . f; jq -Rsc . f; python f; sh < f; python < f", "", "\"\ufffd\"\n\"1\"\n\"\ufffd\\n1\\n\"\n", 1),
    Case("date-of-nothing", "date '' 2>&1 | head -n 1; date + ", "", "date: invalid date\n\n"),
    Case("bytes-in-proc", "test $(wc -c < /proc/version) = $(wc -c /proc/version | cut -d ' ' -f1) && echo same", "", "same\n"),
    Case("diff-context", "seq 9 > a; seq 2 8 | sed s/5/five/ > b; echo x >> b; diff -c -L old -L new a b; diff -C 0 a b | tail -n +3", "",
         "*** old\n--- new\n***************\n*** 1,9 ****\n- 1\n  2\n  3\n  4\n! 5\n  6\n  7\n  8\n! 9\n--- 1,8 ----\n  2\n  3\n  4\n! five\n  6\n"
         "  7\n  8\n! x\n***************\n*** 1 ****\n- 1\n--- 0 ----\n***************\n*** 5 ****\n! 5\n--- 4 ----\n! five\n***************\n"
         "*** 9 ****\n! 9\n--- 8 ----\n! x\n"),
    Case("diff-script-for-ed", "seq 4 > a; printf '1\\n.\\n3\\nz\\n4\\n' > b; diff -e a b", "", "3a\nz\n.\n2c\n..\n.\ns/.//\n", 1),
    Case("diff-side-by-side", "seq 3 > a; printf '1\\n2\\tx\\n' > b; diff -y -W 40 a b; diff --side-by-side --suppress-common-lines a b; diff -yW 20 a a", "",
         "1\t\t\t1\n2\t\t   |\t2\tx\n3\t\t   <\n2\t\t\t\t\t\t\t      |\t2\tx\n3\t\t\t\t\t\t\t      <\n1\t1\n2\t2\n3\t3\n"),
    Case("gzip-suffix", "echo x > a; gzip -S .z a; ls; gunzip -S .z a.z; mkdir -p d/e; cp a d/e; gzip -r --best d; ls d/e; gzip -tv d/e/a.gz 2>&1", "",
         "a.z\na.gz\nd/e/a.gz:\t OK\n"),
    Case("shuf", "seq 500 > f; shuf f > g; cmp -s f g; echo $?; sort -n g | cmp f -; shuf -i 1-9 -n 4 | wc -l; shuf -e a b c | sort | tr '\\n' ' '; shuf -rn 3 -e x; shuf -o f f; sort -n f | tail -n 1", "",
         "1\n4\na b c x\nx\nx\n500\n"),
    Case("shuf-limits", "shuf -i 3-1; shuf -n -1; shuf -r < /dev/null; shuf nope; echo old > f; shuf -o f nope; cat f", "", "old\n"),
    Case("column", "printf 'a bb\\nccc 私 x\\n' | column -t; printf 'a:b\\n:d\\n' | column -ts : -o '|'; seq 12 | column -c 12; seq 4 | column -x", "",
         "a    bb\nccc  私  x\na|b\n |d\n1  4  7  10\n2  5  8  11\n3  6  9  12\n1  2  3  4\n"),
    Case("no-owners", "echo > f; chown root:root f && chown -R 0 f; chown nosuch f 2>&1; chown root g 2>&1; chown 1 2> /dev/null; echo $?", "",
         "chown: f: the file system has no owners\nchown: g: No such file or directory\n2\n"),
    Case("nul-paste", "printf 'a\\0b\\nc\\0' > f; paste -z f - < f | od -An -c; paste -zsd , f | od -An -c; seq 4 | paste - -", "",
         "   a  \\t   a  \\0   b  \\n   c  \\t   b  \\n   c  \\0\n   a   ,   b  \\n   c  \\0\n1\t2\n3\t4\n"),
    Case("mktemp-suffix", "mktemp -u --suffix=.c fXXX | sed 's/f...\\.c/ok/'; mktemp aXXXX.txt | sed 's/a....\\.txt/ok/'; ls | wc -l; mktemp aX.c 2>&1; mktemp --suffix=/b aXXX 2>&1", "",
         "ok\nok\n1\nmktemp: aX.c: too few X in template\nmktemp: /b: directory separator in suffix\n", 1),
    Case("tar-adds", "echo 1 > a; echo 2 > b; mkdir d; tar cf t.tar a d; tar rf t.tar b; rm a b; tar xf t.tar; cat a b; tar tf t.tar; tar rf new.tar a; tar tf new.tar",
         "", "1\n2\na\nd/\nb\na\n"),
    Case("tar-by-name", "echo x > a; tar caf t.tgz a; gzip -t t.tgz; echo $?; tar rf t.tgz a 2>&1; tar tf nope 2>&1", "",
         "0\ntar: t.tgz: cannot update compressed archives\ntar: nope: No such file or directory\n", 2),
    Case("tty-none", "tty < /dev/null; tty -s < /dev/null; echo $?", "", "not a tty\n1\n"),
]  # fmt: skip

FIND = "mkdir -p d/e; printf 12345 > d/f; touch d/g; "

CASES += [
    Case("find-printf", FIND + "find d -name f -printf '%f %p %P %h %s %y %d%%\\n'; find d -type f -printf '[%4f]\\0'", "",
         "f d/f f d 5 f 1%\n[   f]\0[   g]\0"),
    Case("find-printf-time", FIND + "test $(find d/f -printf %TY%Tm) = $(date +%Y%m) && find d/f -printf '%T@\\n' | wc -c",
         "", "22\n"),
    Case("find-printf-end", FIND + "find d -type f -printf 'x\\cy'; find d -printf %q 2>&1 | head -n 1", "", "xxfind: %q: unknown directive\n"),
    Case("find-execdir", FIND + "find d -type f -execdir pwd \\; -execdir echo {} \\; | sed 's,.*/tmp,,'", "",
         "/case/d/d\n./f\n/case/d/d\n./g\n"),
    Case("find-regex", FIND + "find . -regex '\\./[a-z]/f+'; find d -iregex 'D/\\(F\\|E\\)'; find d -regextype posix-extended -regex 'd/(e|x)'; find -regex d", "",
         "./d/f\nd/e\nd/f\nd/e\n"),
    Case("find-types", FIND + "find d -type f,d | wc -l; find d -type l; find -L d -type d", "", "4\nd\nd/e\n"),
    Case("find-same", FIND + "find . -samefile d/../d/f; find d -iwholename 'D/G'; find d -size -1M", "", "./d/f\nd/g\nd/g\n"),
    Case("find-newer-than", FIND + "find d -newermt '1 hour ago' -type f; find d -newermt tomorrow; find d -newermt x 2>&1 | head -n 1",
         "", "d/f\nd/g\nfind: x: invalid date\n"),
]  # fmt: skip


@parametrize(CASES)
def test_as_others(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


WIDTHS = [3, 4, 7, 10, 11, 14, 18, 19, 20, 40]


@pytest.mark.parametrize(
    "names", ["a b c d e f", "one two three four five six seven eight nine ten", "aa b c d 1 2 3 4 5 6"]
)
def test_columns_of_ls_are_those_of_gnu(sim, tmp_path, require, names):
    place = tmp_path / "d"
    place.mkdir()
    for name in names.split():
        (place / name).touch()
    host = [subprocess.run([require("ls"), f"-{way}w", str(width), place], capture_output=True, env={"LC_ALL": "C"}).stdout
            for width in WIDTHS for way in "Cx"]  # fmt: skip
    script = "; ".join([f"ls -{way}w {width} /mnt/t" for width in WIDTHS for way in "Cx"])
    # GNU ls puts tabs where they save something
    assert sim(script, mount=f"{place}:/mnt/t").stdout == b"".join(host).decode().expandtabs(8)
