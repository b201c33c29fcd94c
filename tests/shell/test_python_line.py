"""Python typed at the shell's prompt, and what looks like it but is the shell's."""

from harness import PROMPT

from shell.screens import answer

# Each line and what it prints; "... " is a continuation prompt, after which the next line is typed.
LINES = [
    ("import machine", ""),
    ("led = machine.Pin(25, machine.Pin.OUT)", ""),  # led is a program, too
    ("led.on(); led.value()", "1"),
    ("x = 5", ""),
    ("x", "5"),
    ("x + 1", "6"),
    ("y = x > 3", ""),  # no redirection
    ("ls 3", "ls: 3: No such file or directory"),
    ("y", "True"),
    ("x != 3", "True"),
    ("print('Hello, World!', \"it's\")", "Hello, World! it's"),
    ("d = {'a': 1}", ""),
    ("d['a'] += 4", ""),
    ("d", "{'a': 5}"),
    ("type(3)", "<class 'int'>"),  # type is a built-in, too
    ("time.sleep(0)", ""),  # time is a word of the shell, too
    ("len(os.listdir('/etc')) > 3", "True"),
    ("x.foo", "Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\n    x.foo\n"
     "AttributeError: 'int' object has no attribute 'foo'"),
    ("echo $?", "1"),
    ("import nothere", "Traceback"),
    ("from machine import Pin", ""),
    ("not x", "False"),
    ("(lambda a: a)(2)", "syntax error: expected a command, found '('"),  # begins as a subshell
    ("async def f(): return 3", "... "),
    ("", ""),
    ("with open('/etc/motd') as file: len(file.read()) > 0", "... "),
    ("", "True"),
    ("if x == 5: print('five')", "... "),
    ("", "five"),
    ("print([1,", "... "),
    ("2])", "[1, 2]"),
    # the shell's
    ("1/0", "1/0: not found"),
    ("foo", "foo: not found"),
    ("ss -t", "ss: not found; try netstat"),
    ("ls-l", "ls-l: not found"),
    ("import 5", "import: not found"),
    ("a=3; echo $a", "3"),
    ("while(true) do break; done; echo out", "out"),
    ("f() { echo shell; }", ""),
    ("f", "shell"),
    ("for i in a b; do echo $i; done", "a\nb"),
    ("del x", ""),
    ("x", "x: not found"),
    ("shopt -u python", ""),
    ("import os", "import: not found"),
    ("shopt -s python; shopt python", "python         \ton"),
    ("import os", ""),
]  # fmt: skip


def test_lines(prompt):
    for line, printed in LINES:
        if printed == "... ":
            prompt.send(line + "\r")
            prompt.expect(printed)
            continue
        output = answer(prompt, line).rstrip("\n")
        assert output == printed or (printed == "Traceback" and output.startswith(printed)), line


def test_blocks_are_indented_and_kept_in_the_history(prompt):
    for line in ("def f(a, b):", "if a > b:", "return a", "\x7f\x7f\x7f\x7freturn b"):
        prompt.send(line + "\r")
        prompt.expect("... ")
    prompt.send("\r")
    prompt.expect(PROMPT)
    assert answer(prompt, "f(2, 3) + f(5, 4)") == "8\n"
    prompt.send("def g():\r\treturn f(1, 0)\r\rg()\r")  # with blanks of its own, and typed ahead
    prompt.expect("\r\n1\r\n")
    prompt.expect(PROMPT)
    prompt.send("\x1b[200~for i in range(2):\r    print(i)\r\rprint('end')\x1b[201~\r")
    prompt.expect("\r\n0\r\n1\r\n")
    prompt.expect("end\r\n")
    prompt.expect(PROMPT)
    assert answer(prompt, "history | grep -c 'return [b]'") == "1\n"
    prompt.send("import mach\t\r")
    prompt.expect(PROMPT)
    prompt.send("print(machine.uniq\t() == b'', os.getc\t())\r")
    prompt.expect("\r\nFalse /\r\n")
    prompt.expect(PROMPT)


def test_scripts_have_no_such_lines(prompt):
    answer(prompt, "printf 'import os\\nx = 5\\n' > /tmp/s.sh")
    assert answer(prompt, "sh /tmp/s.sh") == "/tmp/s.sh: line 1: import: not found\n/tmp/s.sh: line 2: x: not found\n"
