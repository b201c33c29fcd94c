# Starts the kernel. On the simulator and on boards that pass arguments, sys.argv is the kernel's command line.

import sys

try:
    import kernel

    status = kernel.run(sys.argv[1:])
except Exception as e:
    import recovery

    recovery.failed(e)  # in the trial of an update: this boot has failed, the next one follows
    print("Diatom cannot start. At the Python prompt, `import recovery; recovery.back()` takes the last update back.")
    raise
sys.exit(status)
