# Starts the kernel. On the simulator and on boards that pass arguments, sys.argv is the kernel's command line.

import builtins
import sys

plain = builtins.print, builtins.input, builtins.open, builtins.__import__
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
    import rescue

    status = rescue.run()
if status is not None:
    sys.exit(status)
