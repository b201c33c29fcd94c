"""The package getopt."""

from cases import Case, outcome, parametrize

CASES = [
    Case("getopt-quotes", "getopt -o ab:c:: -l alpha,beta:,gamma:: -n prog -- -a -b 'x y' foo --beta=z --gam --alpha -c1 -- -q \"it's\"", "",
         " -a -b 'x y' --beta 'z' --gamma '' --alpha -c '1' -- 'foo' '-q' 'it'\\''s'\n"),
    Case("getopt-complains", "getopt -o a: -l beta: -n prog -- -z --foo --beta 2>&1; getopt -o a: -- -a 2>&1", "",
         "prog: invalid option -- 'z'\nprog: unrecognized option '--foo'\nprog: option '--beta' requires an argument\n --\n"
         "getopt: option requires an argument -- 'a'\n --\n", 1),
    Case("getopt-orders", "getopt -o +a -- -a b -a; getopt -o -a -- x -a y; getopt ab: -a -b v w; getopt -T; echo $?", "",
         " -a -- 'b' '-a'\n 'x' -a 'y' --\n -a -b v -- w\n4\n"),
    Case("getopt-in-a-script", "eval set -- \"$(getopt -o a: -- -a '1 2' 3)\"; echo $# \"$2\" $4", "", "4 1 2 3\n"),
]  # fmt: skip


@parametrize(CASES)
def test_getopt(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
