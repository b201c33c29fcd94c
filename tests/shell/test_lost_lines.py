"""A line that is too long, or that runs out of memory, is discarded as a whole: no part of it runs."""

import pytest

LONG = "x" * 2300
HOG = "> import gc; gc.collect(); hog = [bytearray(256) for _ in range((gc.mem_free() - {}) // 304)]\r"
PASTE = "\x1b[200~{}\x1b[201~"
LINES = (
    f"# comment {LONG} ; touch /tmp/pwned",
    f"# {LONG[:1500]}é{LONG[:30]} ; touch /tmp/pwned",
    PASTE.format(f"# comment {LONG}\n# ; touch /tmp/pwned") + "; touch /tmp/pwned",
    f"# {LONG[:900]}\x01\x05\t\x1b[D\x1b[C{LONG}; touch /tmp/pwned",
)


def nothing_runs(console, line):
    """Type a line, and wait for the prompt behind it."""
    console.send(line + "\r")
    console.expect("\x1b[?2004l")
    console.expect("$: \x1b[?2004h")


def expect_nothing(console):
    console.send("test -e /tmp/pwned; echo pwned $?\r")
    console.expect("pwned 1")


@pytest.mark.parametrize("free", [2000, 4000, 6000, 9000, 13000])
@pytest.mark.parametrize("image, heap", [("romfs", "240k"), ("mpy", "320k")])
def test_the_rest_of_a_line_for_which_memory_is_short_is_no_command(console, image, heap, free):
    console(image=image, heap=heap)
    console.expect("$: \x1b[?2004h")
    nothing_runs(console, HOG.format(free)[:-1])
    for line in LINES:
        nothing_runs(console, line)
    for _ in range(30):  # these lines may find too little memory, too
        console.send("> hog = None\r")
        console.expect("$: \x1b[?2004h")
        console.send("test -e /tmp/pwned; echo pwned $?\r")
        found = console.child.expect_exact(["pwned 1", "pwned 0", "discarded", "out of memory"])
        if found < 2:
            break
    assert found == 0


def test_a_line_that_is_too_long_is_discarded_as_a_whole(prompt):
    """Typed, pasted, and in the middle of a command with several lines."""
    long = "touch /tmp/pwned; # " + LONG * 2 + "; touch /tmp/pwned"
    several = f"touch /tmp/pwned\n{long}{long}\ntouch /tmp/pwned"
    for line in (long, PASTE.format(long) + "; touch /tmp/pwned", PASTE.format(several) + "; touch /tmp/pwned"):
        prompt.send(line + "\r")
        prompt.expect("longer than 4096 characters: line discarded")
        prompt.expect("$: ")
    prompt.send(f"if true\rthen\r{long}\rtouch /tmp/pwned\rfi\r")
    prompt.expect("longer than 4096 characters: line discarded")
    prompt.expect("$: ")
    expect_nothing(prompt)


def test_a_line_that_is_too_long_for_a_program_is_discarded_as_a_whole(prompt):
    prompt.send("cat > /tmp/got; echo en''d\r")
    prompt.expect("\x1b[?2004l")
    prompt.send(f"first\r{LONG}; touch /tmp/pwned\rlast\r")
    prompt.expect("longer than 1024 bytes: line discarded")
    prompt.expect("last")
    prompt.send("\x04")
    prompt.expect("end")
    prompt.send('read a; cat /tmp/got; echo "<$a>"\r')
    prompt.expect("\x1b[?2004l")
    prompt.send(f"{LONG}\rshort\r")
    prompt.expect("line discarded")
    prompt.expect("first\r\nlast\r\n<short>")
    expect_nothing(prompt)


def test_a_line_that_is_too_long_is_discarded_where_a_program_ends_in_its_middle(prompt):
    prompt.send("sleep 1\r")
    prompt.expect("\x1b[?2004l")
    prompt.send("echo be''fore\r" + LONG[:1100])
    prompt.expect("line discarded")
    prompt.expect("before")
    prompt.send("; touch /tmp/pwned\r")
    expect_nothing(prompt)


def test_the_python_prompt_discards_a_line_that_is_too_long(prompt):
    prompt.send("python\r")
    prompt.expect(">>> ")
    prompt.send(f"#{LONG}{LONG}; open('/tmp/pwned', 'w')\r")
    prompt.expect("line discarded")
    prompt.expect(">>> ")
    prompt.send(f"if True:\r#{LONG}{LONG}\ropen('/tmp/pwned', 'w')\r")
    prompt.expect("line discarded")
    prompt.expect(">>> ")
    prompt.send("\x04")
    prompt.expect("$: ")
    expect_nothing(prompt)
