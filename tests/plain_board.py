"""A board with MicroPython and nothing else, as tests simulate it."""

PLAIN_MAIN = """
# A board with MicroPython and nothing else: its raw REPL.
import select, sys

def key():
    poll = select.poll()
    poll.register(sys.stdin, select.POLLIN)
    poll.poll()
    return sys.stdin.buffer.read(1)

def say(text):
    poll = select.poll()
    poll.register(sys.stdout, select.POLLOUT)
    while text:
        poll.poll()
        text = text[sys.stdout.write(text) or 0:]

def paste():
    # Raw paste: a window of 512 bytes, and a byte 1 for each further one.
    say("R\\x01\\x00\\x02\\x01")
    code = bytearray()
    while True:
        c = key()
        if c == b"\\x04":
            return code
        code += c
        if len(code) % 512 == 0:
            say("\\x01")

def run(code):
    try:
        exec(code, names)
        say("\\x04\\x04>")
    except Exception as e:
        import io
        text = io.StringIO()
        sys.print_exception(e, text)
        say("\\x04" + text.getvalue().replace("\\n", "\\r\\n") + "\\x04>")

names = {"print": lambda *a, end="\\n": say(" ".join([str(v) for v in a]).replace("\\n", "\\r\\n") + end.replace("\\n", "\\r\\n"))}
code = b""
while True:
    c = key()
    if c == b"\\x01":
        if code == b"\\x05A":
            code = paste()
            say("\\x04")
            run(code)
        else:
            say("raw REPL; CTRL-B to exit\\r\\n>")
        code = b""
    elif c == b"\\x04":
        say("OK")
        run(code)
        code = b""
    elif c in b"\\x02\\x03\\r":
        code = code + c if c == b"\\r" and code else b""
    else:
        code += c
"""
