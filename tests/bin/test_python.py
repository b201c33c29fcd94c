"""python: code from an option, a module, a file and standard input; exceptions."""

import pytest


@pytest.mark.parametrize(
    "commands, output, status",
    [
        ("python -c 'print(1 + 1)'", "2\n", 0),
        ("python -c 'import sys; print(sys.argv)' a -c b", "['-c', 'a', '-c', 'b']\n", 0),
        (
            "echo 'import sys; print(sys.argv)' > /tmp/a.py; python /tmp/a.py x -c y",
            "['/tmp/a.py', 'x', '-c', 'y']\n",
            0,
        ),
        ("echo 'print(5)' | python", "5\n", 0),
        ("echo 'import sys; print(sys.argv)' | python - a", "['-', 'a']\n", 0),
        ("python -c 'raise SystemExit(7)'", "", 7),
        ("printf 'def __main__(args):\\n    print(*args)\\n' > /tmp/e.py; python /tmp/e.py hi", "hi\n", 0),
        ("echo line | python -c 'print(input())'", "line\n", 0),
        ("python -c 'import time; time.sleep(0.01); print(2)' | cat", "2\n", 0),
        ("cd /tmp; echo 'print(__name__)' > m.py; python -m m", "__main__\n", 0),
        ("python -c 1; python -c 'import sys; print(sys.argv)'", "['-c']\n", 0),
    ],
)
def test_python(sim, commands, output, status):
    result = sim(commands)
    assert (result.stdout, result.stderr, result.status) == (output, "", status)


@pytest.mark.parametrize(
    "commands, message, status",
    [
        (
            "python -c 1/0",
            'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\nZeroDivisionError: ',
            1,
        ),
        ("python -c 'x = ('", 'Traceback (most recent call last):\n  File "<string>", line 2\nSyntaxError: ', 1),
        ("python -m nosuch", "python: nosuch: no source of that module\n", 1),
        ("python /nosuch.py", "python: /nosuch.py: ", 1),
        ("python -x", "python: -x: invalid option\nusage: ", 2),
        ("python -i -c 1", "python: the prompt requires a terminal\n", 1),
    ],
)
def test_errors(sim, commands, message, status):
    result = sim(commands)
    assert result.stderr.lower().startswith(message.lower())
    assert (result.stdout, result.status) == ("", status)
