"""grep, and the patterns behind it."""

from cases import Case, outcome, parametrize

FRUIT = "apple\nBanana\ncherry pie\nbanana split\n"

CASES = [
    Case("plain", "grep an", FRUIT, "Banana\nbanana split\n"),
    Case("none", "grep zzz", FRUIT, "", 1),
    Case("fold", "grep -i BANANA", FRUIT, "Banana\nbanana split\n"),
    Case("invert", "grep -v an", FRUIT, "apple\ncherry pie\n"),
    Case("numbers", "grep -n pie; seq 3000 | grep -n ^2999", FRUIT, "3:cherry pie\n2999:2999\n"),
    Case("count", "grep -c a; seq 10 | grep -vc 1", FRUIT, "3\n8\n"),
    Case("only", "grep -o 'an[^ ]'", FRUIT, "ana\nana\n"),
    Case("only-many", "grep -on n", "nan\nan\n", "1:n\n1:n\n2:n\n"),
    Case("word", "grep -w pie; echo xpie | grep -w pie", FRUIT, "cherry pie\n", 1),
    Case("line", "grep -x apple; grep -x appl", FRUIT, "apple\n", 1),
    Case("quiet", "grep -q an && echo found", FRUIT, "found\n"),
    Case("stop", "grep -m 1 an", FRUIT, "Banana\n"),
    Case(
        "files",
        "echo a > f; echo b > g; grep b f g; grep -h b f g; grep -H a f; grep -l . f g",
        "",
        "g:b\nb\nf:a\nf\ng\n",
    ),
    Case("files-without", "echo a > f; echo b > g; grep -L a f g", "", "g\n"),
    Case(
        "deep",
        "mkdir -p d/e; echo hit > d/e/f; echo hit > g; grep -r hit; grep -r hit d",
        "",
        "d/e/f:hit\ng:hit\nd/e/f:hit\n",
    ),
    Case(
        "deep-chosen", "mkdir d; echo hit > d/a.py; echo hit > d/b.txt; grep -rl --include='*.py' hit d", "", "d/a.py\n"
    ),
    Case(
        "missing",
        "echo a > f; grep a nope f 2>&1; grep -s a nope",
        "",
        "grep: nope: No such file or directory\nf:a\n",
        2,
    ),
    Case(
        "ranges beyond ASCII",
        "echo ö | grep '[é-ü]'; echo azö | grep -o '[y-ü]*'; echo ÖX | grep -i '[é-ü]x'; echo ž | grep -c '[é-ü]'; "
        "echo aöü | sed -E 's/([é-ü]+)/<\\1>/;s/[^é-ü]/_/g'; echo é | sed 's/[^é]/X/'; [[ ö =~ ^[é-ü]$ ]] && echo m; "
        "echo 日本 | awk '{ gsub(/[一-龥]/, \"K\") } 1'; expr ö : '[é-ü]'",
        stdout="ö\nzö\nÖX\n0\n__öü_\né\nm\nKK\n1\n",
    ),
    Case("no-pattern", "grep 2>&1 | head -n 1; grep", "", "grep: missing pattern\n", 2),
    Case(
        "many-patterns",
        "grep -e pple -e pie; echo pie > p; echo pple >> p; grep -c -f p",
        FRUIT,
        "apple\ncherry pie\n0\n",
        1,
    ),
    Case("fixed", "grep -F 'a.c'", "abc\na.c\n", "a.c\n"),
    Case("dot-star", "grep 'b.*t$'", FRUIT, "banana split\n"),
    Case("anchors", "grep '^a'; echo; echo 'x^a' | grep 'x^a'", "ab\nba\n", "ab\n\nx^a\n"),
    Case("basic", "grep 'a\\{2\\}b*\\(x\\|y\\)+'", "aax+\naabby\naay+\n", "aax+\naay+\n"),
    Case("extended", "grep -E '^(ab|c)+d{2,3}$'", "abcdd\ncd\nabddd\n", "abcdd\nabddd\n"),
    Case("sets", "grep -E '^[[:digit:]]+[^]x]$'", "12a\n12]\n12x\na\n", "12a\n"),
    Case("words", "grep '\\bpie\\b'; grep -c '\\<b'", FRUIT, "cherry pie\n0\n", 1),
    Case("longest", "grep -oE 'a|ab|abc'", "xabcx\n", "abc\n"),
    Case("characters", "grep -o 'caf.'; echo 'né' | grep -c '^..$'", "un café\n", "café\n1\n"),
    Case(
        "bad",
        "grep '[a' 2>&1; grep -E '(a' 2>&1; grep 'a\\{1' 2>&1",
        "",
        "grep: unmatched [\ngrep: unmatched (\ngrep: invalid content of {}\n",
        2,
    ),
    Case("around", "grep -n -C 1 3", "1\n2\n3\n4\n5\n6\n", "2-2\n3:3\n4-4\n"),
    Case("around-gap", "grep -A 1 -B 0 [14]", "1\n2\n3\n4\n", "1\n2\n--\n4\n"),
    Case(
        "colour",
        "grep --color=always b; grep --color b",
        "abc\nxbx\n",
        "a\x1b[01;31m\x1b[Kb\x1b[m\x1b[Kc\nx\x1b[01;31m\x1b[Kb\x1b[m\x1b[Kx\n",
        1,
    ),
    Case("between-stars", "seq 3000 | grep -c '.*9.*'", "", "813\n"),
    Case("no-newline", "grep b", "a\nb", "b\n"),
    Case("empty-pattern", "grep -c ''", "a\n\nb\n", "3\n"),
    Case("offsets", "grep -b c", "ab\nc\n", "3:c\n"),
]


@parametrize(CASES)
def test_grep(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
