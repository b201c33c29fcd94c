"""stty, tput, install, flock, mkfifo: commands that portable scripts use."""

from cases import Case, outcome, parametrize

CASES = [
    Case("stty-without-a-terminal", "stty size 2>&1", "", "stty: standard input: not a terminal\n", 1),
    Case("tput-texts", "tput bold; tput setaf 1; tput setab 9; tput setaf 200; tput cup 3 4; tput sgr0; tput cols; tput nosuch 2>&1", "",
         "\033[1m\033[31m\033[101m\033[38;5;200m\033[4;5H\033(B\033[m80\ntput: nosuch: unknown terminfo capability\n", 1),
    Case("tput-from-stdin", "printf 'bold\\nsetaf 2\\n' | tput -S", "", "\033[1m\033[32m"),
    Case("install-modes", "echo hi > f; install -m 640 f g; install f h; install -D f x/y/z; install -d -m 700 d; install -t d f h; stat -c '%a %n' g h x/y/z d d/f",
         "", "640 g\n755 h\n755 x/y/z\n700 d\n755 d/f\n"),
    Case("install-refuses", "mkdir d; install d e 2>&1; install nosuch e 2>&1; install 2>&1 | head -1", "",
         "install: d: Is a directory (not copied)\ninstall: nosuch: No such file or directory\ninstall: missing operand\n"),
    Case("flock-command", "flock l echo hi; flock l sh -c 'exit 3'; echo $?; flock l -c 'echo c; false'; echo $?", "", "hi\n3\nc\n1\n"),
    Case("flock-excludes", "flock l sh -c '>started; while [ ! -e done ]; do sleep 0.05; done' & while [ ! -e started ]; do sleep 0.05; done\n"
         "flock -n l echo wrong; echo $?; flock -w 0.1 -E 7 l echo wrong; echo $?; flock -n m echo other; >done; flock l echo after; wait", "",
         "1\n7\nother\nafter\n"),
    Case("flock-shares", "flock -s l flock -sn l echo both; flock -s l flock -n l echo wrong; echo $?; flock -n l flock -sn l echo wrong; echo $?", "",
         "both\n1\n1\n"),
    Case("flock-descriptor", "exec 8> l; flock 8; ( flock -n 9 || echo busy; ) 9> l; flock -u 8; ( flock -n 9 && echo free; ) 9> l; flock -n 8 && echo mine; "
         "exec 8>&-; flock -n l echo closed; flock 7 2>&1 | head -1", "",
         "busy\nfree\nmine\nclosed\nflock: 7: bad file descriptor\n"),
    Case("mkfifo-refuses", "mkfifo f 2>&1", "", "mkfifo: f: the file system has no named pipes: use |, <( ) or >( )\n", 1),
]  # fmt: skip


@parametrize(CASES)
def test_case(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


def test_stty_sets_the_terminal(prompt):
    prompt.send("stty rows 30 cols 100; stty size; tput cols\r")
    prompt.expect("\n30 100\r\n100\r\n")
    prompt.send(
        "stty -echo; s=$(stty -g); stty | tail -n 1; stty echo; stty | tail -n 1; stty $s; stty | tail -n 1; stty sane\r"
    )
    prompt.expect("\nicanon isig -echo\r\nicanon isig echo\r\nicanon isig -echo\r\n")
    prompt.send("stty -echo; read x; stty echo; echo got $x\r")
    prompt.send("secret\r")
    assert "secret" not in prompt.expect("got secret").split("$x")[-1]
