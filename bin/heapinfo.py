# heapinfo - show the heap of the ESP-IDF
# usage: heapinfo [-dxms] [-h]
#        heapinfo -i
#
# An ESP32 has memory beside Python's heap: Wi-Fi, TLS, threads and camera frames live there. One line for each region, in bytes:
# its size, what is used and free now, the largest free block, and the least that was ever free.
#   -d  for data (the default)      -x  for code      -m  for DMA      -s  PSRAM      -h  human-readable sizes: 12K, 1.4M
#   -i  the firmware's own report, if it has heap_info() (freshev's port). It goes to the board's console, past > and |
# `heapinfo > 0` stores a list of dicts {"Total", "Free", "Largest", "Least"}. For Python's heap see free.

from base.chip import module
from base.errors import Failure, Usage
from base.units import human
from program import options

proc = None

# MALLOC_CAP_8BIT, _EXEC, _DMA and _SPIRAM of ESP-IDF's esp_heap_caps.h; the first two are HEAP_DATA and HEAP_EXEC of esp32
KINDS = {"d": ("data", 4), "x": ("code", 1), "m": ("DMA", 8), "s": ("PSRAM", 1024)}
COLUMNS = ("total", "used", "free", "largest", "least")


def __main__(args):
    opts, _ = options(args, "dxmshi", most=0)
    if opts["i"]:
        if len(opts.given) > 1:
            raise Usage("-i stands alone")
        own_report()
        return
    info = getattr(module("esp32"), "idf_heap_info", None)
    if not info:
        raise Failure("", "this firmware has no heap beside Python's")
    show = human if opts["h"] else str
    proc.value = []
    row("", COLUMNS)
    for letter in [letter for letter in "dxms" if opts[letter]] or ["d"]:
        name, capability = KINDS[letter]
        for total, free, largest, least in info(capability):
            proc.value.append({"Total": total, "Free": free, "Largest": largest, "Least": least})
            row(name, [show(size) for size in (total, total - free, free, largest, least)])


def row(name, cells):
    proc.stdout.write(f"{name:<7}" + "".join([f"{cell:>10}" for cell in cells]) + "\n")


def own_report():
    """Let the firmware print: freshev's older port has the function in machine, the newer one in esp."""
    for place in ("esp", "machine"):
        report = getattr(module(place), "heap_info", None)
        if report:
            report()
            return
    raise Failure("", "this firmware has no heap_info()")
