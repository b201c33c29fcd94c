"""typeset -f: functions as text that the shell parses into the same functions."""

import pytest

FUNCTION = r"""
f() {
  a=1 b="x y$c" ls -l "$@" > /tmp/x 2>&1
  if [ "$1" = 'a b' ]; then echo 'it'"'"'s'; elif true; then :; else echo no; fi
  for i in 1 2 {3,4}; do echo $i; done | while read -r x; do echo "${x:-none}" "${x%%.*}" ${#x} "$(date; echo "hi")" $((i+1)) ; done
  case $1 in a|b*) echo ab;; (*) echo "x";; esac
  ! true && false || echo c &
  cat <<END
hello $x \$y
END
  ( cd /; pwd )
  [[ a == b && -n $x ]]
  for ((i=0;i<3;i++)); do echo ${x:1:2} ${x//a/b}; done
  arr=(1 2 "3 4"); arr[1]=x; echo "${arr[@]}" ${!arr[@]}
  export P="a b" ~/x
  until false; do break; done
  g() (echo sub)
  if $a == $b echo same
  sleep 1 &500
  > x = 1
  echo \* "*" '' *.txt
}
"""


def test_the_text_of_a_function_is_the_same_function(sim):
    result = sim(
        FUNCTION + "typeset -f f > /tmp/1; . /tmp/1; typeset -f f > /tmp/2; cmp /tmp/1 /tmp/2 && wc -l < /tmp/1"
    )
    assert result.stderr == ""
    assert int(result.stdout) > 50


@pytest.mark.parametrize(
    "body",
    [
        'for x in a "b c" "$@"; do echo "<$x>"; done',
        "case $1 in x*|y) echo one;& z) echo two;; esac",
        'i=0; while [ $i -lt 3 ]; do i=$((i + 1)); [ $i = 2 ] && continue; echo "$i"; done',
        "cat <<A; cat <<'B'\n$1 \\$1 `echo hi`\nA\n$1 $(no)\nB",
        'echo "${1:+"[$1]"}" ${2:-a\\ b} ${1#x} ${#1} "a\\"b" \'$x\' $(echo "a  b" | cat) "`echo q`"',
        "a=(1 'x y' 3); for ((i = 0; i < ${#a[@]}; i++)); do echo \"${a[i]}\"; done; [[ -n $1 && ( a = b || c < d ) ]]; echo $?",
        "{ echo out; echo err >&2; } 2>&1 | cat; (exit 3) || echo $?; ! false; echo $?",
        "h() { echo in h; }; h; x='a b' eval 'echo \"$x\"'",
    ],
)
def test_a_function_does_the_same_again(sim, body):
    result = sim(
        f"f() {{ {body}\n}}\nf xy > /tmp/1; typeset -f f > /tmp/f; unset -f f; . /tmp/f; f xy > /tmp/2; cat /tmp/1; cmp /tmp/1 /tmp/2"
    )
    assert (result.stderr, result.status) == ("", 0)
    assert result.stdout


def test_which_functions_there_are(sim):
    result = sim("f() { :; }; g() { :; }; typeset -F; typeset -f f nothing; echo $?")
    assert result.stdout == "f\ng\nf() \n{\n    :\n}\n1\n"
