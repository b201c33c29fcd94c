# \U \L \u \l in a replacement.

from text.case import lower, upper


def changed(part, case, once):
    """part (bytes) with all letters, or the first one, large or small."""
    part = upper(part) if case == "U" else lower(part) if case == "L" else part
    if once:
        end = 1
        while end < len(part) and part[end] & 0xC0 == 0x80:
            end += 1
        part = (upper if once == "u" else lower)(part[:end]) + part[end:]
    return part
