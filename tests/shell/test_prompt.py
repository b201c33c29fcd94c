"""PS1 and PS2, and prompts with errors."""

import pytest
from harness import PROMPT

from shell.screens import answer, shown


@pytest.mark.parametrize(
    "form, shown_as",
    [
        ("\\w> ", "~/a/b> "),
        ("\\W> ", "b> "),
        ("\\u@\\H:\\$ ", "root@NAME:# "),
        ("\\?> ", "3> "),
        ("\\j \\s \\\\ \\101> ", "0 sh \\ A> "),
        ("$X-${X#v}-$(echo o)> ", "value-alue-o> "),
        ("\\[\\e[1m\\]\\w\\[\\e[0m\\]\\n> ", "~/a/b\n> "),
    ],
)
def test_the_prompt(prompt, form, shown_as):
    shown_as = shown_as.replace("NAME", answer(prompt, "uname -n").strip())
    answer(prompt, "mkdir -p /home/a/b; cd /home/a/b; X=value")
    prompt.send(f"\x0cPS1='{form}'; sh -c 'exit 3'\r")
    prompt.expect("\x1b[?2004l\r\n")
    prompt.expect("\x1b[?2004h")
    prompt.send("!")
    rows = shown_as.split("\n")
    assert shown(prompt)[0][1:] == [*rows[:-1], rows[-1] + "!"]


def test_the_time_in_the_prompt(prompt):
    prompt.send("PS1='<\\t>'\r")
    prompt.child.expect("\\r\\n<[0-2][0-9]:[0-5][0-9]:[0-5][0-9]>")


def test_the_second_prompt(prompt):
    prompt.send("PS2='\\W more: '\r")
    prompt.expect(PROMPT)
    prompt.send("if true\r")
    prompt.expect("/ more: ")
    assert answer(prompt, "then echo yes; fi") == "yes\n"


@pytest.mark.parametrize("form", ["$(", "${x:?gone}", "`", "$((1/0))", "\\D{", "\\", "$(exit 5)"])
def test_a_prompt_that_cannot_be_made_leaves_the_shell_usable(prompt, form):
    prompt.send(f"PS1='{form}>> '\r")
    prompt.expect(">> ")
    prompt.send("PS1='$: '; echo we''ll\r")
    prompt.expect("\r\nwell\r\n")
