"""A ROMFS partition for a simulated board, as firmware offers one: lines for the head of its main.py."""

SIZE = 1 << 20  # bytes

_CODE = """
import sys, vfs
class Rom:
    data = bytearray(%d)
    def __getattr__(self, name):
        return getattr(vfs, name)
    def rom_ioctl(self, verb, number=0, place=0, data=b""):
        if verb == 4:
            self.data[place:place + len(data)] = data
        if verb == 5 and %r:
            with open(%r, "wb") as file:
                file.write(self.data)
        return {1: 1, 2: self.data, 3: 16}.get(verb, 0)
sys.modules["vfs"] = Rom()
"""


def partition(kept=""):
    """The lines; what is written to the partition is lost with the power, and put into the board's file `kept`."""
    return _CODE % (SIZE, kept, kept)
