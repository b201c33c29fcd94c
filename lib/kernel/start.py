# Bringing the system up: directories, configuration, banner, /etc/init.sh. Forgotten once it has run.

import os
import sys

from kernel import boot, shutdown


async def system(kernel, options):
    """All of it; a part that fails is one line on the console, and the rest goes on."""
    for path in boot.DIRECTORIES:
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
    if not options.quiet:
        from kernel import banner

        banner.show(kernel)
    options.recovery = options.recovery or shutdown.recovery_asked() or button_held()
    if options.recovery:
        kernel.stderr.write("Recovery: no user code runs. `reboot` starts the normal system.\n")
    else:
        await init(kernel, options.quiet)
    confirm()


def button_held():
    """True while the button is held that the board's description names: "recovery": {"gpio": 0, "pressed": 0}."""
    from base import board

    try:
        button = board.get("recovery")
        if not button:
            return False
        from machine import Pin

        return Pin(button["gpio"], Pin.IN, Pin.PULL_UP).value() == button.get("pressed", 0)
    except (ImportError, KeyError, TypeError, ValueError, OSError):
        return False


def confirm():
    """This boot has come through its scripts: boot.py need not count it against them."""
    try:
        from machine import RTC

        memory = RTC().memory
        if memory()[:6] == b"boots:":
            memory(b"boots:\0")
    except (ImportError, AttributeError, OSError, ValueError):
        pass  # a port without such memory


def configure(kernel, options):
    from base import config

    message = config.load()
    if message:
        kernel.complain("", message)
    if options.board:
        config.given["board"] = options.board
    config.port_offset = options.port_offset
    for name, value in (config.get("env") or {}).items():
        kernel.env[name] = value


async def init(kernel, quiet):
    """Run /etc/init.sh; what it exports becomes the environment of every session."""
    from shell import init_script

    try:
        await init_script.run(kernel, "/etc/init.sh", quiet)
    except OSError as e:
        kernel.complain("/etc/init.sh", e)
