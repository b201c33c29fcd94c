"""Options and corners that the tools of other systems have, which scripts count on."""

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
    Case("dd-no-bytes", "echo a | dd bs=0 2>&1 | head -n 1", "", "dd: a block of no bytes\n"),
    Case("date-flags", "date -u -d @1700000000 '+%-d %-m %^a %k %l %_m %-j %0e %-S'; date -u -d @0 '+%k|%l|%-H|%_H|%-y|%-%|%-'", "",
         "14 11 TUE 22 10 11 318 14 20\n 0|12|0| 0|70|%-%|%-\n"),
    Case("grep-names-of-options", "grep --max-count=1 --only-matching e; echo eE | grep -y --label=x -H E", "be\n", "e\nx:eE\n"),
    Case("grep-binary", "printf 'a\\0b\\nb\\n' > f; echo b > g; grep b f g 2>&1; grep -c b f; grep -a b f | od -An -c; grep -l b f; grep -v x f 2>&1",
         "", "grep: f: binary file matches\ng:b\n2\n   a  \\0   b  \\n   b  \\n\nf\ngrep: f: binary file matches\n"),
    Case("sort-versions", "sort -V; printf 'x 9\\nx 10\\n' | sort -k2rV | head -n 1",
         "b-10.tar\nb-2.0.1.tar\nb-2.0.tar\n1.10\n1.9\n1.09\na1\na~\na\n.x\n",
         ".x\n1.09\n1.9\n1.10\na~\na\na1\nb-2.0.tar\nb-2.0.1.tar\nb-10.tar\nx 10\n"),
    Case("xargs-odd-bytes", "printf 'a\\377b c' | xargs -n 1; printf '\\376\\0' | xargs -0", "", "a\xffb\nc\n\xfe\n"),
    Case("awk-parameters", "awk 'function f(a b) { }' 2>&1", "", "awk: unexpected b, in line 1 of the program\n", 2),
]  # fmt: skip

FIND = "mkdir -p d/e; printf 12345 > d/f; touch d/g; "

CASES += [
    Case("find-printf", FIND + "find d -name f -printf '%f %p %P %h %s %y %d%%\\n'; find d -type f -printf '[%4f]\\0'", "",
         "f d/f f d 5 f 1%\n[   f]\0[   g]\0"),
    Case("find-printf-time", FIND + "test $(find d/f -printf %TY%Tm) = $(date +%Y%m) && find d/f -printf '%T@\\n' | wc -c",
         "", "22\n"),
    Case("find-printf-end", FIND + "find d -type f -printf 'x\\cy'; find d -printf %q 2>&1 | head -n 1", "", "xxfind: %q: unknown directive\n"),
    Case("find-types", FIND + "find d -type f,d | wc -l; find d -type l; find -L d -type d", "", "4\nd\nd/e\n"),
    Case("find-same", FIND + "find . -samefile d/../d/f; find d -iwholename 'D/G'; find d -size -1M", "", "./d/f\nd/g\nd/g\n"),
    Case("find-newer-than", FIND + "find d -newermt '1 hour ago' -type f; find d -newermt tomorrow; find d -newermt x 2>&1 | head -n 1",
         "", "d/f\nd/g\nfind: x: not a date\n"),
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
