# Starts the kernel. On the simulator and on boards that pass arguments, sys.argv is the kernel's command line.

import builtins
import os
import sys

status = 1
plain = print, input, open, __import__  # by name: builtins.print is always the firmware's, even where it was replaced
try:
    if "--rescue" in sys.argv:
        raise RuntimeError("neither the system nor its recovery has come to a prompt")
    import kernel

    status = kernel.run(sys.argv[1:])
except Exception as e:
    try:
        import recovery

        recovery.failed(e)  # in the trial of an update: this boot has failed, the next one follows
    except Exception as another:
        sys.print_exception(another)
    sys.print_exception(e)
    builtins.print, builtins.input, builtins.open, builtins.__import__ = plain
    os.chdir("/")
    sys.path.insert(0, "")  # the kernel puts that last
    for name in ("spare", "lib.spare", "rescue"):
        try:
            module = __import__(name, None, None, ("run",))
            status = module.run() if name == "rescue" else module.rescue()
            break
        except Exception as another:
            sys.print_exception(another)
if status is not None:
    sys.exit(status)
