# The log and the heap report that freshev's port of MicroPython adds (github.com/freshev/micropython, ports/esp32/modesp.c).
#
# esp.logging says where the simulated firmware has them: "esp" (the newer port), "machine" (the older), or nothing, as in
# MicroPython's own firmware.

import sys

import sim_port

import simulator

NAMES = ("loglevel", "redirectlog", "restorelog", "heap_info")


def part(module, name):
    """The function of this name, if the simulated firmware has it in this module."""
    if name in NAMES and sim_port.port() == "esp32" and simulator.get("esp.logging") == module:
        return globals()[name]
    raise AttributeError("'module' object has no attribute '%s'" % name)


def loglevel(tag, level):
    """Set the level of a component, or of all ("*")."""
    least = 1 if simulator.get("esp.logging") == "machine" else 0
    if not least <= level <= 5:
        raise ValueError("Log level %d~5 expected" % least)
    simulator.put("esp.log." + tag, level)


def redirectlog():
    """Log to the console of Python."""
    simulator.put("esp.log.redirected", True)


def restorelog():
    """Log to the first serial line again."""
    simulator.put("esp.log.redirected", False)


def heap_info():
    """Print figures of the heap to the console."""
    import esp32

    regions = esp32.idf_heap_info(esp32.HEAP_DATA)
    free = sum([region[1] for region in regions])
    sys.stdout.write(
        "Heap outside of MicroPython heap:\n---------------------------------\n"
        "              Free: %d\n         Allocated: %d\n      Minimum free: %d\nLargest free block: %d\n"
        % (
            free,
            sum([region[0] for region in regions]) - free,
            sum([region[3] for region in regions]),
            max([region[2] for region in regions]),
        )
    )
