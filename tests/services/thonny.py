"""Runs Thonny's back end over WebREPL: thonny.py DIRECTORY URL PASSWORD; prints what it answers to some commands."""

import os
import subprocess
import sys
import tempfile

DIRECTORY, URL, PASSWORD = sys.argv[1:]
sys.path.insert(0, DIRECTORY)

from thonny.common import InlineCommand, ToplevelCommand, serialize_message  # noqa: E402

WRITE = {"content_bytes": b"x = 1\n" * 300, "editor_id": 1, "blocking": True, "description": ""}
COMMANDS = (  # each with what answers it
    ("ToplevelResponse", ToplevelCommand("execute_source", source="print(6 * 7)")),
    ("write_file", InlineCommand("write_file", path="/tmp/t.py", make_shebang_scripts_executable=False, **WRITE)),
    ("read_file", InlineCommand("read_file", path="/tmp/t.py")),
    ("get_dirs_children_info", InlineCommand("get_dirs_children_info", node_id="", paths={"/"}, include_hidden=False)),
)
words = {"port": "webrepl", "url": URL, "password": PASSWORD, "clean": True, "interrupt_on_connect": True}
words.update({"local_rtc": True, "sync_time": False, "cwd": "/"})

with tempfile.TemporaryDirectory() as own:
    program = [sys.executable, "-m", "thonny.plugins.micropython.bare_metal_backend", repr(words)]
    environment = {**os.environ, "PYTHONPATH": DIRECTORY, "THONNY_USER_DIR": own}
    run = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

    def wait(kind):
        for line in run.stdout:
            print(line, end="", flush=True)
            if kind + "(" in line or f"'{kind}_response'" in line:
                return
        sys.exit(f"no {kind}")

    try:
        wait("ToplevelResponse")  # it is connected
        for number, (kind, command) in enumerate(COMMANDS):
            command["id"] = number
            run.stdin.write(serialize_message(command) + "\n")
            run.stdin.flush()
            wait(kind)
    finally:
        run.kill()
