"""The board's programs and this computer's (GNU), with the same input and options: same output and status."""

import itertools
import random
import subprocess

import pytest

WORDS = ("apple", "Banana", "cherry", "10", "9", "-3", "2.5", "a b", "", "  x", "x\ty", "foo:bar:baz", "zz", "Zz", "e1")

# A program with its operands, and groups of options; each run takes one of each group.
COMMANDS = {
    "sort": ("a b", ("", "-r"), ("", "-u", "-s"), ("", "-f", "-n", "-b", "-k2", "-k2,2n -k1r", "-t: -k2", "-k1.2,1.3", "-k2b")),
    "cut": ("a", ("-c1-3", "-b2-", "-c-2,5-", "-f1", "-d: -f2", "-d: -f1,3 -s", "-d: -f1 --complement", "-d: -f1- --output-delimiter=_")),
    "uniq": ("s", ("", "-c"), ("", "-d", "-u", "-i"), ("", "-f1", "-s1", "-w2")),
    "comm": ("", ("", "-1", "-2", "-3", "-12", "-23", "-13", "--check-order", "--nocheck-order", "--total --output-delimiter=:"), ("s t", "a b", "s u", "u s", "e a", "a a")),
    "join": ("", ("", "-a1", "-a2", "-v1 -v2", "--check-order -a1", "--nocheck-order -v2", "-1 2", "-2 2 -i", "-t:", "-t ''", "-o 0,1.2,2.1 -e x -a1 -a2", "-o auto -a1 -a2 -e -", "--header"), ("s t", "a b", "s u", "u s", "e a", "a a")),
    "fold": ("a", ("", "-s"), ("-w1", "-w3", "-w7", "-b -w5")),
    "head": ("a b", ("-n3", "-c7", "-n-2", "-c-5", "-n0", "-q", "-v")),
    "tail": ("-q a b", ("-n3", "-c7", "-n+2", "-c+5", "-n1", "")),
    "tr": ("< a", ("a-z A-Z", "-d aeiou", "-s a-z", "-cd a-z0-9", "'[:lower:]' '[:upper:]'", "-s ' ' _", "a-c x", "-ds a-m n-z", "-c a-z '\\n'")),
    "grep": ("a b", ("", "-i", "-v", "-c", "-n", "-o", "-w", "-l"), ("a", "^x", "'[0-9]'", "-E 'a|b'", "-F a.b", "-E '(an)+'", "'a.*r'", "-m2 a")),
    "sed": ("a", ("", "-n"), ("2p", "2d", "'$d'", "s/a/X/g", "'s/\\(.\\)\\(.\\)/\\2\\1/'", "'/a/,/x/d'", "1~2d", "'N;P;D'", "'s/a*/x/g'", "'1!G;h;$!d'", "'s/b/\\n/'", "'2,4s/^/> /'", "0~3d", "l")),
    "paste": ("a b", ("", "-s"), ("", "-d,", "-d,:")),
    "nl": ("a", ("", "-ba", "-w3", "-s:", "-nrz", "-nln", "-v5", "-i3")),
    "expand": ("a", ("", "-t4", "-t3,8", "-i")),
    "unexpand": ("a", ("", "-a", "-t4")),
    "hexdump": ("bin", ("", "-C", "-c", "-b", "-d", "-o", "-x", "-C -n 20 -s 3", "-C -x"), ("", """-e '"%06_ax " 8/2 "%04x " "\\n"'""", """-e '4/1 "%_u " 1/8 " %d|" "\\n" "%_Ad end\\n"' -v""", """-e '1/4 "%+12.3e " 2/4 "%-9o" 3 "%_p" " %_c\\n"'""", """-e '2 "%5.3s|"'""", """-e '1/3 "%d"'""")),
    "od": ("bin", ("", "-c", "-x", "-b", "-Ax -tx1", "-td2", "-An -tu1", "-tx1z", "-j3 -N20", "-a", "-to1 -w8", "-tc -tx1", "-l", "-tf4")),
    "seq": ("", ("5", "2 5", "5 -2 1", "1 .5 3", "-w 8 12", "-w -3 3", "-s, 4", "10 1", "-f %05.1f 2", "-w 1.50 2")),
    "base32": ("bin", ("", "-w10", "-w0")),
    "base64": ("bin", ("", "-w10", "-w0")),
    "tac": ("a", ("", "-s a", "-b -s a")),
    "diff": ("a b", ("", "-i", "-b", "-w", "-B"), ("", "-q", "-U0 --label x --label y", "-U2 --label x --label y")),
    "expr": ("", ("1 + 2", "7 / 2", "7 % 3", "3 '>' 2", "abc : a.c", "abc : 'a\\(.\\)c'", "length hello", "substr hello 2 3", "0 '|' 0", "10 '<' 9", "'' ")),
    "/usr/bin/printf": ("", ("'%s-%d\\n' a 1 b 2", "'%5.2f|%e\\n' 3.14159 1000", "'%x %o %u\\n' 255 8 5", "'%-5s|%5s|\\n' ab", "'%.3s\\n' abcdef", "'%*d\\n' 5 42", "'%g\\n' 1e10", "'%d\\n' 010", "'%#x\\n' 255", "'a%sb\\ncd\\c%s\\n' 1 2 3")),
}  # fmt: skip


def text(chance):
    return "".join(" ".join(chance.choice(WORDS) for _ in range(chance.randrange(1, 4))) + "\n" for _ in range(9))


@pytest.mark.parametrize("program", COMMANDS)
def test_as_the_host_does(sim, tmp_path, require, program):
    require(program)
    chance = random.Random(program)
    place = tmp_path / "d"
    place.mkdir()
    for name in "abst":
        lines = text(chance).splitlines(True)
        (place / name).write_text("".join(sorted(lines) if name in "st" else lines))
    (place / "u").write_text((place / "s").read_text() + text(chance))
    (place / "e").write_text("")
    if program == "diff":  # where much differs, there is more than one shortest way
        lines = (place / "a").read_text().splitlines(True)
        lines[1:7:5] = [lines[1].upper() + "\n", lines[6].replace(" ", "  ")]
        (place / "b").write_text("".join(lines[:4] + lines[5:]))
    (place / "bin").write_bytes(bytes(chance.randrange(256) for _ in range(100)))
    operands, *groups = COMMANDS[program]
    commands = [f"{program} {' '.join(options)} {operands}" for options in itertools.product(*groups)]
    env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
    host = [subprocess.run(["sh", "-c", command], cwd=place, capture_output=True, env=env) for command in commands]
    expected = {c: (run.stdout, min(run.returncode, 2)) for c, run in zip(commands, host, strict=True)}
    (tmp_path / "d" / "script").write_text(
        "".join(
            f"({c.replace('/usr/bin/', '')}) > out.{i} 2> /dev/null; echo $? > st.{i}\n" for i, c in enumerate(commands)
        )
    )
    sim("cd /mnt/d; . ./script", mount=f"{place}:/mnt/d", heap="1M")
    found = {
        c: ((place / f"out.{i}").read_bytes(), int((place / f"st.{i}").read_text())) for i, c in enumerate(commands)
    }
    assert found == expected
