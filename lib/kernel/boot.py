# Boot: from main.py to the console's prompt, and back (DESIGN section 6).
#
# The kernel's command line, which only the simulator gives (a board has none):
#   -c COMMANDS   run them instead of the console      -f FILE ARGS...   run a script instead of the console
#   -r  recovery: no user code      -q  no banner      --cwd DIR      --env NAME=VALUE
#   --port-offset N  added to the ports of services    --board NAME  the board, whatever system.conf says

import asyncio
import sys

import micropython

from base.paths import isdir
from process import cpu, load, routing
from process.console import ConsolePort, PortStream, raw_stream
from process.process import Process
from process.session import Session

VERSION = "0.1.0"
DIRECTORIES = ("/etc", "/opt", "/tmp", "/local", "/var", "/home")


class Options:
    """The kernel's command line."""

    def __init__(self, argv):
        self.command = None
        self.script = None
        self.recovery = False
        self.quiet = False
        self.cwd = None
        self.env = {}
        self.port_offset = 0
        self.board = None
        i = 0
        while i < len(argv):
            arg = argv[i]
            value = argv[i + 1] if i + 1 < len(argv) else ""
            i += 2
            if arg == "-c":
                self.command = value
            elif arg == "-f":
                self.script = (value, argv[i:])
                break
            elif arg == "--cwd":
                self.cwd = value
            elif arg == "--env":
                name, _, value = value.partition("=")
                self.env[name] = value
            elif arg == "--port-offset":
                self.port_offset = int(value)
            elif arg == "--board":
                self.board = value
            else:
                i -= 1
                if arg == "-r":
                    self.recovery = True
                elif arg == "-q":
                    self.quiet = True


kernel = None  # Process 1
console = None  # the process of the console's session
options = None


def run(argv):
    """Boot with the kernel's command line; returns the exit status when the system has been shut down."""
    global kernel, options
    options = Options(argv)
    routing.install()
    kernel = Process("kernel", [], None)
    kernel.env = {"PATH": "/bin:/rom/bin", "HOME": "/home", "TERM": "vt100", "USER": "root"}
    kernel.cwd = "/"
    kernel.shell = None
    kernel.session = None
    cpu.current = kernel
    status = asyncio.core.run_until_complete(cpu.schedule(main()))
    return status


async def main():
    """Everything from here runs on the event loop."""
    global console
    port = ConsolePort()
    interactive = options.command is None and options.script is None
    if interactive:
        from process.terminal import Terminal

        terminal = Terminal(port)
        if hasattr(micropython, "kbd_intr"):
            cpu.interrupts = port.interrupts
            port.interrupts(False)
        cpu.schedule(terminal.pump())
        kernel.stdin = kernel.stdout = kernel.stderr = terminal
    else:
        terminal = None
        kernel.stdin = kernel.stdout = PortStream(port, port.output)
        kernel.stderr = PortStream(port, raw_stream(sys.stderr))
    await start_up()
    session = Session("console", terminal)
    kernel.env.update(options.env)
    if options.cwd:
        if isdir(options.cwd):
            kernel.cwd = options.cwd
        else:
            kernel.complain(options.cwd, "No such directory")
    from shell.session import login

    console = login(kernel, session, options.command, options.script)
    status = await console.wait()
    from kernel import shutdown

    await shutdown.run(kernel, not options.recovery)
    return status


async def start_up():
    """Bring the system up; what that has loaded is given back."""
    from kernel import start

    await start.system(kernel, options)
    del start
    load.forget("kernel.start kernel.shutdown kernel.banner shell.init_script base.board")
