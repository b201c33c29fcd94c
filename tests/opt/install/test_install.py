"""The package install."""

from cases import Case, outcome, parametrize

CASES = [
    Case("install-modes", "echo hi > f; install -m 640 f g; install f h; install -D f x/y/z; install -d -m 700 d; install -t d f h; stat -c '%a %n' g h x/y/z d d/f",
         "", "640 g\n755 h\n755 x/y/z\n700 d\n755 d/f\n"),
    Case("install-refuses", "mkdir d; install d e 2>&1; install nosuch e 2>&1; install 2>&1 | head -1", "",
         "install: d: Is a directory (not copied)\ninstall: nosuch: No such file or directory\ninstall: missing operand\n"),
]  # fmt: skip


@parametrize(CASES)
def test_install(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
