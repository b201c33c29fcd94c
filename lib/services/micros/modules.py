# Load Modules: found as files, imported once, called by name.
#
# LM_NAME.py or LM_NAME.mpy, in one of these directories, is called NAME; `system` and `pacman` come with Diatom. Their public
# functions can be called, and those that help() of the module names. They stay loaded until the service stops: their state
# is the state of what they drive.

import gc
import os
import sys

from base.modules import unload
from process import memory
from services.micros import values

DIRECTORIES = ("/local/modules", "/opt/micros/modules")
OWN = {
    "system": "services.micros.system",
    "cluster": "services.micros.cluster",
    "pacman": "services.micros.pacman",
}
PREFIX = "LM_"

# What Load Modules import of micrOS, and the module here that has it.
_FACES = (
    " Common:common Types:types microIO:pins Auth:system Config:system Network:system Time:system"
    " Logger:messages Debug:messages Notify:messages Files:files Web:files Tasks:tasks urequests:requests mespnow:mespnow "
)
_PLACE = "services.micros.faces."


class Face:
    """Stands in sys.modules for a module of micrOS, which is loaded with its first use."""

    def __init__(self, place):
        self.place = place

    def __getattr__(self, name):
        if name[:2] == "__":  # whoever looks through sys.modules
            raise AttributeError(name)
        __import__(self.place)
        return getattr(sys.modules[self.place], name)


def attach():
    """Let Load Modules be imported, and what they import of micrOS. Before the first of them."""
    for directory in DIRECTORIES:
        if directory not in sys.path:
            sys.path.append(directory)
    for pair in _FACES.split():
        name, _, place = pair.partition(":")
        if name not in sys.modules:
            sys.modules[name] = Face(_PLACE + place)
    if "uasyncio" not in sys.modules:
        sys.modules["uasyncio"] = sys.modules["asyncio"]


def detach():
    """Unload all Load Modules, and undo attach()."""
    for name in loaded():
        unload(PREFIX + name)
    unload("services.micros.endpoints")  # what they serve
    for pair in _FACES.split() + ["uasyncio"]:
        sys.modules.pop(pair.partition(":")[0], None)
    for directory in DIRECTORIES:
        if directory in sys.path:
            sys.path.remove(directory)
    gc.collect()


def loaded():
    """The names of the Load Modules that are loaded."""
    return [name[len(PREFIX) :] for name in sys.modules if name.startswith(PREFIX)]


def installed():
    """The names of all Load Modules that there are, sorted."""
    found = set(OWN)
    for directory in DIRECTORIES:
        try:
            names = os.listdir(directory)
        except OSError:
            continue
        for name in names:
            stem, _, end = name.rpartition(".")
            if end in ("py", "mpy") and stem.startswith(PREFIX):
                found.add(stem[len(PREFIX) :])
    return sorted(found)


def exists(name):
    """Whether a client's word is the name of a Load Module."""
    return is_public(name) and name in installed()


def is_public(name):
    """True for a name that a client may use: a name of Python's that does not begin with an underscore."""
    return (
        name[:1] not in ("", "_")
        and not name[0].isdigit()
        and all(c == "_" or c.isalpha() or c.isdigit() for c in name)
    )


def load(name):
    """The Load Module of that name, imported if it is not loaded; ImportError in the words of MicroPython."""
    full = PREFIX + name
    module = sys.modules.get(full)
    if module:
        return module
    if not exists(name):
        raise ImportError(f"No module named '{full}'")
    place = OWN.get(name, full)
    attach()
    try:
        imported(place)
    except MemoryError:  # what the shell and other services can load again makes room, once
        memory.evict(True)
        imported(place)
    module = sys.modules[place]
    sys.modules[full] = module
    return module


def imported(place):
    """Import a module; one that fails is not half there."""
    try:
        __import__(place)
    except BaseException:
        unload(place)
        raise


def function(name, word):
    """A public function of a Load Module; AttributeError, or None for what cannot be called by name."""
    module = load(name)
    if not is_public(word) or not hasattr(module, word):
        raise AttributeError(f"'module' object has no attribute '{word}'")
    found = getattr(module, word)
    if not callable(found):
        return None
    if getattr(found, "__globals__", None) is not module.__dict__ and word not in advertised(module):
        return None  # imported by the module for itself
    return found


def advertised(module):
    """The names of the functions that the help of a module tells."""
    return [entry.split(" ", 1)[0] for entry in module.help()] if hasattr(module, "help") else []


def call(name, word, text):
    """Call a function with the arguments in a text: (True, what it returns), or (False, None) where none can be called."""
    found = function(name, word)
    if not found:
        return False, None
    args, named = values.arguments(text)
    return True, found(*args, **named)
