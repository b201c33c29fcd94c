# Runs on the board: feeds keys from a file to the line editor, and prints its final state and its output.
#
# Each line of the file is a JSON object {columns, rows, prompt, history, keys}; so is each line of output.

import asyncio
import json

from process.terminal import Terminal
from shell.lineedit import Editor


class Port:
    """Keeps what the editor writes."""

    def __init__(self):
        self.out = bytearray()

    def write(self, data):
        self.out.extend(data)
        return len(data)


async def read(editor, prompt):
    await editor.read_line(prompt)


async def edit(case):
    port = Port()
    terminal = Terminal(port)
    terminal.resize(case["columns"], case["rows"])
    editor = Editor(terminal)
    editor.fresh = case["history"]
    task = asyncio.create_task(read(editor, case["prompt"]))
    await asyncio.sleep_ms(0)
    terminal.receive(case["keys"].encode())
    while terminal.input or editor.typed:
        await asyncio.sleep_ms(0)
    found = {"text": editor.text, "at": editor.at, "out": bytes(port.out).decode(), "done": task.done()}
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        pass
    return found


async def __main__(args):
    with open(args[0]) as file:
        for line in file:
            print(json.dumps(await edit(json.loads(line))))
