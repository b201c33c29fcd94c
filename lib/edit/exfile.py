# The ex commands for files and the shell.

from base.errors import Failure, reason
from base.paths import basename, exists


def file(ed, name, force, arg, lines):
    """Run a command for files. A generator."""
    buffer = ed.buffer
    if name == "f":
        ed.say(ed.facts())
        return
    if name == "r":
        if arg[:1] == "!":
            new = yield _output(arg[1:])
        else:
            new = yield _content(arg or buffer.path)
        at = lines.last + 1 if buffer.lines.total else 0
        buffer.change(at, at, new)
        ed.row, ed.col = min(at, len(buffer) - 1), 0
        ed.say(f"{len(new)} lines read")
        return
    if name in ("w", "wq", "wqa", "wa") or name in ("x", "xa") and (buffer.modified or not exists(buffer.path)):
        whole = not lines.given or lines.given == 2 and lines.first == 0 and lines.last == len(buffer) - 1
        if name in ("x", "xa") and not buffer.path and not arg and not buffer.modified:
            pass
        elif not (yield ed.write(arg, force, 0 if whole else max(lines.first, 0), None if whole else lines.last)):
            return
    if name in ("w", "wa"):
        return
    if name in ("e", "n", "N", "prev"):
        if buffer.modified and not force:
            raise Failure("", "no write since last change (add ! to override)")
        path = arg or buffer.path
        if name != "e":
            number = ed.number + (1 if name == "n" else -1)
            if not 0 <= number < len(ed.files):
                raise Failure("", "no more files")
            ed.number = number
            path = ed.files[number]
        if buffer.journal and force:
            buffer.journal.remove()
        row = ed.row
        try:
            yield ed.load(path)
        except (OSError, Failure) as e:
            yield ed.load(buffer.path)
            ed.row = row
            ed.clamp()
            raise Failure(
                e.obj if isinstance(e, Failure) else basename(path), e.reason if isinstance(e, Failure) else reason(e)
            )
        if path == buffer.path:
            ed.row = row
            ed.clamp()
        ed.marks = {}
        yield from ed.recover()
        return
    if buffer.modified and not force:
        raise Failure("", "no write since last change (:w to write, :q! to discard)")
    ed.done = True


async def _content(path):
    """The lines of a file."""
    from edit.buffer import each

    if not path:
        raise Failure("", "no file name")
    lines = []
    await each(path, lambda data: lines.extend(data[: -1 if data[-1:] == b"\n" else len(data)].split(b"\n")))
    return lines


async def _output(line):
    """The output lines of a shell command."""
    from process import cpu
    from process.files import Capture

    out = Capture(32768)
    await cpu.current.run(line, stdout=out)
    data = bytes(out.data)
    return data[: -1 if data[-1:] == b"\n" else len(data)].split(b"\n") if data else []


async def run(ed, line):
    """Run a shell command on the terminal, and wait for a key."""
    from process import cpu

    terminal = ed.terminal
    terminal.write("\x1b[m\x1b[?2004l\x1b[?1049l")
    terminal.set_raw(False)
    ed.unload_commands()
    try:
        await cpu.current.run(line)
        terminal.write("\n[a key goes on]")
    finally:
        terminal.set_raw(True)
    await ed.keys.key()
    terminal.write("\x1b[?1049h\x1b[?2004h")
    ed.view.redraw()
