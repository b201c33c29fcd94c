# Bringing the system up: directories, configuration, banner, /etc/init.sh. Forgotten once it has run.

import gc
import os
import sys

import micropython
from micropython import const

import base
from base import config
from base.modules import unload
from base.paths import isdir, mode, space
from kernel import shutdown
from process import cpu, process
from process.console import ConsolePort
from shell.login import is_idle, load

DIRECTORIES = ("/etc", "/tmp", "/local", "/var", "/home")
_PART = const(512)  # characters of /etc/motd at a time: a line has its own cost
IN_RECOVERY = ("wifi", "telnetd")  # the services for remote repair


def connect(kernel, interactive):
    """Give the kernel its streams; returns the Terminal of an interactive console, else None."""
    port = ConsolePort()
    if not interactive:
        from process.direct import PortStream  # late: only for a command or script

        kernel.stdin = kernel.stdout = PortStream(port, sys.stdout)
        kernel.stderr = PortStream(port, sys.stderr)
        return None
    from process.terminal import Terminal  # late: only for an interactive console

    terminal = Terminal(port)
    if hasattr(micropython, "kbd_intr"):
        cpu.interrupts = port.interrupts
        port.interrupts(False)
    cpu.schedule(terminal.pump())
    kernel.stdin = kernel.stdout = kernel.stderr = terminal
    return terminal


async def up(kernel, options):
    """Bring the system up, then unload what only that needed."""
    await system(kernel, options)
    names = "kernel.start kernel.shutdown kernel.options shell.scripts base.board base.units base.packfile rp2"
    if "sdata" not in sys.modules:  # otherwise the configuration is in use
        names += " base.config"
    if "shell.lexer" not in sys.modules:
        names += " program process.files process.find process.load process.memory kernel.eviction base.paths"
        process.load = None
    for name in names.split():
        unload(name)
    __import__("__main__").__dict__.pop(
        "rp2", None
    )  # with what mounts the flash the firmware keeps an assembler: 1.4 kB
    gc.collect()


async def system(kernel, options):
    """Run all steps; one that fails prints a line on the console."""
    for path in DIRECTORIES:
        try:
            os.stat(path)
        except OSError:
            try:
                os.mkdir(path)
            except OSError as e:
                kernel.complain(path, e)
    for path in ("/rom/lib", "/lib", "/libx"):
        if path not in sys.path:
            sys.path.append(path)
    configure(kernel, options)
    kernel.env.update(options.env)
    if options.cwd:
        if isdir(options.cwd):
            kernel.cwd = options.cwd
        else:
            kernel.complain(options.cwd, "No such directory")
            if options.command is not None or options.script is not None:
                raise SystemExit(1)  # commands that were meant for it run nowhere else
    board = describe()
    if not options.quiet:
        show_banner(kernel, board)
    options.recovery = options.recovery or shutdown.recovery_asked() or button_held(board)
    base.recovery = options.recovery
    if options.recovery:
        kernel.stderr.write("Recovery: no user code runs. `upgrade` repairs, `reboot` starts the normal system.\n")
        services(kernel, IN_RECOVERY)
    else:
        await init(kernel, options.quiet)
        services(kernel)
    confirm()
    begin_trial()


def describe():
    """The board file, read once during boot."""
    try:
        from base import board

        return board.read()
    except (ImportError, OSError, MemoryError):  # where it lacks memory, a prompt may come that says so
        return {}


def show_banner(kernel, board):
    """Name, version, board, memory and storage. board: what its file says."""
    from base.units import human  # late: only for the banner

    gc.collect()
    free = gc.mem_free()
    total = free + gc.mem_alloc()
    size, room = space("/")
    write = kernel.stdout.write
    version = ".".join([str(n) for n in sys.implementation.version[:3]])
    write(f"\nDiatom {base.VERSION} on {board_name(board)}, MicroPython {version}\n")
    write(f"Memory: {human(free)} of {human(total)} free.  Storage: {human(room)} of {human(size)} free.\n")
    try:
        with open("/etc/motd") as file:
            while text := file.read(_PART):
                write(text)
    except (OSError, UnicodeError):
        pass
    write("\n")


def board_name(board):
    """The name of the board, from its description or else from the firmware."""
    try:
        return board["board"]["name"]
    except (KeyError, TypeError):
        from base.board import machine  # late: only without a description

        return machine()


def button_held(board):
    """True while the button is held that the board's description names: "recovery": {"gpio": 0, "pressed": 0}."""
    try:
        found = board.get("recovery")
        if not found:
            return False
        from machine import Pin

        return Pin(found["gpio"], Pin.IN, Pin.PULL_UP).value() == found.get("pressed", 0)
    except (ImportError, KeyError, TypeError, ValueError, OSError):
        return False


def confirm():
    """Confirm that the scripts of this boot have ended, for the counter of startup.py.

    Where the system lies in packs, it still counts as one: a reset, where nothing else helps, then has startup.py check them.
    """
    boots = 1 if "packs" in sys.modules else 0
    try:
        import machine

        memory = getattr(machine.RTC(), "memory", None)
        if not memory:
            __import__("rp2")  # startup.py tells what the addresses are; elsewhere they are something else

            register = 0x400D800C if machine.mem32[0x40000000] >> 12 & 15 == 4 else 0x4005800C
            if machine.mem32[register] >> 8 == 0x626F6F:
                machine.mem32[register] = 0x626F6F00 | boots
        elif memory()[:6] == b"boots:":
            memory(b"boots:" + bytes((boots,)))
    except (ImportError, AttributeError, OSError, ValueError):
        pass  # a port without such memory


def begin_trial():
    """Watch this system if it is on trial."""
    if mode("/var/update/state"):
        from kernel import trial  # late: only behind an update

        base.schedule(trial.watch())


def configure(kernel, options):
    message = config.load()
    if message:
        kernel.complain("", message)
    if options.board:
        base.given["board"] = options.board
    base.port_offset = options.port_offset
    options.login = config.get("login") is True and not options.recovery
    for name, value in (config.get("env") or {}).items():
        kernel.env[name] = value


async def init(kernel, quiet):
    """Run /etc/init.sh; what it exports becomes the environment of every session."""
    for path in ("/etc/init.sh", "/local/init.sh"):
        if not is_idle(path):
            load()
            from shell import scripts  # late: only for a script that does something

            await scripts.run_init(kernel, path, quiet)
        elif path[1] == "e" and not mode(path):
            kernel.complain(path, OSError(2))  # ENOENT


def services(kernel, known=None):
    """Start the services that are enabled, of those in known. Where none is, their supervisor is not even loaded."""
    enabled = []
    for directory in ("/etc/services/", "/local/services/"):
        try:
            for name in os.listdir(directory):
                with open(directory + name, "rb") as file:
                    if b"enabled" in file.read(2048) and name not in enabled and not name.endswith(".new"):
                        if not known or name in known:
                            enabled.append(name)
        except OSError:
            pass
    if enabled:
        from services import supervisor  # late: only if one is enabled

        try:
            supervisor.boot(enabled)
        except Exception as e:
            kernel.complain("services", e)
