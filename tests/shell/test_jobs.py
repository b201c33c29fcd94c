"""Jobs at a terminal: &, jobs, fg, bg, Ctrl-Z, notices, and reading the terminal."""

import re

from harness import PROMPT


def answer(prompt, keys):
    """Type a line, and return the output before the next prompt, without escape sequences."""
    prompt.send(keys + "\r")
    prompt.expect("\r\n")
    return re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", prompt.expect(PROMPT)).replace("\r\n", "\n")


def test_a_background_reader_of_the_terminal_is_stopped_until_it_comes_to_the_front(prompt):
    seen = answer(prompt, "cat &") + answer(prompt, "echo hi")
    assert re.match(r"\[1\] \d+\n", seen)
    assert seen.count("[1]+  Stopped                 cat\n") == 1
    assert "[1]+  Stopped                 cat" in answer(prompt, "jobs")
    prompt.send("fg\r")
    prompt.expect("cat\r\n")
    prompt.send("for cat\r")
    prompt.expect("for cat\r\nfor cat")
    prompt.send("\x03")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo $?; jobs") == "130\n/ "


def test_stop_and_go_on(prompt):
    prompt.send("sleep 100\r")
    prompt.expect("100\x1b[?2004l\r\n")
    prompt.send("\x1a")
    prompt.expect("[1]+  Stopped                 sleep 100")
    prompt.expect(PROMPT)
    assert answer(prompt, "echo $?") == "148\n/ "
    assert answer(prompt, "bg") == "[1]+ sleep 100 &\n/ "
    assert answer(prompt, "jobs") == "[1]+  Running                 sleep 100 &\n/ "
    assert answer(prompt, "kill %1; wait %1 2>/dev/null; echo $?") == "143\n/ "


def test_the_end_of_a_job_is_told_before_the_next_prompt(prompt):
    answer(prompt, "sleep 0.01 && echo first > /dev/null &")
    assert "[1]+  Done                    sleep 0.01 && echo first > /dev/null" in answer(prompt, "sleep 0.1")


def test_disown(prompt):
    answer(prompt, "sleep 100 &")
    assert answer(prompt, "disown %1; jobs; ps | grep -c '[s]leep'") == "1\n/ "
    assert "%1: no such job" in answer(prompt, "fg %1")


def test_wait_n(prompt):
    answer(prompt, "sleep 100 &")
    answer(prompt, "sh -c 'sleep 0.05; exit 7' &")
    assert answer(prompt, "wait -n; echo $?").endswith("7\n/ ")
