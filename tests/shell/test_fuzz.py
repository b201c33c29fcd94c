"""Any text gives a tree or a syntax error, nothing else, and soon."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from shell.onboard import Board

# As the system runs it: what a step waits for is a generator, and only the event loop's None is not.
board = Board(
    """
from shell.lexer import ShellSyntaxError
from shell.parser import Parser
from shell import execute

def parse(text):
    # Every command of a script that comes line by line.
    lines = text.split("\\n")
    rest = [line + "\\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])

    def read():
        return rest.pop(0) if rest else ""
        yield

    parser = Parser(read)
    count = 0
    try:
        while True:
            try:
                step = execute.run(parser.command())
                while True:
                    next(step)
            except StopIteration as e:
                if e.value is None:
                    return count
                count += 1
                assert count <= len(text) + 1, "no end"
    except ShellSyntaxError as e:
        assert e.args[0]
        assert 1 <= e.line <= len(lines) + 1
        raise Failure("", e.args[0])
"""
)

PIECES = (
    "if then elif else fi while until do done for in case esac { } ( ) (( )) [[ ]] ! time function a b x=1 a[1]=2 a=( 1 | || & && ; ;; ;& "
    "\\ < > >> << <<- <<< <& >& <> >| 2>&1 &500 &&500 $ $a ${ ${a} ${a:-b} ${#a} ${a%%*} ${a/b/c} ${a[@]} ${!a} } $( $(a) $(( $((1)) ` ' \" "
    "# * ? [ ] [a-z] ~ ~/ = == == \\n :label goto > x = 1 < x return break EOF 'a b' \"$a\" $'\\x41' {a,b} {1..3} \t \r \0 é 日 \x7f"
).split(" ")

TEXTS = st.one_of(
    st.text(max_size=60),
    st.text("ab(){}[]$`'\"\\<>&|;!#*?~= \t\n\r\0é", max_size=60),
    st.lists(st.sampled_from([*PIECES, "\n", "\n", "EOF\n", "<<EOF\n"]), max_size=30).map(" ".join),
    st.lists(st.sampled_from([*PIECES, "\n"]), max_size=20).map("".join),
)


@given(TEXTS)
@settings(max_examples=1500)
def test_the_parser_takes_any_text(text):
    board.survives("parse", text)


@given(st.binary(max_size=80))
@settings(max_examples=300)
def test_the_parser_takes_any_bytes(data):
    board.survives("parse", data.decode(errors="surrogateescape").encode(errors="replace").decode())


def test_scripts_of_bytes_run_without_a_traceback(sim, tmp_path):
    """Files of bytes and of pieces of the language, run on the stack of an RP2040."""
    rng = random.Random(7)
    words = [piece for piece in PIECES if piece not in ("while", "until", "time", "goto", "x", ">", "&500", "&&500")]
    for i in range(60):
        path = tmp_path / "soup" / f"{i:02}.sh"
        path.parent.mkdir(exist_ok=True)
        if i % 3:
            path.write_text(" ".join(rng.choice([*words, "\n"]) for _ in range(40)).replace("> x", "") + "\n")
        else:
            path.write_bytes(rng.randbytes(200))
    result = sim(
        "cd /tmp; for f in /mnt/soup/*.sh; do sh $f < /dev/null > /dev/null 2> /tmp/e; s=$?\n"
        "grep -q -e Traceback -e 'File \"' -e 'recursion' -e 'NameError' -e 'AttributeError' -e 'TypeError' -e 'IndexError' /tmp/e && { echo $f $s; cat /tmp/e; }\n"
        "done; echo end",
        mount=[f"{tmp_path / 'soup'}:/mnt/soup"],
    )
    assert result.stdout == "end\n"
