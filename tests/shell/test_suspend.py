"""Ctrl-Z in programs with the whole screen, or with their own prompt: to the shell, and back with fg."""

import pytest
from harness import PROMPT

from shell.screens import answer, screen


def stopped(prompt, job, keys="\x1a"):
    """Type the keys that stop the program in the foreground, and wait for the shell."""
    prompt.send(keys)
    prompt.expect(f"Stopped                 {job}\r\n")
    prompt.expect(PROMPT)


@pytest.mark.parametrize("stop", ["\x1a", ":stop\r", ":sus\r"])
def test_other_programs_run_behind_vi(console, stop):
    prompt = console
    prompt()
    prompt.expect(PROMPT)
    answer(prompt, "seq 40 > /home/f")
    prompt.send("vi /home/f\r")
    prompt.expect("40 lines")
    prompt.send("10Gihello \x1b")
    prompt.expect("[+]")
    stopped(prompt, "vi /home/f", stop)
    assert answer(prompt, "jobs") == "[1]+  Stopped                 vi /home/f\n"
    prompt.send("top\r")
    prompt.expect("vi /home/f")
    prompt.send("q")
    prompt.expect(PROMPT)
    prompt.send("python\r")
    prompt.expect(">>> ")
    prompt.send("6 * 7\r")
    prompt.expect("\r\n42\r\n")
    prompt.expect(">>> ")
    prompt.send("\x04")
    prompt.expect(PROMPT)
    assert answer(prompt, "head -n 10 /home/f | tail -n 1; ls -1A /home") == "10\n.f.swp\n.python_history\nf\n"
    prompt.send("fg\r")
    prompt.expect("hello 10")
    prompt.expect("[+]")
    assert screen(prompt)[8:10] == ["9", "hello 10"]
    prompt.send("x:wq\r")
    prompt.expect(PROMPT)
    assert answer(prompt, "sed -n 10p /home/f; jobs; ls -1A /home") == "hello10\n.python_history\nf\n"


@pytest.mark.parametrize(
    "command, there, end",
    [("top", "COMMAND", "q"), ("less /etc/init.sh", "init.sh", "q"), ("python", ">>> ", "\x04")],
)
def test_it_stops_and_goes_on(prompt, command, there, end):
    prompt.send(command + "\r")
    prompt.expect(there)
    stopped(prompt, command)
    assert answer(prompt, "echo $?; bg") == f"148\n[1]+ {command} &\n"
    assert "Stopped" in answer(prompt, "sleep .1; jobs")  # without the terminal it cannot go on
    prompt.send("fg\r")
    prompt.expect(there)
    prompt.send(end)
    prompt.expect(PROMPT)
    assert answer(prompt, "echo $?; jobs") == "0\n"


def test_what_was_typed_at_the_prompt_of_python_is_still_there(prompt):
    prompt.send("python\r")
    prompt.expect(">>> ")
    prompt.send("x = 6\r")
    prompt.expect(">>> ")
    prompt.send("x * ")
    prompt.expect("x * ")
    stopped(prompt, "python")
    prompt.send("fg\r")
    prompt.expect(">>> x * ")
    prompt.send("7\r")
    prompt.expect("\r\n42\r\n")


def test_the_prompt_of_the_shell_has_nothing_to_go_back_to(prompt):
    prompt.send("echo \x1aone\r")
    prompt.expect("\r\none\r\n")


def test_one_that_is_killed_while_it_is_stopped_leaves_the_screen_alone(prompt):
    prompt.send("vi /home/f\r")
    prompt.expect("[new]")
    prompt.send("itext\x1b")
    stopped(prompt, "vi /home/f")
    prompt.send("kill %1; wait %1\r")
    assert "\x1b[?1049" not in prompt.expect(PROMPT)
    assert answer(prompt, "ls -1A /home; echo a\x7fb") == ".f.swp\nb\n"  # the line editor has its keys
    prompt.send("vi /home/f\r")
    prompt.expect("recover")


def test_one_that_was_stopped_from_elsewhere_has_its_keys_again(prompt):
    prompt.send("(until pidof vi > /dev/null; do sleep .1; done; sleep .3; kill -STOP $(pidof vi)) & vi /home/f\r")
    prompt.expect("Stopped                 vi /home/f")
    prompt.expect(PROMPT)
    answer(prompt, "echo between")
    prompt.send("fg\r")
    prompt.expect("vi /home/f\r\n")
    prompt.send("ione\x1b:wq\r")
    prompt.expect("$: ")
    assert answer(prompt, "cat /home/f") == "one\n"


def test_what_a_script_has_started_goes_on_with_it(prompt):
    prompt.send("sh -c 'echo be''gun; sleep 1; echo af''ter'\r")
    prompt.expect("begun")
    stopped(prompt, "sh -c echo begun; sleep 1; echo after")
    prompt.send("fg\r")
    prompt.expect("\r\nafter\r\n")


def test_ctrl_d_tells_of_stopped_jobs_once(prompt):
    prompt.send("vi /home/f\r")
    prompt.expect("[new]")
    stopped(prompt, "vi /home/f")
    for keys in ("\x04", "echo one\r", "\x04"):
        prompt.send(keys)
        prompt.expect("There are stopped jobs.\r\n" if keys == "\x04" else "one\r\n")
        prompt.expect(PROMPT)
    prompt.send("\x04")
    assert prompt.wait() == 0


def test_the_size_is_asked_again_when_a_program_comes_back(prompt):
    prompt.send("vi /tmp/f\r")
    prompt.expect("/tmp/f")
    stopped(prompt, "vi /tmp/f")
    prompt.send("fg\r")
    prompt.expect("\x1b[999;999H\x1b[6n")
    prompt.send("\x1b[30;100R:q\r")
    prompt.expect(PROMPT)
    prompt.send("stty size\r")
    prompt.expect("\n30 100\r\n")
