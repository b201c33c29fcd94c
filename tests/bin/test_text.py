"""Programs that read and print text."""

from cases import Case, outcome, parametrize

TEN = "".join(f"{i}\n" for i in range(1, 11))

CASES = [
    Case("cat-stdin", "cat", "a\nb", "a\nb"),
    Case("cat-dash", "echo file > f; cat f - f", "stdin\n", "file\nstdin\nfile\n"),
    Case("cat-numbers", "cat -n", "a\n\nb", "     1\ta\n     2\t\n     3\tb"),
    Case("cat-numbers-filled", "cat -b", "a\n\nb\n", "     1\ta\n\n     2\tb\n"),
    Case("cat-squeeze", "cat -s", "a\n\n\n\nb\n", "a\n\nb\n"),
    Case("cat-show", "cat -A", "a\tb\x01\x7fé\n", "a^Ib^A^?M-CM-)$\n"),
    Case("cat-names", "echo 1 > f; cat -f f", "", "f\n1\n"),
    Case("cat-missing", "echo 1 > f; cat nope f 2>&1", "", "cat: nope: No such file or directory\n1\n", 1),
    Case("cat-directory", "mkdir d; cat d 2>&1", "", "cat: d: Is a directory\n", 1),
    Case("echo-plain", "/bin/echo one  two", "", "one two\n"),
    Case("echo-options", "/bin/echo -n one; /bin/echo -e 'a\\tb\\x41\\0102\\c' x", "", "onea\tbAB"),
    Case("echo-no-option", "/bin/echo -x -n", "", "-x -n\n"),
    Case("echo-literal", "/bin/echo 'a\\tb'; /bin/echo -eE 'a\\tb'", "", "a\\tb\na\\tb\n"),
    Case("head-default", "seq 20 | head", "", TEN),
    Case("head-lines", "head -n 2; head -1", "a\nb\nc\nd\n", "a\nb\nc\n"),
    Case("head-bytes", "head -c 3", "abcdef", "abc"),
    Case("head-titles", "echo 1 > f; echo 2 > g; head f g", "", "==> f <==\n1\n\n==> g <==\n2\n"),
    Case("head-wrong", "head -n x 2>&1 | head -1", "", "head: x: invalid size\n"),
    Case("tail-default", "seq 12 | tail", "", "".join(f"{i}\n" for i in range(3, 13))),
    Case("tail-file", "seq 3000 > f; tail -n 2 f; tail -n +2999 f; tail -c 5 f", "", "2999\n3000\n2999\n3000\n3000\n"),
    Case("tail-long", "seq 3000 > f; tail -n 1000 f | head -n 1; tail -n 9999 f | wc -l", "", "2001\n3000\n"),
    Case("tail-no-newline", "tail -n 1; echo; echo -n 'a\nb' > f; tail -1 f", "a\nb\nc", "c\nb"),
    Case("tail-many-of-a-pipe", "seq 60000 | tail -n 3000 | sed -n '1p;$p'", "", "57001\n60000\n"),
    Case(
        "tail-limit",
        "seq 60000 | tail -n 30000 2>&1 | cut -c -36; seq 60000 | tail -c 200000 2>&1 | cut -c -36",
        "",
        "tail: not enough memory for the tail\n" * 2,
    ),
    Case("tail-bytes-many", "seq 60000 | tail -c 40000 | head -n 1", "", "334\n"),
    Case(
        "head-all-but-bytes",
        "seq 3000 | head -c -13889; printf ab | head -c -0; seq 3 | head -n -0",
        "",
        "1\n2\nab1\n2\n3\n",
    ),
    Case("tail-plus", "tail -n +3", "a\nb\nc\nd\n", "c\nd\n"),
    Case("tail-bytes-pipe", "seq 3000 | tail -c 5; seq 3000 | tail -c +13889", "", "3000\n3000\n"),
    Case("tail-shared", "seq 5 > f; (head -n 1; tail -n 1) < f", "", "1\n5\n"),
    Case("tail-titles", "echo 1 > f; tail -v f; tail -q f f", "", "==> f <==\n1\n1\n1\n"),
    Case("tee", "tee f g | cat; cat f g", "x\n", "x\nx\nx\n"),
    Case("tee-append", "echo a > f; tee -a f > /dev/null; cat f", "b\n", "a\nb\n"),
    Case("tee-directory", "tee /tmp 2>&1", "x\n", "tee: /tmp: Is a directory\nx\n", 1),
    Case("wc", "wc", "a b\nc  d e\nf", "      2       6      12\n"),
    Case("wc-one", "wc -l; seq 100 | wc -l", "a\nb\n", "2\n100\n"),
    Case("wc-chars", "wc -m", "é\n", "2\n"),
    Case("wc-longest", "wc -L", "ab\n\tx\n", "9\n"),
    Case("wc-files", "echo a > f; echo b c > g; wc -w f g", "", "1 f\n2 g\n3 total\n"),
    Case("wc-bytes-of-file", "seq 1000 > f; wc -c f; wc -c < f", "", "3893 f\n3893\n"),
    Case("wc-words-across-chunks", "seq 3000 | wc -w", "", "3000\n"),
    Case("sort", "sort", "b\na\nc", "a\nb\nc\n"),
    Case("sort-numbers", "sort -n", "10\n9\n-1\n1.5\nx\n", "-1\nx\n1.5\n9\n10\n"),
    Case("sort-back", "sort -rn", "1\n10\n2\n", "10\n2\n1\n"),
    Case("sort-unique", "sort -u", "b\na\nb\na\n", "a\nb\n"),
    Case("sort-fold", "sort -f", "b\nA\nC\na\n", "A\na\nb\nC\n"),
    Case("sort-field", "sort -t: -k2,2n -k1,1r", "a:2\nb:10\nc:2\nd:1\n", "d:1\nc:2\na:2\nb:10\n"),
    Case("sort-stable", "sort -s -k1,1", "b 1\na 2\nb 0\na 1\n", "a 2\na 1\nb 1\nb 0\n"),
    Case("sort-back-key", "sort -k1,1r -k2,2", "a 2\nb 1\na 1\n", "b 1\na 1\na 2\n"),
    Case("sort-unique-key", "sort -u -k1,1", "a 1\nb 1\na 2\n", "a 1\nb 1\n"),
    Case("sort-human", "sort -h", "1M\n2K\n500\n1G\n", "500\n2K\n1M\n1G\n"),
    Case("sort-months", "sort -M", "Mar\nJan\nfeb\nx\n", "x\nJan\nfeb\nMar\n"),
    Case("sort-check", "sort -c 2>&1", "a\nc\nb\n", "sort: -:3: disorder: b\n", 1),
    Case("sort-in-place", "cat > f; sort -o f f; cat f", "b\na\n", "a\nb\n"),
    Case("sort-sorted", "seq 1000 | sort -n | tail -n 1; seq 1000 | sort -c -n", "", "1000\n"),
    Case("uniq", "uniq", "a\na\nb\na\n", "a\nb\na\n"),
    Case("uniq-count", "uniq -c", "a\na\nb\n", "      2 a\n      1 b\n"),
    Case("uniq-double", "uniq -d; echo -", "a\na\nb\n", "a\n-\n"),
    Case("uniq-single", "uniq -u", "a\na\nb\n", "b\n"),
    Case("uniq-parts", "uniq -f 1 -s 2 -w 2", "1 xab1\n2 yab2\n3 zac3\n", "1 xab1\n3 zac3\n"),
    Case("uniq-fold", "uniq -i", "a\nA\nb\n", "a\nb\n"),
    Case("cut-fields", "cut -d: -f 1,3-", "a:b:c:d\nplain\n", "a:c:d\nplain\n"),
    Case("cut-given", "cut -D -d: -f 3,1,1", "a:b:c\nplain\n", "c:a:a\n"),
    Case("cut-blanks", "cut -F 2,1", "one two  three\tfour\nx\n", "one two\nx\n"),
    Case("cut-regex", "cut -DF 3,1 -d [0-9]+ -O -", "a12b3c\nx\n", "c-a\n"),
    Case("cut-only", "cut -s -d: -f2", "a:b\nplain\n", "b\n"),
    Case("cut-chars", "cut -c 2", "aéb\n", "é\n"),
    Case("cut-bytes", "cut -b -2,4", "abcdef\n", "abd\n"),
    Case("cut-rest", "cut --complement -d, -f2 --output-delimiter=/", "a,b,c\n", "a/c\n"),
    Case(
        "cut-wrong",
        "cut -f 0 2>&1; cut 2>&1 | head -n 1",
        "",
        "cut: 0: invalid range\ncut: one of -b, -c, -f and -F must be given\n",
    ),
    Case("seq", "seq 3; seq 2 4; seq 6 -2 1", "", "1\n2\n3\n2\n3\n4\n6\n4\n2\n"),
    Case("seq-decimals", "seq 1 .1 1.3; seq -s, -1 0.5 1", "", "1.0\n1.1\n1.2\n1.3\n-1.0,-0.5,0.0,0.5,1.0\n"),
    Case("seq-width", "seq -w -1 5 10", "", "-1\n04\n09\n"),
    Case("seq-format", "seq -f 'n%.1f' 2", "", "n1.0\nn2.0\n"),
    Case("seq-wrong", "seq x 2>&1 | head -n 1; seq 1 0 2 2>&1", "", "seq: x: invalid number\nseq: increment is 0\n", 1),
    Case("yes", "yes | head -n 2; yes no more | head -n 1", "", "y\ny\nno more\n"),
    Case("true-false", "/bin/true && echo yes; /bin/false || echo no", "", "yes\nno\n"),
    Case("basename", "basename /a/b.c .c; basename -a x/y z/; basename /", "", "b\ny\nz\n/\n"),
    Case("dirname", "dirname /a/b c d/ /", "", "/a\n.\n.\n/\n"),
    Case("wrong-option", "head -y 2>&1 | head -n 1; uniq --oops 2>/dev/null", "", "head: -y: invalid option\n", 2),
    Case("constant-memory", "seq 20000 | grep 7 | wc -l; seq 30000 | cat | tail -n 1", "", "6878\n30000\n"),
]


# Sorting what the memory of a board does not hold.
MUCH = [
    Case(
        "sort-much", "seq 9000 -1 1 > g; sort -n -o f g; head -n 2 f; tail -n 1 f; ls -A /tmp", "", "1\n2\n9000\ncase\n"
    ),
    Case(
        "sort-much-unique",
        "seq 4000 > f; sort -nu f f | wc -l; sort -u f f | wc -l",
        "",
        "4000\n4000\n",
    ),
    Case(
        "sort-much-stable",
        "seq -f 'a %g' 3000 > f; sort -s -k1,1 f | head -n 1; sort -s -k1,1 f | tail -n 1",
        "",
        "a 1\na 3000\n",
    ),
]


@parametrize(CASES)
def test_text(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


@parametrize(MUCH)
def test_sort_of_more_than_memory_holds(sim, case):
    assert outcome(sim, MUCH, case) == (case.stdout, case.status)


def test_tail_follows_what_is_appended_and_replaced(sim):
    result = sim(
        "cd /tmp; echo one > log; tail -s .05 -f log > out & sleep .3; echo two >> log; sleep .3; "
        "echo a > new; mv new log; sleep .3; killall tail; wait; cat out; rm log out"
    )
    assert result.stdout == "one\ntwo\na\n"
