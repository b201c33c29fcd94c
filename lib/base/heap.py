# The heap: what programs about memory ask for.

import gc

from base.firmware import module


def largest():
    """The bytes of the longest piece that can be allocated now; found by trying."""
    gc.collect()
    low, high = 0, gc.mem_free()
    while high - low > 256:
        middle = (low + high) // 2
        try:
            bytearray(middle)
            low = middle
        except MemoryError:
            high = middle
        gc.collect()
    return low


def firmware():
    """(bytes, free, longest free piece) of the firmware's own heap; None where it has none."""
    esp32 = module("esp32")
    regions = esp32.idf_heap_info(esp32.HEAP_DATA) if hasattr(esp32, "idf_heap_info") else ()
    if not regions:
        return None
    return sum([r[0] for r in regions]), sum([r[1] for r in regions]), max([r[2] for r in regions])
