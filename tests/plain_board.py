"""Simulated boards with MicroPython and less than the whole system."""

# How a program of theirs reads and writes.
CONSOLE = """
import select
import sys

def read(n):
    # Wait for input; a read takes what is there.
    poll = select.poll()
    poll.register(sys.stdin, select.POLLIN)
    poll.poll()
    return sys.stdin.buffer.read(n)

def write(text):
    # Write all of it to a console that takes what it can.
    poll = select.poll()
    poll.register(sys.stdout, select.POLLOUT)
    while text:
        poll.poll()
        text = text[sys.stdout.write(text) or 0:]
"""

# A board with MicroPython and nothing else: its raw REPL.
PLAIN_MAIN = (
    CONSOLE
    + """
def paste():
    # Raw paste: a window of 512 bytes, and a byte 1 for each further one.
    write("R\\x01\\x00\\x02\\x01")
    code = bytearray()
    while True:
        c = read(1)
        if c == b"\\x04":
            return code
        code += c
        if len(code) % 512 == 0:
            write("\\x01")

def run(code):
    try:
        exec(code, names)
        write("\\x04\\x04>")
    except Exception as e:
        import io
        text = io.StringIO()
        sys.print_exception(e, text)
        write("\\x04" + text.getvalue().replace("\\n", "\\r\\n") + "\\x04>")

names = {"print": lambda *a, end="\\n": write(" ".join([str(v) for v in a]).replace("\\n", "\\r\\n") + end.replace("\\n", "\\r\\n"))}
code = b""
while True:
    c = read(1)
    if c == b"\\x01":
        if code == b"\\x05A":
            code = paste()
            write("\\x04")
            run(code)
        else:
            write("raw REPL; CTRL-B to exit\\r\\n>")
        code = b""
    elif c == b"\\x04":
        write("OK")
        run(code)
        code = b""
    elif c in b"\\x02\\x03\\r":
        code = code + c if c == b"\\r" and code else b""
    else:
        code += c
"""
)
