# Starts the kernel. On the simulator and on boards that pass arguments, sys.argv is the kernel's command line.

import sys

import kernel

sys.exit(kernel.run(sys.argv[1:]))
