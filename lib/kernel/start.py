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
    if options.recovery or shutdown.recovery_asked():
        kernel.stderr.write("Recovery: no user code runs.\n")
        return
    await init(kernel, options.quiet)


def configure(kernel, options):
    from base import config

    message = config.load()
    if message:
        kernel.complain("", message)
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
