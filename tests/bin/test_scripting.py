"""stty and mkfifo: commands that portable scripts use."""

from cases import Case, outcome, parametrize

CASES = [
    Case("stty-without-a-terminal", "stty size 2>&1", "", "stty: standard input: not a terminal\n", 1),
    Case("mkfifo-refuses", "mkfifo f 2>&1", "", "mkfifo: f: the file system has no named pipes: use |, <( ) or >( )\n", 1),
]  # fmt: skip


@parametrize(CASES)
def test_case(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


def test_stty_sets_the_terminal(prompt):
    prompt.send("stty rows 30 cols 100; stty size\r")
    prompt.expect("\n30 100\r\n")
    prompt.send(
        "stty -echo; s=$(stty -g); stty | tail -n 1; stty echo; stty | tail -n 1; stty $s; stty | tail -n 1; stty sane\r"
    )
    prompt.expect("\nicanon isig -echo\r\nicanon isig echo\r\nicanon isig -echo\r\n")
    prompt.send("stty -echo; read x; stty echo; echo got $x\r")
    prompt.send("secret\r")
    assert "secret" not in prompt.expect("got secret").split("$x")[-1]
