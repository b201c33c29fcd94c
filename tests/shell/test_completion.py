"""TAB at the prompt: commands, files, variables, jobs and arguments."""

import pytest
from harness import PROMPT

from shell.screens import answer, screen


@pytest.fixture
def files(prompt):
    """A console in a directory with files to complete."""
    answer(prompt, "mkdir -p /tmp/c/sub /tmp/c/'two words'; cd /tmp/c; touch alpha.txt alphabet.txt beta.txt .hidden")
    return prompt


@pytest.mark.parametrize(
    "keys, output",
    [
        ("echo be\t", "beta.txt"),
        ("echo al\ta\x7fb\t", "alphabet.txt"),
        ("echo al\t\x7f.txt", "alph.txt"),
        ("echo /tmp/c/be\t", "/tmp/c/beta.txt"),
        ("echo su\t", "sub/"),
        ("cd tw\t; pwd; cd ..", "/tmp/c/two words"),
        ("cd 'tw\t'; pwd; cd ..", "/tmp/c/two words"),
        ('cd "tw\t"; pwd; cd ..', "/tmp/c/two words"),
        ("echo x >be\t; cat beta.txt", "x"),
        ("echo .h\t", ".hidden"),
        ("ech\tx", "x"),
        ("if true; then ech\tx; fi", "x"),
        ("true && ech\tx", "x"),
        ("A=1 ech\tx", "x"),
        ("echo $(ech\tx)", "x"),
        ("myvariable=5\recho $myv\t", "5"),
        ("echo ${HOM\t", "/home"),
        ("echo $HOME/../tmp/c/b\t", "/home/../tmp/c/beta.txt"),
        ("f_function() { echo called; }; f_f\t", None),
        ("cd /tmp/c; cd s\t; pwd; cd ..", "/tmp/c/sub"),
        ("echo one be\t\x01\x06\x06\x06\x06\x06X", "Xone beta.txt"),
        ("echo nothing\t", "nothing"),
    ],
)
def test_completion(files, keys, output):
    if output is None:
        answer(files, keys.split("; ")[0] + "; }")
        keys, output = keys.rsplit("; ", 1)[1], "called"
    files.send(keys + "\r")
    files.expect(output + "\r\n")
    files.expect(PROMPT)


def test_what_is_ambiguous_is_listed(files):
    files.send("echo al\t")
    assert screen(files) == ["/tmp/c $: echo alpha"]
    files.send("\t")
    rows = screen(files)
    assert rows == ["/tmp/c $: echo alpha"]
    files.shows("alpha.txt  alphabet.txt")
    assert files.display()[files.screen.cursor.y - 1] == "alpha.txt  alphabet.txt"
    files.send("bet\t\r")
    files.expect("\r\nalphabet.txt\r\n")


@pytest.mark.parametrize(
    "keys, names",
    [
        ("ls --gr\t", ["--group-directories-first "]),
        ("wc -\t\t", ["-c", "-l", "-m", "-w"]),
        ("wifi \t", ["ap", "country", "hostname", "phy_mode", "sta"]),
        ("wifi sta s\t", ["scan", "status"]),
        ("led o\t", ["off", "on"]),
        ("cd \t", ["sub/", "two words/"]),
        ("unset OL\t", ["OLDPWD "]),
        ("help unam\t", ["uname "]),
        ("hist\t", ["history "]),
        ("ll -\t\t", ["-a", "-A"]),
    ],
)
def test_completion_knows_what_a_command_takes(files, keys, names):
    if keys.startswith("ll"):
        answer(files, "alias ll='ls -l'")
    files.send("\x0c" + keys)
    files.shows(*[name.rstrip() for name in names])


def test_completion_of_jobs(files):
    files.send("sleep 60 &\r")
    files.expect(PROMPT)
    files.send("kill %\t\r")
    files.expect("kill %1 ")
    files.expect(PROMPT)
    files.send("\r")
    files.expect("Terminated")


def test_completion_in_a_line_of_python(prompt):
    assert answer(prompt, "> number = 42") == ""
    prompt.send("< numb\t + sys.maxs\t\r")
    prompt.expect("\r\n9223372036854775849\r\n")
