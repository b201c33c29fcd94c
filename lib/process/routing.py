# print, input, time.sleep and asyncio's entry points, so that they mean the current process.
#
# Installed once at boot. A program of upyOS (or any MicroPython script) that prints, asks, sleeps or starts a loop
# then does so as a process: to its own streams, without stopping the others.

import asyncio
import builtins
import sys
import time
from asyncio import core

from micropython import const

from base import generation
from base.modules import forget_hollow
from process import cpu

_STAT = const(1024)  # bytes in one piece, with which a file system surely can look for a file

_print = builtins.print
_open = builtins.open
importing = 1  # imports within each other; nothing counts them before install()
_import = __import__  # as a global name: a replacement made before counts
_modules = ("time", "utime")
ROOMS = (
    "arc",
    "edi",
    "net",
    "pac",
    "rep",
    "ser",
    "upd",
)  # rooms of lib/ whose modules belong together; see kernel.eviction


def route_print(*args, sep=" ", end="\n", file=None):
    """print() to the stdout of the current process."""
    process = cpu.current
    if cpu.threads:
        process = cpu.threads.running() or process
    if file is None or file is sys.stdout:
        out = process.stdout
    elif file is sys.stderr:
        out = process.stderr
    else:
        return _print(*args, sep=sep, end=end, file=file)
    if len(args) == 1 and isinstance(args[0], str):
        text = args[0]
    else:
        text = sep.join([str(arg) for arg in args])
    out.write(text + end)


def route_open(name, mode="r", *rest, **options):
    """open(); the kernel hears of files that are written, and who reads one sees what others have written so far."""
    if cpu.threads and cpu.threads.running():  # the loop's list of unsaved files, and its file systems
        return cpu.threads.run_on_loop(open_here(name, mode, *rest, **options))
    if mode != "r" and mode != "rb":
        generation.note()
    elif generation.unsaved and isinstance(name, str):
        sys.modules["process.files"].save(name[name.rfind("/") + 1 :])
    try:
        return _open(name, mode, *rest, **options)
    except MemoryError:  # littlefs takes a piece of 1 kB for each file
        sys.modules["process.process"].evict(True)
        return _open(name, mode, *rest, **options)


def route_input(prompt=""):
    """input() from the stdin of the current process; EOFError at its end."""
    process = cpu.current
    if cpu.threads and cpu.threads.running():
        raise OSError(5)  # EIO: a background thread has no terminal to read from
    if prompt:
        process.stdout.write(str(prompt))
    line = cpu.block(process.stdin.readline())
    if not line:
        raise EOFError
    return line.decode().rstrip("\r\n")


def sleep_ms(ms):
    """time.sleep_ms() that lets everybody else run."""
    if cpu.threads and cpu.threads.running():
        cpu.threads.sleep_ms(ms)
    elif ms > 0:
        try:
            cpu.block(_pause(ms))
        except OSError:  # too many waits inside each other: this one holds everybody up
            time.sleep_ms(ms)


async def _pause(ms):
    # asyncio.sleep_ms() has one shared generator: await it where it is called, and at once.
    await asyncio.sleep_ms(ms)


def create_task(coro):
    """asyncio.create_task(): a task of a program belongs to its process."""
    process = cpu.current
    if process.pid == 1 or not hasattr(coro, "send"):
        return cpu.schedule(coro)
    task = cpu.schedule(cpu.beside(process, coro))
    if process.tasks is None:
        process.tasks = []
    else:
        process.tasks = [t for t in process.tasks if not t.done()]
    process.tasks.append(task)
    return task


def run(coro):
    """asyncio.run() inside a program: the one loop runs the coroutine while the caller waits."""
    if cpu.threads and cpu.threads.running():
        return cpu.threads.run_on_loop(coro)
    return cpu.block(cpu.drive(cpu.current, coro))


def route_import(name, space=None, local=None, names=None, level=0):
    """import; where memory is short, what is loaded and not in use makes room for it."""
    global importing
    if cpu.threads and name not in sys.modules and cpu.threads.running():  # the loop's table of modules, and its files
        return cpu.threads.run_on_loop(import_here(name, space, local, names, level))
    if name == "_thread" and not (space and space.get("__name__", "").startswith(("process.", "sim_"))):
        from process import thread  # late: few programs start threads

        return thread.face  # process.thread itself, and the devices of the simulator, have the real one
    if name.startswith(ROOMS):
        cpu.current.rooms |= 1 << ROOMS.index(name[:3])
    importing += 1  # until the second try is over: a pack gives imports another kind of file (lib/packs.py)
    evicted = False
    try:
        while True:
            try:
                try:
                    return _import(name, space, local, names, level)
                except ImportError:  # a file system that finds no memory for stat() is taken to have no such file
                    bytearray(_STAT)
                    raise
            except MemoryError:
                forget_hollow()
                # What is loaded already would be loaded a second time for a part of those that need it; and who loads a
                # program makes room himself, and then opens its file again.
                if evicted or importing > 1 or name[0] == "/":
                    raise
            sys.modules["process.process"].evict(True)
            evicted = True
    finally:
        importing -= 1


async def import_here(*args):
    """route_import() on the loop, for a thread."""
    return route_import(*args)


async def open_here(*args, **options):
    """route_open() on the loop, for a thread."""
    return route_open(*args, **options)


class Time:
    """The module time with sleeps that let everybody else run."""


def install():
    """Put the routed functions in place."""
    global importing
    importing = 0
    builtins.print = route_print
    builtins.input = route_input
    builtins.open = route_open
    builtins.__import__ = route_import
    face = Time()
    for name, value in time.__dict__.items():  # dir() would try each name there is: 60 ms with those of a firmware
        if name[0] != "_":
            setattr(face, name, value)
    setattr(face, "sleep_ms", sleep_ms)  # noqa: B010  (a class that says it has them would keep them twice)
    setattr(face, "sleep", lambda seconds: sleep_ms(int(seconds * 1000)))  # noqa: B010
    for name in _modules:
        sys.modules[name] = face
    core.create_task = asyncio.create_task = create_task
    asyncio.run = run
    core.Loop.run_until_complete = run
