# What can be forgotten when memory is short: modules that are loaded again when somebody asks for them.
#
# A module goes when nothing that runs has something of it, and it keeps no state. What runs are the programs under
# way and the modules that stay; what has something of a module holds it, or a function or a class of its own. Modules
# of some rooms load one another late: all of such a room stay while a process runs that has imported one.

import gc
import sys

from process import process as processes
from process import routing
from process.load import unload

_ROOMS = ("archive", "base", "edit", "modem", "net", "packages", "pages", "services", "text", "update")

# Modules of other rooms. (Words in one string, here and below: a tuple of them takes three times as much memory.)
_LIBRARIES = (
    " program transfer manual wireless"
    " process.pipe process.signals process.opened process.shown process.ask process.ending"
    " kernel.virtual kernel.procfs kernel.procnet kernel.devfs kernel.devpins "
)

# Modules of the services that nobody loads late.
_SINGLE = " services.cron services.definitions services.states "

# A module keeps state while one of these is true.
_STATE = (
    " base.config:_content base.files:_writing base.log:lines base.mounts:points base.watchdog:dog net.link:links"
    " net.mdns:responder net.mqttd:process net.saved:changed net.station:supervisor services.screen:screens process.ending:debug"
    " process.pipe:_spills services.cron:rebooted services.guard:_failed services.server:running"
    " services.supervisor:services base.lazyfs:mount base.changes:unsaved "
)

# Rooms of the shell of which something may be under way while a program is started.
_RUNNING = (
    " shell.flow shell.source shell.scripts shell.control shell.rare shell.jobs shell.wait shell.traps shell.dialect"
    " shell.substitution shell.redirect shell.special "
)

_Module = type(sys)


def shell(running):
    """Forget the rooms of the shell; with running, those stay of which something may be under way."""
    for name in ("shell.builtins", "shell.interp"):
        if name in sys.modules:
            sys.modules[name].unload()
    login = sys.modules.get("shell.login")
    kept = " " + login.MODULES + login.AT_TERMINAL + " " if login else ""
    if running:
        kept += _RUNNING
    for name in list(sys.modules):
        if name[:6] == "shell." and name != "shell.login" and not is_word(name, kept):
            unload(name)


def libraries(images):
    """Forget the libraries of which neither an image of a running program nor a module that stays has something."""
    gc.collect()
    spaces = [image.globals for image in images]
    loose = []
    for name in sys.modules:
        room, dot, _ = name.partition(".")
        if (is_word(name, _LIBRARIES) or (dot and room in _ROOMS)) and not keeps_state(name):
            loose.append(name)
        else:
            spaces.append(sys.modules[name].__dict__)
    for name in list(loose):
        if in_use(name) or (images and name == "base.config"):  # programs that write files ask for it late
            hold(name, loose, spaces)
    for space in spaces:
        for key in space:
            name = owner(space[key])
            if name in loose and space.get("__name__") != name.rpartition(".")[0]:
                hold(name, loose, spaces)
    for name in loose:
        if not any(other.startswith(name + ".") and other not in loose for other in sys.modules):
            unload(name)


def owner(value):
    """The name of the module that a value is, or where it is defined; None for other values."""
    if isinstance(value, _Module):
        return value.__name__
    if isinstance(value, type):
        return getattr(value, "__module__", None)
    space = getattr(value, "__globals__", None)  # of a function
    return space.get("__name__") if space else None


def hold(name, loose, spaces):
    """A module is in use, and what it has, too."""
    loose.remove(name)
    spaces.append(sys.modules[name].__dict__)


def in_use(name):
    """True for a module of a room from which a process that runs has imported something."""
    if name.startswith(routing.ROOMS) and not is_word(name, _SINGLE):
        bit = 1 << routing.ROOMS.index(name[:3])
        for process in processes.table.values():
            if process.rooms & bit and process.pid != 1 and process.status is None:
                return True
    return False


def keeps_state(name):
    """True where a module has something that would be lost."""
    _, found, rest = _STATE.partition(f" {name}:")
    return bool(found and getattr(sys.modules[name], rest[: rest.find(" ")], None))


def is_word(name, words):
    return f" {name} " in words
