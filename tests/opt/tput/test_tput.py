"""The package tput."""

from cases import Case, outcome, parametrize

CASES = [
    Case("tput-texts", "tput bold; tput setaf 1; tput setab 9; tput setaf 200; tput cup 3 4; tput sgr0; tput cols; tput nosuch 2>&1", "",
         "\033[1m\033[31m\033[101m\033[38;5;200m\033[4;5H\033(B\033[m80\ntput: nosuch: unknown terminfo capability\n", 1),
    Case("tput-from-stdin", "printf 'bold\\nsetaf 2\\n' | tput -S", "", "\033[1m\033[32m"),
]  # fmt: skip


@parametrize(CASES)
def test_tput(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


def test_tput_knows_the_size_of_the_terminal(prompt):
    prompt.send("stty rows 30 cols 100; tput cols; tput lines\r")
    prompt.expect("\n100\r\n30\r\n")
