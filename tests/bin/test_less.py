"""less and more on a screen."""

from cases import Case, outcome, parametrize

CASES = [
    Case("less-squeeze", "printf '\\n\\n\\na\\n\\n\\nb\\n' | less -s; printf 'a\\n\\n\\n' > f; less -s f f", "", "\na\n\nb\na\n\na\n\n"),
    Case("more-copies", "seq 3 | more; seq 2 > f; more -n 1 -p G +1 f nope", "", "1\n2\n3\n1\n2\n", 1),
    Case("more-usage", "more -n -1 f 2>&1 | head -n 1", "", "more: -1: invalid number of rows\n"),
]  # fmt: skip


@parametrize(CASES)
def test_copies(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


def test_more_goes_on_with_a_blank_and_ends_behind_the_last_line(prompt):
    prompt.send("seq 60 > f; more f; echo sta''tus $?\r")
    prompt.shows("f lines 1-23")
    prompt.send(" ")
    rows = prompt.shows("f lines 24-46")
    assert rows[0] == "24"
    prompt.send(" ")
    assert prompt.shows("status 0")[:23] == [*[str(n) for n in range(39, 61)], "status 0"]


def test_more_of_a_text_that_fits_ends_at_once(prompt):
    prompt.send("seq 3 | more; echo sta''tus $?\r")
    rows = prompt.shows("status 0")
    assert rows[rows.index("status 0") - 3 : rows.index("status 0")] == ["1", "2", "3"]


def test_more_shows_several_files_and_some_rows(prompt):
    prompt.send("seq 20 > a; seq 101 130 > b; more -n 5 -p 3 a b; echo sta''tus $?\r")
    assert prompt.shows("a lines 3-7")
    prompt.send("G")
    prompt.shows("(END)")
    prompt.send(" ")
    assert prompt.shows("b lines 1-5")[0] == "101"
    prompt.send("q")
    prompt.shows("status 0")


def test_less_stays_at_the_end_and_gives_the_screen_back(prompt):
    prompt.send("seq 60 > f; less f; echo sta''tus $?\r")
    prompt.shows("f lines 1-23")
    prompt.send("/59\r")
    prompt.shows("(END)")
    prompt.send(" q")
    prompt.expect("\x1b[?1049l")
    prompt.expect("status 0")


def test_less_on_a_serial_line_asks_for_the_size_with_ctrl_l(prompt):
    prompt.send("seq 60 > f; less f; echo sta''tus $?\r")
    prompt.shows("f lines 1-23")
    prompt.send("\x0c")
    prompt.expect("\x1b[999;999H\x1b[6n")
    prompt.send("\x1b[11;40R")
    prompt.shows("f lines 1-10")
    prompt.send("q")
    prompt.shows("status 0")
