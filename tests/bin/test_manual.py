"""man, help and apropos: the head comments, a screen at a time, for every way to install the programs."""

import ast

import pytest
from harness import ROOT


def test_man_shows_a_screen_at_a_time(console):
    console()
    console.expect("$: ")
    console.send("man date\r")
    console.expect("-- more (space, q) --")
    assert console.shows("-- more (space, q) --")[0] == "date - show or set the date and the time"
    console.send("\r")
    console.expect("-- more (space, q) --")
    console.send("q")
    console.expect("$: ")
    console.send("echo s''till here\r")
    console.expect("\nstill here\r\n")


def test_man_is_not_paged_in_a_pipe(sim):
    result = sim(
        "man sleep uptime | grep -c usage; man nosuch; echo $?; man; echo $?; man -k 'list the services'; echo $?"
    )
    assert result.stdout.splitlines()[:2] == ["2", "1"]
    assert result.stderr == "man: nosuch: no manual\nman: list the services: nothing appropriate\n"


@pytest.mark.parametrize("image", ["source", "mpy", "packed", "romfs"])
def test_every_way_of_installing_has_the_manuals(sim, image):
    result = sim(
        "man reset-cause | head -n 1; man services | head -n 1; apropos watchdog; apropos /proc; sleep --help | head -n 1; help -l | grep '^rtc '; sleep",
        image=image,
    )
    assert result.stderr == "sleep: missing TIME\nusage: sleep TIME...\n"
    assert [" ".join(line.split()) for line in result.stdout.splitlines()] == [
        "reset-cause - tell why the board has started",
        "services - definitions of services in /etc/services",
        "wdt - start or feed the watchdog",
        "proc - the files of /proc: what the system knows about itself",
        "sleep - wait",
        "rtc show or set the hardware's clock, and its memory",
    ]


def test_crontab_is_edited_with_the_editor_of_the_user(sim):
    edit = "echo 'echo \"@every 1h true\" >> $1' > /tmp/add.sh; export EDITOR=/tmp/add.sh; "
    result = sim(
        edit
        + "crontab -e; crontab -e; crontab -l; export EDITOR=false; crontab -e; crontab -l | wc -l; ls /tmp/crontab"
    )
    assert result.stdout == "@every 1h true\n@every 1h true\n2\n"
    assert result.stderr.splitlines()[-2:] == [
        "crontab: the editor failed; crontab unchanged",
        "ls: /tmp/crontab: No such file or directory",
    ]


def test_the_programs_of_services_answer_for_themselves(sim):
    result = sim("for p in utelnetd uftpd uhttpd; do $p --help | head -n 2; done; utelnetd -x; uftpd sing; uhttpd")
    assert [line for line in result.stdout.splitlines() if not line.startswith("usage: ")] == [
        "utelnetd - the telnet server",
        "uftpd - the FTP server",
        "uhttpd - the web server and its desktop",
    ]
    assert [line for line in result.stderr.splitlines() if not line.startswith("usage: ")] == [
        "utelnetd: -x: invalid option",
        "uftpd: sing: unknown command",
        "uhttpd: missing command",
    ]


def test_every_word_of_the_shell_has_a_manual(sim):
    source = (ROOT / "lib/shell/resolve.py").read_text()
    late = ast.literal_eval(source[source.index("LATE = (") + 7 :].split("\n)\n")[0] + "\n)")
    words = [word for word in late.decode().split() if not word.endswith(":")] + [
        "cd",
        "export",
        "exit",
        "if",
        "for",
        "while",
        "case",
        "function",
    ]
    result = sim("".join([f"man {word} | head -n 1\n" for word in words]))
    assert result.stderr == ""
    assert [line.partition(" - ")[0] for line in result.stdout.splitlines()] == words


def test_built_ins_answer_for_themselves(sim):
    result = sim("cd --help | head -n 1; trap --help | head -n 1; echo --help; pwd")
    assert result.stdout == (
        "cd - change the working directory\ntrap - say what happens at a signal or at the end\n--help\n/\n"
    )


def test_manuals_fit_80_columns_in_a_pipe(sim):
    """As those of other systems do; what has no blank to be cut at stays whole."""
    result = sim("for p in awk chmod base64 ls services trap; do man $p; done | cat; awk --help | cat; help awk | cat")
    rows = result.stdout.splitlines()
    assert len(rows) > 150
    assert [row for row in rows if len(row) > 80] == []
