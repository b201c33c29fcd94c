"""jq on the board and on this computer, with the same filters and inputs: same output and status."""

import shlex
import subprocess

import pytest
from bin.jq_filters import FILTERS, INPUTS

# Options with their filters, and the input.
OPTIONS = (
    ("-c .", "a"),
    (".", "d"),
    ("--tab .", "d"),
    ("--indent 1 .", "d"),
    ("--indent 0 .", "d"),
    ("--indent 7 .", "d"),
    ("-S .", "o"),
    ("-cS .", "d"),
    ("-acS .", "o"),
    ("-r .", "s"),
    ("-r '.[]'", "st"),
    ("-j '.[]'", "st"),
    ("-a .", "u"),
    ("-ra .", "u"),
    ("-s .", "v"),
    ("-sc 'map(. + 1)'", "v"),
    ("-n 1", "v"),
    ("-n '[inputs]'", "v"),
    ("-nc '[inputs]'", "v"),
    ("-n 'input, input'", "v"),
    ("-nc 'reduce inputs as $x (0; . + $x)'", "v"),
    ("-e .", "b"),
    ("-e .", "i"),
    ("-e empty", "i"),
    ("-e false", "i"),
    ("-e 'null, 1'", "i"),
    ("-R .", "v"),
    ("-Rc 'split(\",\")'", "st"),
    ("-Rs .", "v"),
    ("--arg x 1 '[$x, .]'", "i"),
    ("--argjson x '{\"a\":1}' '$x.a'", "i"),
    ("--arg a b --arg c d '$ARGS.named'", "i"),
    ("-c '[$ARGS.positional, $ARGS.named]'", "i"),
    ("-M .", "i"),
    ("--stream -c .", "a"),
    ("-r --raw-output '\"x\"'", "i"),
    ("-c --null-input '{a:1}'", "n"),
    ("-r 'to_entries[] | \"\\(.key)=\\(.value)\"'", "o"),
    ("-r '.[] | [.name, .age] | @tsv'", "p"),
    ("-r '.[] | [.name, .age] | @csv'", "p"),
    ("-r 'map(.name) | @sh'", "p"),
    ("-rn '\"a\\u0000b\"'", "i"),
    ("--sort-keys -c .", "o"),
    ("-c --slurp .", "v"),
    ('-nr \'["a","b"][]\'', "i"),
    ("-n -f prog", "i"),
    ("-c --slurpfile x in.v '$x'", "i"),
    ("-c --rawfile x in.v '$x'", "i"),
    ("-c --args '. ,$ARGS'", "i"),
)


def compare(sim, place, commands):
    """Run commands here and on the board; output and statuses must be the same."""
    for name, text in INPUTS.items():
        (place / f"in.{name}").write_text(text + "\n")
    (place / "prog").write_text("1 + 2 # three\n")
    (place / "script").write_text(
        "".join(f"{command} > out.{i} 2> /dev/null; echo $? > st.{i}\n" for i, command in enumerate(commands))
    )
    expected = {}
    for command in commands:
        run = subprocess.run(["sh", "-c", command], cwd=place, capture_output=True)
        expected[command] = (run.stdout.decode(), run.returncode)
    sim("cd /mnt/t; . ./script", mount=f"{place}:/mnt/t", heap="1M")
    found = {
        command: ((place / f"out.{i}").read_text(), int((place / f"st.{i}").read_text()))
        for i, command in enumerate(commands)
    }
    assert found == expected


@pytest.mark.slow
@pytest.mark.parametrize("group", FILTERS)
def test_filters_as_the_host_has_them(sim, tmp_path, require, group):
    require("jq")
    commands = [f"jq -c {shlex.quote(text)} in.{name}" for name, texts in FILTERS[group].items() for text in texts]
    compare(sim, tmp_path, commands)


def test_options_as_the_host_has_them(sim, tmp_path, require):
    require("jq")
    compare(sim, tmp_path, [f"jq {words} in.{name}" for words, name in OPTIONS])
