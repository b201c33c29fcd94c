# Run a program with its connections through a modem: atcurl, atwget and atupgrade.

from micropython import const

import modem
from base.errors import Failure, Usage
from process import cpu, find
from process.process import Process
from program import inform

_TERM = const(15)


async def run(name, args):
    """Run the program `name` with args; -M NAME selects the modem. Returns its status."""
    process = cpu.current
    which = modem.NAME
    words = []
    i = 0
    while i < len(args):
        word = args[i]
        i += 1
        if word == "--":
            words.extend(args[i - 1 :])
            break
        inform(word)
        if word == "-M":
            if i >= len(args):
                raise Usage("option requires an argument", "-M")
            which = args[i]
            i += 1
        elif word[:2] == "-M":
            which = word[2:]
        else:
            words.append(word)
    modem.get(which)  # Failure if there is none
    path = find.find(name, process)
    if not path:
        raise Failure(name, "not found", 127)
    child = Process(process.name, words, process)
    child.env = dict(process.env, MODEM=which)
    child.start(path)
    try:
        return await child.wait()
    finally:
        if child.status is None:
            child.kill(_TERM)
