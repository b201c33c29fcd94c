"""POSIX rules that shells easily get wrong: aliases, special built-ins, continued lines, parameters."""

from shlex import quote

from cases import Case, outcome, parametrize


def script(name, text, **expected):
    """A case with its own script: an alias takes effect from the next line on."""
    return Case(name, "sh -c " + quote(text), **expected)


CASES = [
    # 2.3.1 Aliases
    script("alias of nothing", "alias e='' a='echo ABC'\ne\ne echo x; echo y | e cat", stdout="x\ny\n"),
    script("alias of a loop", "alias u='until :' d='do echo'\nu; false; d until; break; done", stdout="until\n"),
    script("reserved words are no aliases", "alias if=: then=:\nif true; then echo then; fi", stdout="then\n"),
    script("alias of parentheses", "alias f='f ' p='()'\nf p\n{ echo F; }\n\\f", stdout="F\n"),
    script("alias behind an alias", "alias c=cat e='echo '\ne c c cat", stdout="cat c cat\n"),
    script("alias of a pattern", "alias c='case a in ' p='(a)'\nc p echo 2; esac", stdout="2\n"),
    script("alias of a delimiter", "alias c='cat << ' e=' \\END '\nc e\n$x\nEND", stdout="$x\n"),
    script("alias of two lines", "alias e='echo\\\n '\ne e", stdout="echo\n"),
    script("a reserved word behind an alias", "alias E='echo ' while=While\nE while", stdout="While\n"),
    # 2.7.4 Here-documents
    Case("a quoted delimiter with a dollar", 'cat << "E$a"\nh$a\nE$a', stdout="h$a\n"),
    # test: the meaning of three and four arguments
    Case("test with parentheses", r"test \( ! -e \); echo $?; test \( -e \); echo $?; [ \( a = a \) -a ! -e ]; echo $?",
         stdout="1\n0\n1\n"),
    # 2.14 Special built-ins
    Case("no function in the place of a special built-in", "eval() { echo no; }; eval 'echo yes'", stdout="yes\n"),
    script("times is one", "a=a; a=b times > /dev/null; echo $a; times < nosuch 2> /dev/null; echo no", stdout="b\n", status=1),
    Case("command exec keeps what it opens", "command exec 4<<E\nhere\nE\ncat <&4", stdout="here\n"),
    Case("return from a function in a trap", "(trap 'f() { false; return; }; f; echo $?' EXIT)", stdout="1\n"),
    Case("umask", "umask 27; umask; umask -S; umask u=r+w,g=wx,o+x; umask; umask 9 2> /dev/null",
         stdout="0027\nu=rwx,g=rx,o=\n0146\n", status=2),
    Case("command -p", "PATH=; command -pv cat; command -v cat; command -p echo $?", stdout="/bin/cat\n1\n"),
    # 2.2.1 Escape character
    Case("operators that go on", "cat <\\\n<\\\n-\\\n E\n\tx\n\tE\ntrue &\\\n& echo y", stdout="x\ny\n"),
    Case("expansions that go on",
         "f=foo; echo $\\\nf $f\\\noo $\\\n{\\\nf\\\n} ${\\\n#f} $\\\n(\\\n(1+\\\n2)\\\n) \"$\\\nf\" $(echo 1\\\n) `\\\necho 2\\\n`",
         stdout="foo foo 3 3 foo 1 2\n"),
    # 2.5 Parameters, 2.6.1 Tilde, 2.6.5 Field splitting
    Case("IFS is set", 'old=$IFS; IFS=:; x=a:b; echo $x; IFS=$old; x="c  d"; echo $x; printf %s "$IFS" | od -An -c',
         stdout="a b\nc d\n      \\t  \\n\n"),
    Case("IFS is not inherited", "IFS=x sh -c 'printf %s \"$IFS\" | wc -c'", stdout="3\n"),
    Case("all parameters with an operator", "set -- '' ''; IFS=; echo \"X${*:+y}X${*-n}\"; IFS=:; echo \"X${*:+y}X$*\"",
         stdout="XX\nXyX:\n"),
    Case("IFS can be unset", "unset IFS; x='a  b'; echo $x ${IFS-none}", stdout="a b none\n"),
    Case("a tilde that is partly quoted", "HOME=/h; x=y; echo ~$x ~\"\" ~ ~/x", stdout="~y ~ /h /h/x\n"),
    Case("PPID in a subshell", "[ $PPID = $(echo $PPID) ] && (echo $PPID) | grep -qx $PPID; echo $?", stdout="0\n"),
    Case("getopts unsets OPTARG", "getopts a: v -x 2> /dev/null; echo ${OPTARG-unset}; getopts a x -a; echo .$OPTARG",
         stdout="unset\n.\n"),
    Case("set -b", "set -b; echo $-; set +o notify; echo .$-", stdout="b\n.\n"),
    Case("a job without job control reads nothing", "printf 'a\\nb\\n' > f; sh -c 'cat & wait; cat' < f", stdout="a\nb\n"),
    Case("exec of a directory", "(exec /); echo $?; (exec ./nosuch); echo $?; sh nosuch; echo $?", stdout="126\n127\n127\n"),
    script("a colon and nothing", "echo ${x:}; echo no", status=2),
    script("a trap ends wait, even where what is waited for ends, too",
         "trap 'echo got' USR1; (sleep 0.05; kill -USR1 $$; exit 3) & wait $!; echo $?; wait $!; echo $?",
         stdout="got\n138\n3\n"),
    Case("URG is ignored", "kill -s URG $$; kill -l 23", stdout="URG\n"),
    Case("redirections inside a pipeline",
         "printf 'b\\na\\n' > in; sort < in | cat > o; cat o; sort < in | grep a >> o; tail -n 1 o;"
         " cat <<E | tr a b > o\naaa\nE\ncat o; sort < none 2> /dev/null | wc -l; echo $?; { cat in | sort > /none/x | wc -l; } 2> /dev/null;"
         " echo hi | cat 2>&1 > o | wc -c; ls /none 2>&1 | sed 's/.*: //' > o; cat o; set -o pipefail;"
         " cat < none 2> /dev/null | cat > o; echo $?; yes 2> /dev/null | head -n 1 > o; cat o; f() { echo f; }; f < in | cat > o; cat o;"
         " cat in | wc -l > 0; cat in | sort < in | head -n 1 > o; cat o; echo z > z; cat z | sort < z > z2; cat z2",
         stdout="a\nb\na\nbbb\n0\n0\n0\n0\nNo such file or directory\n1\ny\nf\na\nz\n"),
]  # fmt: skip


@parametrize(CASES)
def test_posix(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
