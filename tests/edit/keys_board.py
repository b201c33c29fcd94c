# Runs on the board: feeds keys from a file to a full-screen editor, and prints its final text and its output.
#
# Each line of the file is a JSON object {editor, columns, rows, text, keys}, or with path instead of text, to edit that
# file. Each line of output is one, too.

import asyncio
import json

from process.terminal import Terminal

proc = None


class Port:
    """Keeps what the editor writes."""

    def __init__(self):
        self.out = bytearray()

    def write(self, data):
        self.out.extend(data)
        return len(data)


async def run(editor, path, ended):
    try:
        await editor.run(path)
    except SystemExit:
        pass
    ended.append(True)


async def edit(case):
    name = case.get("path", "/tmp/case.txt")
    if "text" in case:
        with open(name, "wb") as file:
            file.write(case["text"].encode())
    port = Port()
    terminal = Terminal(port)
    terminal.resize(case["columns"], case["rows"])
    if case["editor"] == "vi":
        from edit.vi import Vi as Editor
    else:
        from edit.nano import Nano as Editor
    editor = Editor(terminal)
    ended = []
    task = asyncio.create_task(run(editor, name, ended))
    while not terminal.raw:
        await asyncio.sleep_ms(0)
    for keys in case["keys"]:
        if isinstance(keys, str):
            terminal.receive(keys.encode())
        else:
            terminal.resize(*keys)
        while terminal.input or editor.keys.typed or editor.queue:
            await asyncio.sleep_ms(1)
    shown = len(port.out)
    terminal.hungup = True
    terminal.ready.set()
    await task
    text = b"".join([piece + b"\n" for piece in editor.buffer.lines.pieces()])
    buffer = editor.buffer
    if "text" in case:
        buffer.journal.remove()
    return {
        "text": text.decode(),
        "row": editor.row,
        "col": len(buffer[editor.row][: editor.col].decode()),
        "message": editor.message if editor.alarm else "",
        "out": bytes(port.out[:shown]).decode(),
        "top": editor.view.top,
        "part": editor.view.part,
        "prompt": editor.prompt,
        "done": editor.done,
    }


async def __main__(args):
    with open(args[0]) as file:
        for line in file:
            print(json.dumps(await edit(json.loads(line))))
