# boot.py of a firmware that holds the system, where it cannot be damaged: like the one in the tree, it tries the files on
# the flash, and if none of them works, those of the firmware.

import sys

for place, name in [(place, name) for place in ("", ".frozen") for name in ("startup", "spare", "rescue")]:
    try:
        sys.modules.pop(name, None)
        sys.path.insert(0, place)
        try:
            module = __import__(name)
        finally:
            sys.path.remove(place)
        module.run()
        break
    except Exception as e:
        sys.print_exception(e)
