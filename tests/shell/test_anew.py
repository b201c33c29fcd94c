"""A shell that is reloaded, and what it does without memory to load a command."""

# As after some commands, of which one has found too little memory. (What is private keeps its name in the sources.)
ANEW = (
    "python -c 'from process import process; from shell import session; process.failures += 1; session._commands = 9'\r"
)


def test_a_shell_that_is_loaded_anew_keeps_what_the_session_has(console):
    console(image="source", heap="640k")
    console.expect("$: ")
    lines = (
        "x=kept; export y=too; list=(a b); f() { echo function $1; }; cd /tmp; alias hey='echo alias'",
        "python -c 'from shell import shell; shell.before = True'",
        "trap 'echo trap' USR1; sleep 100 &",
    )
    for line in lines:
        console.send(line + "\r")
        console.expect("$: ")
    console.send(ANEW)
    console.expect("$: ")
    console.send("python -c 'from shell import shell; print(1, hasattr(shell, \"before\"))'\r")
    console.expect("\r\n1 False\r\n")
    console.send("echo $x $y ${list[1]}; f 1; pwd; hey 2; printenv y; jobs\r")
    console.expect("\r\nkept too b\r\nfunction 1\r\n/tmp\r\nalias 2\r\ntoo\r\n[1]+  Running")
    console.expect("$: ")
    console.send("kill -USR1 $$\r")
    console.expect("\r\ntrap\r\n")
    console.send("kill %1; wait; jobs; echo en''d\r")
    console.expect("\r\nend\r\n")


def test_what_makes_memory_free_needs_no_program(console):
    """As if each of these had just run out of memory."""
    console(image="source")
    console.expect("$: ")
    console.send("> from shell import session; from process import cpu; shell = cpu.current.shell\r")
    console.expect("$: ")
    console.send("> def lacking(line): shell.typed = line; session.run_minimal(shell)\r\r")
    console.expect("$: ")
    console.send("cd /tmp; echo a > one; echo b > two; sleep 100 &\r")
    console.expect("$: ")
    console.send("> lacking('rm one'); lacking('rm /etc/motd'); lacking('ls'); lacking('ls; rm two')\r")
    console.expect("\r\ntwo\r\n")
    console.expect("$: ")
    console.send("ls /tmp/two /etc/motd\r")
    console.expect("\r\n/etc/motd  /tmp/two\r\n")
    console.send("> lacking('free'); lacking('ps')\r")
    console.expect("bytes used, ")
    console.expect(" sleep\r\n")
    console.send("> lacking('kill %1')\r")
    console.expect("$: ")
    console.send("wait; jobs; echo no jo''bs\r")
    console.expect("\r\nno jobs\r\n")
