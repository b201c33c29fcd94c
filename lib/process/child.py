# Commands that a program runs as child processes: nohup, timeout.

from base.errors import Failure
from process import find
from process.process import Process


def make(parent, words, *streams):
    """(a Process for the command words, what its start() takes); Failure with status 127 where there is none.

    What is no program is run by a shell.
    """
    name, path = words[0], find.find(words[0], parent)
    if not path:
        raise Failure(name, "not found", 127)
    words = words[1:]
    if not path.endswith((".py", ".mpy")):
        words = [path] + words
        name, path = "sh", find.find("sh", parent)
    return Process(name.rsplit("/", 1)[-1], words, parent, *streams), path
