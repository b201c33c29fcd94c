"""History expansion at the prompt: each line prints what an interactive bash 5.2 prints."""

from shell.screens import answer

LINES = [
    ("echo a b c", "a b c"),
    ("!!", "echo a b c\na b c"),
    ("echo !$", "echo c\nc"),
    ("echo x'y z' \"p q\" | cat", "xy z p q"),
    ("echo !!:1 !-2:0", "echo x'y z' echo\nxy z echo"),
    ("echo !echo:2", "echo echo\necho"),
    ("^echo^printf '%s\\n'", "printf '%s\\n' echo\necho"),
    ("echo one two three four", "one two three four"),
    ("!!:s/two/2/", "echo one 2 three four\none 2 three four"),
    ("echo !!:2-3", "echo 2 three\n2 three"),
    ("echo one/two.c", "one/two.c"),
    ("echo !$:h !$:t !$:r !$:e", "echo one two.c one/two .c\none two.c one/two .c"),
    ("echo !?one?:%", "echo one/two\none/two"),
    ("!2:p", "echo c"),
    ("!!", "echo c\nc"),
    ("echo '!!' \\!x \"hi!\" a! [!a] !=", "!! !x hi! a! [!a] !="),
    ("!nothing", "!nothing: event not found"),
    ("echo one two", "one two"),
    ("echo !*", "echo one two\none two"),
    ("echo 1 !^ !:1", "echo 1 one one\n1 one one"),
    ("!!:gs/1/0/", "echo 0 one one\n0 one one"),
    ("echo !#", "echo echo \necho"),
    ("echo a/b:c", "a/b:c"),
    ("echo !!:1:s/a/c/:q", "echo 'c/b:c'\nc/b:c"),
    ("!e:0 q", "echo q\nq"),
    ("printf '%s ' 1 2 3; echo !!:1*", "printf '%s ' 1 2 3; echo q\n1 2 3 q"),
    ("set +H; echo on", "on"),
    ("echo !! ^x", "!! ^x"),
    ("set -H; echo off", "off"),
    ("< 'a!b'", "a!b"),
]


def test_lines(prompt):
    for line, printed in LINES:
        assert (line, answer(prompt, line)) == (line, printed + "\n")


def test_an_event_that_is_not_found_runs_nothing(prompt):
    for line, message in (
        ("echo before; !nothing", "!nothing: event not found"),
        ("echo before; !!:9", "!!:9: bad word specifier"),
        ("^zz^y", "!!:s^zz^y: substitution failed"),
        ("echo !!:y", ":y: unrecognized history modifier"),
        ("echo !99", "!99: event not found"),
    ):
        answer(prompt, "echo first")
        assert (line, answer(prompt, line)) == (line, message + "\n")
