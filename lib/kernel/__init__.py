# The kernel: what main.py starts. kernel.boot brings the system up; this is its small public face.


# What every session needs, leaves first: each import finds what it imports already there, so none nests, since an
# import with its compiler is the deepest thing that a board's small C stack has to bear (DESIGN law 8).
_MODULES = (
    "asyncio base.errors base.paths process.cpu process.stream process.load process.process process.find process.pipe "
    "process.console process.routing process.session shell.lexer shell.trampoline shell.parser shell.expand "
    "shell.builtins shell.commands shell.interp shell.shell shell.source shell.redirect shell.session kernel.boot"
)


def run(argv=()):
    """Boot and run until shutdown; returns the exit status. argv is the kernel's command line (kernel.boot)."""
    for name in _MODULES.split():
        module = __import__(name)
    return module.boot.run(argv)


def reboot():
    """Shut down in order, then restart the board."""
    from kernel import shutdown

    shutdown.request("reboot")


def recovery():
    """Restart into recovery: no user code runs."""
    from kernel import shutdown

    shutdown.request("recovery")


def run_cmd(line):
    """Run a line of shell commands and wait for it: the face that programs of upyOS know as sdata.upyos."""
    from process import cpu

    return cpu.block(cpu.current.run(line))
