"""The language of the shell: scripts with their output and status, many in one run of the simulator."""

import pytest
from cases import Case, outcome, parametrize

LANGUAGE = [
    Case("words", "echo a   b  'c  d' \"e  f\" g\\ h", stdout="a b c  d e  f g h\n"),
    Case("quotes", 'x=5; echo \'$x\' "$x" \\$x "\\$x \\"q\\""', stdout='$x 5 $x $x "q"\n'),
    Case("comment", "echo a # b\necho c#d '#' # e", stdout="a\nc#d #\n"),
    Case("continuation", "echo a \\\nb; echo 'x\ny'", stdout="a b\nx\ny\n"),
    Case(
        "continuation in double quotes, right behind a variable",
        'x=1; echo "a$x\\\n$"; echo "$x\\\n" \'q\' "$(echo "$x\\\n-b")"',
        stdout="a1$\n1 q 1-b\n",
    ),
    Case("default", 'echo ${n:-d} "${n-e f}" ${n:+z}.; x=; echo ${x-a}.${x:-b}.${x:+c}.', stdout="d e f .\n.b..\n"),
    Case("assign default", "echo ${n:=v} $n", stdout="v v\n"),
    Case("nested default", 'echo "${a:-${b:-${c:-deep $((1+1))}}}"', stdout="deep 2\n"),
    Case("length", "x=hello; echo ${#x} ${#n}", stdout="5 0\n"),
    Case(
        "cut",
        "p=/a/b/c.tar.gz; echo ${p##*/} ${p%/*} ${p%.*} ${p%%.*} ${p#*/}",
        stdout="c.tar.gz /a/b /a/b/c.tar /a/b/c a/b/c.tar.gz\n",
    ),
    Case("unset is an error", "(echo ${n:?is needed}; echo never) 2>/dev/null; echo $?", stdout="1\n"),
    Case(
        "split",
        "x='a  b c'; for i in $x; do echo [$i]; done; for i in \"$x\"; do echo [$i]; done",
        stdout="[a]\n[b]\n[c]\n[a b c]\n",
    ),
    Case("ifs", 'x=a:b::c; IFS=:; for i in $x; do echo "[$i]"; done', stdout="[a]\n[b]\n[]\n[c]\n"),
    Case(
        "positional",
        'f() { echo $# $1 ${10} "$*"; for i in "$@"; do echo "<$i>"; done; shift 8; echo $1; }\nf 1 2 3 4 5 6 7 8 9 \'x y\'',
        stdout="10 1 x y 1 2 3 4 5 6 7 8 9 x y\n<1>\n<2>\n<3>\n<4>\n<5>\n<6>\n<7>\n<8>\n<9>\n<x y>\n9\n",
    ),
    Case("no arguments", 'f() { for i in "$@"; do echo never; done; echo $#; }; f', stdout="0\n"),
    Case(
        "eval of nothing",
        "false; eval; echo $?; false; eval ''; echo $?; echo > f; false; . ./f; echo $?",
        stdout="0\n0\n0\n",
    ),
    Case("exit in a trap", '(trap "echo end; exit" EXIT; (exit 3)); echo $?', stdout="end\n3\n"),
    Case(
        "return in a trap",
        "sh -c 'trap \"echo T; return 11\" TERM; f() { kill $$; until (exit 42); do :; done; }; f; echo $?'",
        stdout="T\n11\n",
    ),
    Case(
        "a trap between the parts of a list",
        "sh -c 'trap \"echo T\" USR1; kill -USR1 $$ && echo behind'",
        stdout="T\nbehind\n",
    ),
    Case("a local of what is exported", "export z=z; f() { local z=a; printenv z; }; f; printenv z", stdout="a\nz\n"),
    Case(
        "words that go on",
        'i\\\nf tr\\\nue; then echo "a\\\nb"; fi; a=1 b\\\n=2; echo $a$b; true &\\\n& echo c',
        stdout="ab\n12\nc\n",
    ),
    Case("an ended child is gone", "true & p=$!; sleep .1; kill -0 $p 2>/dev/null; echo $?", stdout="1\n"),
    Case("no assignment to a position", "(: ${1:=x}) 2>/dev/null; echo $?", stdout="1\n"),
    Case("export -n", "export x=1 y=2; export -n x; printenv x; printenv y; echo $x", stdout="2\n1\n"),
    Case("glob", "touch a1 a2 b1 .h; echo a* [ab]1 ?1 z* '*'", stdout="a1 a2 a1 b1 a1 b1 z* *\n"),
    Case("command substitution", 'echo $(echo a; echo b) "$(echo c; echo; )" `echo d`', stdout="a b c d\n"),
    Case("nested substitution", "echo $(echo $(echo $(echo deep)))", stdout="deep\n"),
    Case("case in substitution", "echo $(case a in a) echo hit;; esac)", stdout="hit\n"),
    Case("arithmetic", "i=3; echo $((i*2+1)) $(( (1+2)*3 )) $((7/2)) $((i+=2)) $i", stdout="7 9 3 5 5\n"),
    Case("and or", "true && echo a || echo b; false && echo a || echo b; ! true || echo c", stdout="a\nb\nc\n"),
    Case("status", "true; echo $?; false; echo $?; (exit 7); echo $?; ! false; echo $?", stdout="0\n1\n7\n0\n"),
    Case("pipe", "printf 'b\\na\\n' | sort | head -n 1", stdout="a\n"),
    Case("pipe into loop", "printf '1\\n2\\n' | while read x; do echo $((x*10)); done", stdout="10\n20\n"),
    Case("pipe status", "false | true; echo $?; set -o pipefail; false | true; echo $?", stdout="0\n1\n"),
    Case(
        "redirections",
        "echo a > f; echo b >> f; cat < f; nosuch 2> e; cat e | wc -l; echo x > f 2>&1; cat f",
        stdout="a\nb\n1\nx\n",
    ),
    Case("swap descriptors", "{ echo out; echo err >&2; } 3>&1 >/dev/null 2>&3", stdout="err\n"),
    Case("both streams", "{ echo o; echo e >&2; } &> f; cat f", stdout="o\ne\n"),
    Case(
        "here-document",
        "x=5\ncat <<END\na $x\n$((x+1))\nEND\ncat <<'Q'\n$x\nQ\ncat <<-T\n\tt\n\tT",
        stdout="a 5\n6\n$x\nt\n",
    ),
    Case("here-string", "cat <<< 'a b'", stdout="a b\n"),
    Case(
        "if",
        "if false; then echo a; elif true; then echo b; else echo c; fi; if false; then :; fi; echo $?",
        stdout="b\n0\n",
    ),
    Case(
        "while",
        "i=0; while [ $i -lt 5 ]; do i=$((i+1)); [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done",
        stdout="1\n3\n",
    ),
    Case("until", "i=0; until [ $i = 2 ]; do incr i; done; echo $i", stdout="2\n"),
    Case("break two", "for i in 1 2; do for j in 1 2; do echo $i$j; break 2; done; done; echo end", stdout="11\nend\n"),
    Case(
        "case",
        "for i in abc x1 'q r'; do case $i in a*) echo A;; [xy]?) echo X;; 'q r') echo Q;; *) echo no;; esac; done",
        stdout="A\nX\nQ\n",
    ),
    Case(
        "functions",
        "f() { echo $1; return 3; echo never; }; f a; echo $?; g() (cd /etc; pwd); g; pwd",
        stdout="a\n3\n/etc\n/tmp/case/d\n",
    ),
    Case("recursion", "f() { [ $1 = 0 ] || { echo $1; f $(($1-1)); }; }; f 3", stdout="3\n2\n1\n"),
    Case("local", "x=1; f() { local x=2; echo $x; }; f; echo $x", stdout="2\n1\n"),
    Case("subshell keeps its own", "x=1; (x=2; cd /etc; echo $x); echo $x; pwd", stdout="2\n1\n/tmp/case/d\n"),
    Case("group", "{ echo a; x=5; }; echo $x", stdout="a\n5\n"),
    Case("assignment for a command", "x=1; x=2 env | grep ^x; echo $x", stdout="x=2\n1\n"),
    Case(
        "export",
        "a=1; export a b=2; env | grep '^[ab]=' | sort; unset a; env | grep -c ^a=",
        stdout="a=1\nb=2\n0\n",
        status=1,
    ),
    Case(
        "errexit",
        "(set -e; false; echo never); echo $?; (set -e; if false; then :; fi; false || true; echo on)",
        stdout="1\non\n",
    ),
    Case("eval", "x='echo a; y=3'; eval \"$x\"; echo $y", stdout="a\n3\n"),
    Case("dot", "echo 'v=7; echo in $1' > s; . ./s arg; echo $v", stdout="in arg\n7\n"),
    Case(
        "script arguments",
        "printf 'echo $0 $# $2\\nexit 4\\n' > s.sh; ./s.sh a b; echo $?; ./s x; echo $?",
        stdout="./s.sh 2 b\n4\n./s 1\n4\n",
    ),
    Case(
        "read",
        "printf 'a b c\\nx\\\\ty\\n' > f; { read p q; read -r r; } < f; echo \"$p,$q,$r\"",
        stdout="a,b c,x\\ty\n",
    ),
    Case("prompted read", 'echo 5 > f; read v "Enter: " < f; echo $v', stdout="Enter: 5\n"),
    Case("two built-ins as one word", "'jobs fg' 2>/dev/null; echo $?; ' ' 2>/dev/null; echo $?", stdout="127\n127\n"),
    Case("not found", "nosuchprogram 2>/dev/null; echo $?; /etc 2>/dev/null; echo $?", stdout="127\n126\n"),
    Case("tilde", "HOME=/x; echo ~ ~/y a~ '~'", stdout="/x /x/y a~ ~\n"),
    Case(
        "path", "mkdir p; echo 'echo mine' > p/tool.sh; PATH=/tmp/case/d/p:$PATH; tool; tool.sh", stdout="mine\nmine\n"
    ),
    Case("programs are not shadowed by the directory", "echo 'echo hijacked' > ls.sh; touch z; ls z", stdout="z\n"),
]

DIALECT = [
    Case("python", '> x = [i * i for i in range(4)]\n< x\n< "a", end=""\n< "b"', stdout="[0, 1, 4, 9]\nab\n"),
    Case(
        "python and variables", 'export essid Net\n> import utls\n< "Try " + utls.getenv("essid")', stdout="Try Net\n"
    ),
    Case(
        "compare",
        "a=5\nif $a == 5 echo five\nif $a != 5 echo no\nif $a < 10 echo less\nif 05 == 5 echo number\nif $a >= 6 echo no\nif ell in hello echo in",
        stdout="five\nless\nnumber\nin\n",
    ),
    Case("compare unset", 'if $nothing == "" echo empty\nif $nothing != x echo differs', stdout="empty\ndiffers\n"),
    Case("compare keeps quotes", 'if 1 == 1 echo "a  b"', stdout="a  b\n"),
    Case(
        "posix if on one line",
        "if test 1 = 1; then echo posix; fi; if [ a == a ]; then echo too; fi",
        stdout="posix\ntoo\n",
    ),
    Case(
        "export forms",
        "export a 5\nexport b = 6\nexport c=7\nexport d True -b\nexport e 8 -i\necho $a $b $c $d $e\nincr e 2\necho $e",
        stdout="5 6 7 True 8\n10\n",
    ),
    Case("incr and decr", "incr n\nincr n 4\ndecr n\necho $n\nexport s 5\nincr s\necho $s", stdout="4\n6\n"),
    Case(
        "value redirected",
        'test -d /etc > 0\necho $0\nif $0 == True echo there\nunset 0\necho words here > 1\necho "$1"',
        stdout="True\nthere\nwords here\n",
    ),
    Case("plain digits after 2>", "echo a 2> 1; ls", stdout="a\n1\n"),
]

SCRIPTS = [
    ("loop", ":cont\nincr a\nif $a <= 5 goto cont\necho $a\n", "6\n"),
    ("loop down", "a=9\n:cont\ndecr a\nif $a > 4 goto cont\necho $a\n", "4\n"),
    ("forward", "goto end\necho never\n:end   # a comment\necho end\n", "end\n"),
    (
        "forward out of a block",
        "for i in 1 2 3; do\n  if $i == 2 goto out\n  echo $i\ndone\n:out\necho out\n",
        "1\nout\n",
    ),
    ("skip", "export v 5\nif $v == 5 skip 3\n< 1\n\n< 2\n< 3\n", "3\n"),
    ("not skipped", "export v 5\nif $v != 5 skip 2\n< 1\n< 2\n< 3\n", "1\n2\n3\n"),
    ("return", "echo a\nif 1 == 1 return\necho never\n", "a\n"),
    ("run in the background", "if 1 == 1 run echo job &\nwait\necho end\n", "job\nend\n"),
    ("arguments", 'echo $0 $1 "$2" $#\n', "/.host/script.sh x y z 2\n"),
    (
        "value before the script's name",
        "test -f /nothing > 0\necho $0\nunset 0\necho $0\n",
        "False\n/.host/script.sh\n",
    ),
]

MENU = """unset v1
:loop
clear
< "Options Menu"
echo "Last option: " $v1
read v1 "Enter option: "
if $v1 == 1 cpufreq 160
if $v1 == 3 return
if $v1 != 0 goto loop
exit
"""


@parametrize(LANGUAGE)
def test_language(sim, case):
    assert outcome(sim, LANGUAGE, case) == (case.stdout, case.status)


@parametrize(DIALECT)
def test_dialect(sim, case):
    assert outcome(sim, DIALECT, case) == (case.stdout, case.status)


@pytest.mark.parametrize("name, script, stdout", SCRIPTS, ids=[row[0] for row in SCRIPTS])
def test_script(sim, name, script, stdout):
    result = sim(script, args=["x", "y z"])
    assert (result.stdout, result.stderr) == (stdout, "")


def test_menu_reads_options_until_it_is_left(sim):
    result = sim(MENU, args=["x"], stdin="5\n0\n")
    assert result.stdout.count("Options Menu") == 2
    assert "Last option:  5" in result.stdout
    assert result.status == 0


def test_unknown_label_names_script_and_line(sim):
    result = sim("echo a\ngoto nowhere\necho b\n", args=["x"])
    assert result.stdout == "a\n"
    assert "script.sh: line 2: label 'nowhere' not found" in result.stderr
    assert result.status != 0


@pytest.mark.parametrize(
    "script, expected",
    [
        ("echo a\nif true; echo b; fi\n", "line 2: syntax error: expected 'then', found 'fi'"),
        ("echo a\nfor i in 1; do\necho b\n", "syntax error: expected 'done', found end of file"),
        ("echo 'a\n", "syntax error: unterminated quote"),
        ("echo a |\n", "syntax error: expected a command, found end of file"),
        ("echo a; )\n", "line 1: syntax error: expected a command, found ')'"),
        ("echo ${a b}\n", "bad substitution"),
        ("cat <\n", "syntax error: expected a word after <, found newline"),
    ],
)
def test_syntax_error_names_the_line_and_what_was_expected(sim, script, expected):
    result = sim(script, args=["x"])
    assert expected in result.stderr
    assert result.status == 2


@pytest.mark.parametrize(
    "opening, innermost, closing",
    [
        ("if true\nthen\n", "echo deep\n", "fi\n"),
        ("while true; do\n", "echo deep; break\n", "break; done\n"),
        ("( ", "echo deep", " )"),
        ("{ ", "echo deep; ", "}; "),
        ("echo $(", "echo deep", ")"),
        ("echo ${x:-", "deep", "}"),
    ],
)
def test_sixty_levels_fit_on_the_stack_of_an_rp2040(sim, opening, innermost, closing):
    script = opening * 60 + innermost + closing * 60
    if opening == "echo ${x:-":
        script = "echo " + "${x:-" * 60 + innermost + "}" * 60
    result = sim(script.rstrip("; ") + "\n", args=["x"])
    assert (result.stdout, result.stderr) == ("deep\n", "")
