"""The history: search, and its file across restarts, damage and power cuts."""

import os
import subprocess

import pexpect.fdpexpect
import pytest
from harness import PATIENCE, PROMPT, SIM, copy_flash

from shell.screens import answer, screen, shown


def test_search(prompt):
    for line in ("echo one", "echo two", "true three"):
        answer(prompt, line)
    prompt.send("\x0c\x12ec")
    assert shown(prompt)[0] == ["(search)`ec': echo two"]
    prompt.send("\x12")
    assert shown(prompt)[0] == ["(search)`ec': echo one"]
    prompt.send("\x12")
    assert shown(prompt)[0] == ["(failed search)`ec': echo one"]
    prompt.send("\x13")
    assert shown(prompt)[0] == ["(search)`ec': echo two"]
    prompt.send("\x7f\x7fthr")
    assert shown(prompt)[0] == ["(search)`thr': true three"]
    prompt.send("\x07")
    assert shown(prompt)[0] == ["/ $:"]
    for keys, output in (("\x12one", "one"), ("draft\x12wo\x1b[F!", "two!"), ("\x12 th\x01\x0becho x", "x")):
        prompt.send(keys + "\r")
        prompt.expect(f"\r\n{output}\r\n")


def test_escape_ends_the_search(prompt):
    answer(prompt, "echo one")
    prompt.send("\x12ne")
    assert shown(prompt)[0][-1] == "(search)`ne': echo one"
    prompt.send("\x1b")
    assert shown(prompt)[0][-1] == "/ $: echo one"
    prompt.send("X\r")  # where it was found
    prompt.expect("\r\noXne\r\n")


def test_edited_entries_stay_until_the_line_is_entered(prompt):
    for line in ("echo one", "echo two"):
        answer(prompt, line)
    prompt.send("\x10\x10 more\x0e\x0e\x10\x10")
    assert screen(prompt) == ["/ $: echo one more"]
    prompt.send("\r")
    prompt.expect("\r\none more\r\n")
    prompt.expect(PROMPT)
    assert history_of(prompt) == ["echo one", "echo two", "echo one more"]


def test_a_line_as_a_comment(prompt):
    prompt.send("echo later\x1b#")
    prompt.expect(PROMPT)
    assert history_of(prompt) == ["#echo later"]


def history_of(console):
    return [line.split(None, 1)[1] for line in answer(console, " history").strip().split("\n") if line[:5].strip()]


def test_history_survives_a_restart(console):
    console()
    console.expect(PROMPT)
    for line in ("echo one", " echo secret", "echo two", "echo one", "for i in 1 2; do"):
        console.send(line + "\r")
        console.expect("> " if line[-2:] == "do" else PROMPT)
    answer(console, "echo $i\rdone")
    answer(console, "")
    assert history_of(console) == ["echo two", "echo one", "for i in 1 2; do"]
    console.send("reboot\r")
    console.expect(PROMPT)
    assert history_of(console) == ["echo two", "echo one", "for i in 1 2; do", "reboot"]
    console.send("\x10\x10")
    assert screen(console) == ["/ $: for i in 1 2; do", "echo $i", "done"]
    console.send("\r")
    console.expect("\r\n1\r\n2\r\n")
    console.expect(PROMPT)
    console.send("echo \x1b.\x1b.\x1b.\r")  # M-. : the last word of the loop, of reboot, of echo one
    console.expect("\r\none\r\n")
    console.expect(PROMPT)
    console.send("\x1b<")
    assert screen(console) == ["/ $: echo two"]
    console.send("\x1b>\x10\x10\x10\x0e\x0e\x1b[B\x1b[B draft\x15echo x\x1b[A\x1b[B\r")
    console.expect("\r\nx\r\n")
    console.expect(PROMPT)
    assert "secret" not in answer(console, " cat ~/.history")


def test_history_is_bounded_and_written_in_batches(prompt):
    answer(prompt, "echo 0")
    assert "No such file" in answer(prompt, " cat ~/.history")
    for n in range(1, 70):
        answer(prompt, f"echo {n}")
    written = answer(prompt, " cat ~/.history").strip().split("\n")
    assert len(written) == 50 and written[-1] == "echo 63"
    kept = history_of(prompt)
    assert len(kept) == 50 and kept[-1] == "echo 69"
    for n in range(20):
        answer(prompt, f"echo {n} " + "x" * 900 + "\x15echo short" + str(n))
    answer(prompt, "history -d 1; history -c; history -w")
    assert history_of(prompt) == []


def test_long_entries_are_bounded_in_bytes(prompt):
    for n in range(17):
        answer(prompt, f": {n} " + "x" * 600)
    size = int(answer(prompt, " wc -c < ~/.history"))
    assert 3000 < size <= 4096


@pytest.mark.parametrize(
    "content", ["printf 'echo ok\\n\\377\\376\\0\\n\\tbad\\n\\n\\n\\033[2J\\necho fine'", "yes | head -c 40000"]
)
def test_a_damaged_history_file(prompt, content):
    answer(prompt, " " + content + " > ~/.history")
    lines = history_of(prompt)
    assert lines in (["echo ok", "echo fine"], ["y"])
    assert answer(prompt, "echo next") == "next\n"
    answer(prompt, " history -w")
    assert history_of(prompt)[-1] == "echo next"


def test_a_history_file_that_cannot_be_written_is_told_once(prompt):
    answer(prompt, " mkdir ~/.history")
    told = 0
    for n in range(40):
        told += answer(prompt, f"echo {n}").count("history: /")
    assert told == 1
    assert history_of(prompt)[-1] == "echo 39"
    assert answer(prompt, "\x10") == "39\n"


def test_histfile_says_where(prompt):
    answer(prompt, "HISTFILE=/tmp/h")
    answer(prompt, " history -w; HISTFILE=")
    assert answer(prompt, " cat /tmp/h") == "HISTFILE=/tmp/h\n"
    answer(prompt, "echo x; history -w")
    assert "No such" in answer(prompt, " cat ~/.history")


@pytest.mark.slow
@pytest.mark.parametrize("torn", ["", ":torn"])
def test_power_cut_while_the_history_is_written(console, pristine, sim, tmp_path, torn):
    """A cut at any write: the file is the old or the new one."""
    old = ["echo a", "echo b"]
    first = tmp_path / "first.img"
    copy_flash(pristine(), first)
    sim("printf 'echo a\\necho b\\n' > /home/.history", flash=first)
    seen = set()
    cut = 1
    while True:
        image = tmp_path / "cut.img"
        copy_flash(first, image)
        run = subprocess.Popen(
            [*SIM, "--flash", str(image), "--stack", "rp2", "--quiet-boot", "--pty", "--cut-power-at", f"{cut}{torn}"],
            stdout=subprocess.PIPE,
        )
        try:
            path = run.stdout.readline().decode().strip()
            line = pexpect.fdpexpect.fdspawn(os.open(path, os.O_RDWR | os.O_NOCTTY), timeout=PATIENCE)
            line.expect_exact("$: ")
            line.send("echo c\rhistory -w; echo do''ne\r")
            found = line.expect_exact(["\ndone", pexpect.EOF])
        finally:
            run.kill()
            run.wait()
            run.stdout.close()
        text = sim("cat /home/.history", flash=image).stdout.split("\n")[:-1]
        assert text in (old, [*old, "echo c", "history -w; echo do''ne"]), f"cut at write {cut}"
        seen.add(len(text))
        if found == 0:
            break
        cut += 1
    assert seen == {2, 4}


def test_fc_lists_edits_and_repeats(prompt):
    answer(prompt, "HISTFILE=")
    answer(prompt, "echo one two")
    answer(prompt, "printf '%s\\n' three")
    assert answer(prompt, "fc -l -2") == "2\t echo one two\n3\t printf '%s\\n' three\n"
    assert answer(prompt, "fc -ln 2 2") == "\t echo one two\n"
    assert answer(prompt, "fc -s two=2 echo") == "echo one 2\none 2\n"
    assert answer(prompt, "fc -e 'sed -i s/2/deux/'") == "echo one deux\none deux\n"
    assert answer(prompt, "fc -lnr -2") == "\t echo one deux\n\t echo one 2\n"
    assert answer(prompt, "fc -l nothing; echo $?") == "fc: no command found\n1\n"
