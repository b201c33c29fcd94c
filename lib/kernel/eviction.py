# Eviction: what is unloaded when memory is short. process.memory decides when.
#
# What can be loaded again are the images of programs that nobody runs, libraries, and those parts of the shell that only some
# commands need. A library is unloaded when nothing running references it and it keeps no state. Running are the images
# under way and the modules that are never evicted; they reference a module if they hold it, or a function or a class of
# it. The modules of some packages import one another late, inside functions: all of such a package stay while a process
# runs that has imported one of them.
#
# This module is loaded with the first program or session and stays: what makes memory free must not have to be loaded.

import gc
import sys

from micropython import const

from base.modules import forget_hollow, unload
from process import process as processes
from process import routing

# Packages whose modules can be evicted: all of lib/ but process, shell and kernel.
_TEXT = ("awk.", "diff.", "dump.", "find.", "jq.", "less.", "regex.", "sed.", "sort.", "text.")
_PACKAGES = (
    "archive.",
    "base.",
    "cameras.",
    "edit.",
    "net.",
    "packages.",
    "photo.",
    "repository.",
    "services.",
    "update.",
)

_ADDED = ("ftp.", "modem.")  # of those that pkg installs

# Modules of other packages. (Words in one string, here and below: a tuple of them takes three times as much memory.)
_LIBRARIES = (
    " program transfer manual wireless queue"
    " process.pipe process.signals process.open_files process.ps process.ask process.exit_status"
    " iperf iperfd screens screenkeys sha2 telnet_client"
    " kernel.virtual kernel.procfs kernel.procnet kernel.devfs kernel.devpins "
)

# Modules below services that need not stay with the others, and those that are never evicted. Those of ftpd and httpd are
# loaded for each command and request where they are missing: they keep no state, and what is under way keeps its own alive.
# Those of uploads stay, whose temporaries are in a list of base.files.
_SINGLE = (
    " cron crontab cronrun definitions states ftp.listing ftp.rare http.api http.camera http.controls http.inflate"
    " http.metrics http.pins http.processes http.rest http.settings http.static http.system "
)
_RESIDENT = " base.modules base.errors base.generation "

# A module keeps state while one of these is true.
_STATE = (
    " base.config:_content base.files:_writing base.log:count base.mounts:points base.watchdog:dog net.link:links"
    " cameras.camera:users net.mdns:responder net.mqttd:process net.station:supervisor screens:screens process.exit_status:debug"
    " process.pipe:_spills services.cron:rebooted services.guard:_failed services.server:running"
    " services.micros.tasks:table services.micros.radio:radio services.supervisor:services services.intern:_reserve"
    " base.lazyfs:mount base.generation:unsaved "
)

# Modules below shell that may be under way while a program is started.
_UNDER_WAY = (
    " flow scripts builtins.flow jobs builtins.jobs traps dialect substitution parameters capture redirect special "
)

_PART = const(32)  # names in one list: a longer one takes a larger piece

_Module = type(sys)

_evicting = False


def evict(shell=False, script=True):
    """Unload all images that nobody runs and the libraries that nothing running references.

    It never raises MemoryError: who calls it needs memory for something, and sees how much there is.
    shell: parts of the shell, too. script: one may be in the middle of something, and what it would load a second time
    stays.
    """
    global _evicting
    if load := sys.modules.get("process.load"):
        load.kept.clear()
    forget_hollow()
    gc.collect()
    if _evicting:
        return
    _evicting = True
    try:
        for again in (False, True):
            try:
                if again:  # first what can be found without any memory
                    forget_hollow()
                    unload_package(_TEXT)
                    if len(processes.table) == 1:  # only the kernel is left
                        unload_package("shell.")
                    gc.collect()
                if shell:
                    evict_shell(script)
                evict_libraries()
                break
            except MemoryError:  # what has been evicted until then may do
                pass
    finally:
        _evicting = False
    gc.collect()


def evict_shell(script):
    """Unload the parts of the shell that not every command needs; with script, those stay that may be under way."""
    for name in ("shell.resolve", "shell.ast"):
        if name in sys.modules:
            sys.modules[name].unload()
    login = sys.modules.get("shell.login")
    for name in sys.modules:  # without a list of them, for which there may be no piece of memory
        if name[:6] != "shell." or name == "shell.login" or (script and is_word(name[6:], _UNDER_WAY)):
            continue
        if not login or not (is_word(name, login.MODULES) or is_word(name, login.AT_TERMINAL)):
            unload(name)  # the iteration goes on behind it: removing an entry moves no other


def evict_libraries():
    """Unload the libraries that neither the image of a running program nor a module that stays references.

    A heap in small pieces must do for it, so it makes no long list.
    """
    gc.collect()
    load = sys.modules.get("process.load")
    running = load.running if load else ()
    libraries = [[]]
    for name in sys.modules:
        # Programs that write files import base.config late.
        if is_library(name) and not keeps_state(name) and not in_use(name) and not (running and name == "base.config"):
            if len(libraries[-1]) == _PART:
                libraries.append([])
            libraries[-1].append(name)
    held = []  # names whose references are to be followed
    for image in running:
        hold_references(image.globals, libraries, held)
    for name in sys.modules:
        if not is_among(name, libraries):
            hold_references(sys.modules[name].__dict__, libraries, held)
    while held:
        hold_references(sys.modules[held.pop()].__dict__, libraries, held)
    for part in libraries:
        for name in part:
            if not has_others(name + ".", libraries):
                unload(name)


def is_library(name):
    """True for a module that can be unloaded when nothing references it."""
    return (
        name.startswith(_TEXT)
        or name + "." in _TEXT
        or name.startswith(_ADDED)
        or is_word(name, _LIBRARIES)
        or (name.startswith(_PACKAGES) and not is_word(name, _RESIDENT))
    )


def hold_references(space, libraries, held):
    """Take the libraries that a table of globals references from the list, and add them to `held`."""
    package = space.get("__name__")
    for key in space:
        name = owner(space[key])
        for part in libraries:
            if name in part and package != name.rpartition(".")[0]:  # a package does not hold its modules
                part.remove(name)
                held.append(name)


def is_among(name, libraries):
    for part in libraries:
        if name in part:
            return True
    return False


def has_others(prefix, libraries):
    """True where a module of a package stays."""
    for name in sys.modules:
        if name.startswith(prefix) and not is_among(name, libraries):
            return True
    return False


def owner(value):
    """The name of the module that a value is, or where it is defined; None for other values."""
    if isinstance(value, _Module):
        return value.__name__
    if isinstance(value, type):
        return getattr(value, "__module__", None)
    space = getattr(value, "__globals__", None)  # of a function
    return space.get("__name__") if space else None


def in_use(name):
    """True for a module of a package from which a process that runs has imported something."""
    if name.startswith(routing.ROOMS) and not (name[:9] == "services." and is_word(name[9:], _SINGLE)):
        bit = 1 << routing.ROOMS.index(name[:3])
        for process in processes.table.values():
            if process.rooms & bit and process.pid != 1 and process.status is None:
                return True
    return False


def keeps_state(name):
    """True where a module has something that would be lost."""
    at = _STATE.find(f" {name}:")
    if at < 0:
        return False
    at += len(name) + 2
    return bool(getattr(sys.modules[name], _STATE[at : _STATE.find(" ", at)], None))


def is_word(name, words):
    return f" {name} " in words


def unload_package(prefix):
    """Unload the modules whose names begin so, or in one of these ways, without a list of them; shell.login stays."""
    while True:
        for name in sys.modules:
            if name.startswith(prefix) and name != "shell.login":
                break
        else:
            return
        unload(name)
