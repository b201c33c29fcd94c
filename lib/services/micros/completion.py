# TAB for `lm`: the names of Load Modules, of their functions and arguments, and of tasks. No module is imported for it.

import sys

from micropython import const

from services.micros import modules, tasks

_LINES_MAX = const(2000)  # of a source that is looked through


def candidates(words):
    """What may follow the words behind `lm`."""
    if not words:
        return modules.installed() + ["modules", "task"]
    name = words[0]
    if name == "task":
        return tasks.names(False) + tasks.names(True) if words[1:] in (["show"], ["kill"]) else []
    if len(words) == 1:
        return functions(name)
    return arguments(name, words[1])


def functions(name):
    """The public functions of a Load Module; of one that is not loaded, those that its source defines."""
    module = sys.modules.get(modules.PREFIX + name)
    if module:
        return [word for word in dir(module) if modules.is_public(word) and modules.function(name, word)]
    found = ["help"]
    if not modules.exists(name):
        return []
    for directory in modules.DIRECTORIES:
        try:
            with open(f"{directory}/{modules.PREFIX}{name}.py") as file:
                for _ in range(_LINES_MAX):
                    line = file.readline()
                    if not line:
                        break
                    word = defined(line)
                    if word and word not in found:
                        found.append(word)
        except (OSError, UnicodeError):  # compiled
            pass
    return found


def defined(line):
    """The public function that a line of a source begins, or None."""
    if line[:6] == "async ":
        line = line[6:]
    word = line[4:].partition("(")[0].strip() if line[:4] == "def " else ""
    return word if modules.is_public(word) else None


def arguments(name, word):
    """NAME= for each argument that the help of a module that is loaded shows for a function."""
    module = sys.modules.get(modules.PREFIX + name)
    if not module or not hasattr(module, "help"):
        return []
    found = []
    for entry in module.help():
        parts = entry.split()
        if parts and parts[0] == word:
            found += [part.partition("=")[0] + "=" for part in parts[1:] if "=" in part and part[0].isalpha()]
    return found
