# The firmware runs this, and then main.py unless this fails: try startup.py, then its copy, then the last resort.
import sys

for name in ("startup", "spare", "lib.spare", "rescue"):
    try:
        __import__(name, None, None, ("run",)).run()
        break
    except Exception as e:
        sys.print_exception(e)
