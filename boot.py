# The firmware starts this, and main.py only where it does not fail: startup.py, else its copy, else the last resort.
import sys

for name in ("startup", "spare", "lib.spare", "rescue"):
    try:
        __import__(name, None, None, ("run",)).run()
        break
    except Exception as e:
        sys.print_exception(e)
