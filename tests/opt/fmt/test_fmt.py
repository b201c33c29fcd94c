"""fmt fills paragraphs as GNU fmt does."""

import random
import subprocess

from cases import Case, outcome, parametrize

WORDS = 'The quick (brown) fox. jumps "over" e.g. it\'s lazy, dog! Really? [yes] a I unbelievable word; and so: on. Mr. X'.split()
OPTIONS = (
    "",
    "-s",
    "-u",
    "-w 30",
    "-40",
    "-c",
    "-t",
    "-20 -u",
    "-w 60 -g 50",
    "-u -t",
    "-100",
    "-c -w 25",
    "-1",
    "-s -w 9",
)

CASES = [
    Case("fmt-characters", "printf 'é é é é é\\n' | fmt -w 8", "", "é é é\né é\n"),
    Case("fmt-stdin-and-files", "echo a > f; echo b | fmt f - nope; echo $?", "", "a\nb\n1\n"),
    Case("fmt-no-width", "fmt -w 9999 2>&1 | head -n 1; fmt -g 9 -w 8 2>&1 | head -n 1", "",
         "fmt: 9999: not a width\nfmt: 8: not a width\n"),
]  # fmt: skip


@parametrize(CASES)
def test_fmt(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


def prose(chance):
    """Paragraphs with all sorts of indentation and blanks."""
    out = []
    for _ in range(chance.randrange(2, 8)):
        indent = chance.choice(["", "", "  ", "\t", "    ", "      \t"])
        for line in range(chance.randrange(1, 7)):
            if line == 1 and chance.random() < 0.4:
                indent = chance.choice(["", "  ", "\t", "     "])
            blanks = [" ", " ", " ", "  ", "\t", "   "]
            words = "".join(chance.choice(WORDS) + chance.choice(blanks) for _ in range(chance.randrange(1, 25)))
            out.append(indent + words + chance.choice(["", "x"]) + "\n")
        out.append(chance.choice(["\n", "   \n", ""]))
    return "".join(out)


def test_paragraphs_are_filled_as_the_host_does(sim, tmp_path, require):
    require("fmt")
    chance = random.Random("fmt")
    place = tmp_path / "d"
    place.mkdir()
    texts = [prose(chance) for _ in range(3)]
    texts.append("".join("".join(chance.choice(WORDS) + " " for _ in range(40)) + "\n" for _ in range(60)) + "end")
    runs = []
    for i, text in enumerate(texts):
        (place / str(i)).write_text(text)
        # in a paragraph beyond a thousand words, the GNU program takes the column for the indentation with -c and -t
        runs += [f"fmt {options} {i}" for options in OPTIONS if len(text) < 9999 or not set("ct") & set(options)]
    env = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    expected = {run: subprocess.run(run, shell=True, cwd=place, capture_output=True, env=env).stdout for run in runs}
    (place / "script").write_text("".join(f"{run} > out.{i}\n" for i, run in enumerate(runs)))
    result = sim("cd /mnt/d; . ./script", mount=f"{place}:/mnt/d")
    assert result.stderr == ""
    assert {run: (place / f"out.{i}").read_bytes() for i, run in enumerate(runs)} == expected
