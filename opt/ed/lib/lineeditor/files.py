# The commands of ed for files and for commands of the shell.

from base.errors import Failure
from base.files import Replacement
from base.paths import exists
from lineeditor import refuse
from process.files import Capture, Text
from program import open_input, protected

_OUTPUT_MAX = 65536  # bytes that `r !command` takes


def operand(editor):
    """The name of a file behind a command."""
    if editor.peek() and editor.peek() not in " \t":
        raise Failure("", "Unexpected command suffix")
    editor.skip()
    return editor.line[editor.at :]


async def read(editor, path, at):
    """Insert a file, or the output of a command, behind a line."""
    new = []
    size = 0
    if path[:1] == "!":
        out = Capture(_OUTPUT_MAX)
        await editor.process.run(path[1:], stdout=out.dup())
        data = bytes(out.data)
        size = len(data)
        new = data[:-1].split(b"\n") if data[-1:] == b"\n" else data.split(b"\n") if data else []
    else:
        stream = open_input(path)
        try:
            while line := await stream.readline():
                size += len(line)
                new.append(line.rstrip(b"\n") if line[-1:] == b"\n" else line)
        finally:
            stream.close()
    editor.text.replace(at, 0, new)
    if new:
        editor.text.current = at + len(new)
    if not editor.silent:
        editor.say(str(size))


async def read_file(editor, first, last, given):
    path = operand(editor) or editor.path
    if not path:
        raise Failure("", "No current filename")
    if not editor.path and path[0] != "!":
        editor.path = path
    await read(editor, path, last if given else len(editor.text.lines))


async def edit(editor, first, last, given):
    """e and E: another text."""
    refuse(given)
    if editor.line[editor.at - 1] == "e" and not editor.may_leave():
        raise Failure("", editor.message)
    path = operand(editor) or editor.path
    if not path:
        raise Failure("", "No current filename")
    if path[0] != "!":
        editor.path = path
    text = editor.text
    text.replace(0, len(text.lines), [])
    text.current = 0
    await read(editor, path, 0)
    text.modified = False
    text.log = []


async def write(editor, first, last, given):
    """w and W; wq ends the editor, too."""
    append = editor.line[editor.at - 1] == "W"
    leave = editor.peek() == "q"
    editor.at += leave
    path = operand(editor) or editor.path
    if not path:
        raise Failure("", "No current filename")
    text = editor.text
    if not given:
        first, last = min(1, len(text.lines)), len(text.lines)
    lines = text.lines[first - 1 : last] if first else []
    size = sum([len(line) + 1 for line in lines])
    if path[0] == "!":
        await editor.process.run(path[1:], stdin=Text(b"".join([line + b"\n" for line in lines])))
    else:
        protected(path)
        with open(path, "ab") if append and exists(path) else Replacement(path) as file:
            for line in lines:
                file.write(line)
                file.write(b"\n")
        editor.path = editor.path or path
        if len(lines) == len(text.lines):
            text.modified = False
    if not editor.silent:
        editor.say(str(size))
    editor.ended = leave


def file_name(editor, first, last, given):
    refuse(given)
    path = operand(editor)
    if path:
        editor.path = path
    if not editor.path:
        raise Failure("", "No current filename")
    editor.say(editor.path)


async def shell(editor, first, last, given):
    refuse(given)
    line = editor.line[editor.at :]
    if line[:1] == "!":
        if not editor.shell:
            raise Failure("", "No previous command")
        line = editor.shell + line[1:]
        editor.say(line)
    editor.shell = line
    await editor.process.run(line)
    if not editor.silent:
        editor.say("!")
