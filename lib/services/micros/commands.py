# The commands of a micrOS node: MODULE FUNCTION [ARGUMENT...] [>json] [&[MS] | &&[MS]] [>>HOST], `task` and `modules`.
#
# Every way in uses them: the socket shell, `lm`, cron and events.

import json

from base.errors import reason
from services.micros import modules, tasks

HINT = "Shell: for hints type help.\nShell: for LM exec: [1](LM)module [2]function [3...]optional params"
_TASK_HINT = "Invalid task cmd! Help: task list / kill <taskID> / show <taskID>"


def run(line, as_json=False):
    """Run a command: (whether it worked, what it prints)."""
    line = line.strip()
    before, _, last = line.rpartition(" ")
    if last == ">json":
        as_json = True
        line = before.rstrip()
        before, _, last = line.rpartition(" ")
    if last[:2] == ">>":
        return True, started(remote(last[2:], before.rstrip(), as_json), as_json)
    words = line.split(None, 2)
    if words and words[0] == "modules":
        names = (modules.installed() if "all" in words[1:] else modules.loaded()) + ["task"]
        return True, json.dumps(names) if as_json else str(names)
    if words and words[0] == "task":
        return True, task(words[1:], as_json)
    if len(words) < 2:
        return False, HINT
    count = len(last) - len(last.lstrip("&"))
    if 0 < count < 3 and before.strip() and (len(last) == count or last[count:].isdigit()):
        return True, started(background(before.rstrip(), count == 2, int(last[count:] or "0"), as_json), as_json)
    return call(words[0], words[1], words[2] if len(words) > 2 else "", as_json)


def remote(host, line, as_json):
    """Run a command on another node, `hello` without one: {the tag of the task for it: what has happened}."""
    from services.micros import intercon  # late: only to call another node

    if not intercon.is_host(host):
        return {}
    line = line or "hello"
    return intercon.send(host, line + " >json" if as_json else line)


def execute(line):
    """What a command of another node prints."""
    from services.micros import settings  # late: only for other nodes

    line = line.strip()
    if line == "hello":
        return settings.greeting()
    if line == "version":
        return settings.VERSION
    return run(line)[1]


def call(name, word, text, as_json):
    """Call a function of a Load Module: (whether it worked, what it prints)."""
    try:
        found, value = modules.call(name, word, text)
        return found, formatted(value, word, as_json) if found else HINT
    except Exception as e:
        why = reason(e) if isinstance(e, (OSError, MemoryError)) else str(e)
        return False, f"Core error: {modules.PREFIX}{name}->{word}: {why}"


def formatted(value, word, as_json):
    """What a function has returned, as text."""
    if word == "help" and isinstance(value, (tuple, list)):
        return json.dumps(list(value)) if as_json else "\n".join([f" {line}," for line in value])
    if isinstance(value, dict):
        return json.dumps(value) if as_json else "\n".join([f" {key}: {value[key]}" for key in value])
    return str(value)


def started(found, as_json):
    """What the start of a task prints: Python's text of a dict, as micrOS does, or JSON."""
    return json.dumps(found) if as_json else str(found)


def background(line, loop, pause_ms, as_json):
    """Start a task for a command: {its tag: what has happened}."""
    words = line.split(None, 2)
    tag = ".".join(words[:2])
    text = words[2] if len(words) > 2 else ""
    try:
        return tasks.start_call(tag, lambda: call(words[0], words[1], text, as_json), loop, pause_ms)
    except Exception as e:
        return {tag: str(e)}


def task(words, as_json):
    """The command `task`: its output."""
    words = " ".join(words).split()
    if words == ["list"]:
        if as_json:
            return json.dumps({"active": tasks.names(False), "inactive": tasks.names(True)})
        return tasks.listing()
    if len(words) == 2 and words[0] == "show":
        return tasks.show(words[1])
    if len(words) == 2 and words[0] == "kill":
        return tasks.kill(words[1])
    return _TASK_HINT


def pipe(text):
    """Run the commands of a setting such as boothook, separated by semicolons; a part that begins with # is skipped."""
    from base import log  # late: for what fails

    for part in text.split(";"):
        part = part.strip()
        if part and part[0] != "#" and part != "n/a":
            good, output = run(part)
            if not good:
                log.note("micros", f"{part}: {output}", log.WARNING)
