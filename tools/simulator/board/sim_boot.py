# What a simulated board does before boot.py: mount its flash, connect its power, then run boot.py and main.py as
# the firmware does. It runs in place from a ROMFS image, so that little of it is in the heap under test.

import gc
import sys

from micropython import const

_FRAME = const(400)  # bytes of stack for each call of _go_down on the 64-bit build
_RESERVE = const(8192)  # bytes between the limit of a thread's stack and its real size


def start(config):
    """Boot with the host's configuration. Never returns: power.off ends the simulation."""
    import power
    import sim_flash
    import vfs

    flash = sim_flash.Flash(*config["flash"], config["cut_at"], config["torn"])
    power.connect(config["power"], config["cause"], config["kept"], flash)
    power.frames = config["frames"]
    if config["area"]:
        import sim_rom

        sim_rom.install(*config["area"], flash)
    mounts = [(vfs.VfsPosix(host), point) for host, point in config["mounts"]]
    rom = config["rom"]
    if rom:
        mounts.append((vfs.VfsRom(_memory(rom)), "/rom"))
    _bootloader(flash.path + ".otadata", config["cause"])
    vfs.umount("/")
    try:
        vfs.mount(vfs.VfsLfs2(flash, readsize=256, progsize=256), "/")
    except OSError as e:
        sys.stderr.write("sim: the flash holds no file system (error %d); --fresh makes a new one\n" % e.errno)
        power.off(1)
    for device, point in mounts:
        vfs.mount(device, point)
    sys.path[:] = ["", "/.sim", ".frozen"] + (["/rom/lib"] if rom else []) + ["/lib"]
    sys.argv[:] = config["argv"]
    console = config["console"]
    import os  # noqa: F401  (it takes the place of uos, too)

    import sim_micropython

    sys.modules["micropython"] = sim_micropython
    import select
    import socket  # noqa: F401

    sys.modules["select"] = select  # this computer's own, which the system asks the firmware for as uselect
    sys.modules["usocket"] = sys.modules["uselect"] = _Sockets()
    if config["interrupts"]:
        _own_interrupts()
    if config["world"]:
        import simulator

        for path, value in config["world"].items():
            simulator.put(path, value)
    if config["world"] or config["control"]:
        import sim_clock

        sim_clock.follow()
    if "time.skip" in config["world"]:
        import sim_skip

        sim_skip.follow()
    if config["control"]:
        import sim_control

        sim_control.start(config["control"])
    if config["devices"]:
        _load_devices()
    stack = config["stack"]
    config.clear()  # a caller's frame still refers to it
    del config, flash, mounts, rom
    gc.collect()
    if not stack:
        import sim_from

        sim_from.install()
        _run(power, console)
    import _thread

    import sim_imports

    importer = sim_imports.Importer()
    _thread.stack_size(stack)
    while True:
        _thread.start_new_thread(_run, (power, console, importer, (stack - _RESERVE) // _FRAME + 2))
        importer.serve()


def _load_devices():
    """Load the devices that the system uses, so that the heap always has as much free space as the board's."""
    import machine
    import sim_port

    for part in ("Pin", "Timer", "WDT", "reset_cause"):
        getattr(machine, part)
    if sim_port.has_radio():
        import sim_wifi_ap  # noqa: F401
        import sim_wifi_sta  # noqa: F401


def _bootloader(memory, cause):
    """A chip that has switched to another firmware decides which one runs."""
    import os

    try:
        os.stat(memory)
    except OSError:
        return
    import sim_bootloader

    sim_bootloader.start(memory[: memory.rindex(".")], cause)


def _memory(part):
    """A ROMFS image: in place where the host mapped it, else in the heap."""
    import uctypes

    where, size = part
    if isinstance(where, int):
        return uctypes.bytearray_at(where, size)
    with open(where, "rb") as file:
        return file.read()


def _run(power, console, importer=None, too_deep=0):
    """boot.py and main.py, directly on this frame; then the end.

    In a thread (importer): return at once if the limit of its stack is wrong. The unix port writes the limit, which is
    8 kB below the real size, when the thread is running already; if the thread was quicker, the limit is missing
    (about once in 50 starts), and endless recursion would end the interpreter instead of raising RuntimeError.
    """
    if importer:
        try:
            _go_down(too_deep)
            importer.leave()
            return
        except RuntimeError:
            pass  # the limit is in force
    status = 0
    for name in ("/boot.py", "/main.py"):
        try:
            code = _code(name)
            if not code:
                continue
            status = 0
            exec(code, {"__name__": "__main__"})
        except SystemExit as e:
            status = _status(e)
            break
        except BaseException as e:
            sys.print_exception(e, sys.stdout if console else sys.stderr)
            status = 1
            break  # as the ports do: main.py is not started where boot.py has failed
        code = None
    power.off(status)


def _go_down(levels):
    if levels:
        _go_down(levels - 1)


def _code(name):
    """The compiled text of a file, or None where there is none."""
    try:
        file = open(name, "rb")
    except OSError:
        if name == "/main.py":
            raise
        return None
    with file:
        return compile(file.read(), name, "exec")


class _Sockets:
    """usocket and uselect, until a program uses them."""

    def __getattr__(self, name):
        import sim_sockets

        return getattr(sim_sockets, name)


def _status(e):
    """The exit status that a SystemExit stands for."""
    status = e.args[0] if e.args else None
    if status is None:
        return 0
    if isinstance(status, int):
        return status
    sys.stderr.write(str(status) + "\n")
    return 1


def _own_interrupts():
    """Let micropython.kbd_intr decide about the terminal's Ctrl-C, as it decides about byte 3 on a board."""
    import termios

    import micropython

    class Module:
        pass

    def kbd_intr(char):
        settings = termios.tcgetattr(0)
        if char == 3:
            settings[3] |= _ISIG
        else:
            settings[3] &= ~_ISIG
        termios.tcsetattr(0, termios.TCSANOW, settings)
        real(char)

    real = micropython.kbd_intr
    module = Module()
    for name in dir(micropython):
        setattr(module, name, getattr(micropython, name))
    module.kbd_intr = kbd_intr
    sys.modules["micropython"] = module


# The bit of c_lflag that turns Ctrl-C into a signal, which MicroPython's termios does not name. Linux: 1, macOS: 0x80.
_ISIG = 0x80 if sys.platform == "darwin" else 1
