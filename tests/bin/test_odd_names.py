"""Names that are not UTF-8, which littlefs stores and str does not: programs skip them and exit with status 1."""

import pytest

MAKE = (
    "mkdir /tmp/d; cd /tmp\n"
    "> import os; os.mkdir(b'd/q\\xfe')\n"
    "> [open(name, 'w').write('hi\\n') and None for name in (b'd/b\\xff', b'd/q\\xfe/in', 'd/a', 'd/z')] and None\n"
)
ODD = "{0}: d/b?: the name is not UTF-8\n{0}: d/q?: the name is not UTF-8\n"

COMMANDS = {
    "ls d": ("a\nz\n", 1),
    "ls -R d": ("d:\na\nz\n", 1),
    "find d": ("d\nd/a\nd/z\n", 1),
    "find d -type d -empty": ("", 1),
    "du -ab d": ("3\td/a\n3\td/z\n6\td\n", 1),
    "grep -r h d": ("d/a:hi\nd/z:hi\n", 2),
    "tree --noreport d": ("d\n├── a\n└── z\n", 1),
    "cp -r d e": ("", 1),
    "tar cvf t.tar d": ("d/\nd/a\nd/z\n", 2),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_rest_is_done(sim, command):
    result = sim(MAKE + command)
    output, status = COMMANDS[command]
    assert (result.stdout, result.status) == (output, status)
    assert result.stderr == ODD.format(command.split()[0])


def test_they_move_with_their_directory_and_go_with_it(sim):
    result = sim(MAKE + "mkdir m; mv d m/e; echo $?; echo m/e/*; rm -r m; echo $?; ls")
    assert (result.stdout, result.stderr) == ("0\nm/e/a m/e/z\n0\n", "")


def test_a_copy_that_lacks_them_is_what_the_original_is_compared_with(sim):
    result = sim(MAKE + "cp -r d e 2>/dev/null; diff -r d e 2>/dev/null; echo $?; ls e")
    assert result.stdout == "2\na\nz\n"
