# Boot: from main.py to the console's prompt, and back (DESIGN section 6).

import asyncio
import gc
import sys

import micropython

import base
from process import cpu, routing
from process.console import ConsolePort
from process.process import Process
from process.session import Session

VERSION = "0.1.0"
DIRECTORIES = ("/etc", "/opt", "/tmp", "/local", "/var", "/home")

kernel = None  # Process 1
console = None  # the process of the console's session


def run(argv):
    """Boot with the kernel's command line; returns the exit status when the system has been shut down."""
    global kernel
    routing.install()
    kernel = Process("kernel", [], None)
    kernel.env = {"PATH": "/bin:/rom/bin", "HOME": "/home", "TERM": "vt100", "USER": "root"}
    kernel.cwd = "/"
    kernel.shell = None
    kernel.session = None
    cpu.current = kernel
    base.schedule = cpu.schedule
    return asyncio.core.run_until_complete(cpu.schedule(main(argv)))


async def main(argv):
    """Everything from here runs on the event loop."""
    global console
    from kernel.options import Options
    from shell.login import login

    options = Options(argv)
    command = options.command
    script = options.script
    session = Session("console", connect(command is None and script is None))
    await start_up(options)
    recovery = options.recovery
    ask = options.login and not recovery and session.terminal
    del options
    if ask:
        from services import sessions

        console = sessions.console(kernel, session)
    else:
        console = login(kernel, session, command, script)
    status = await console.wait()
    if base.broken:
        raise base.broken  # main.py knows what is left
    from kernel import shutdown

    await shutdown.run(kernel, not recovery)
    return status if command is not None or script else 0


def connect(interactive):
    """Give the kernel its streams; returns the Terminal of an interactive console, else None."""
    port = ConsolePort()
    if not interactive:
        from process.direct import PortStream

        kernel.stdin = kernel.stdout = PortStream(port, sys.stdout)
        kernel.stderr = PortStream(port, sys.stderr)
        return None
    from process.terminal import Terminal

    terminal = Terminal(port)
    if hasattr(micropython, "kbd_intr"):
        cpu.interrupts = port.interrupts
        port.interrupts(False)
    cpu.schedule(terminal.pump())
    kernel.stdin = kernel.stdout = kernel.stderr = terminal
    return terminal


async def start_up(options):
    """Bring the system up; what that has loaded is given back."""
    from kernel import start

    await start.system(kernel, options)
    del start
    from base.modules import unload

    names = "kernel.start kernel.shutdown kernel.banner kernel.options shell.init_script base.board base.sizes"
    if "sdata" not in sys.modules:  # else somebody holds the configuration
        names += " base.config"
    if "shell.lexer" not in sys.modules:
        names += " program process.files process.find process.load base.paths"
    for name in (names + " base.modules").split():
        unload(name)
    gc.collect()
