# Sizes as people read them.


def human(size):
    """A number of bytes: 512, 1.5K, 23M (powers of 1024)."""
    if size < 1024:
        return str(size)
    for letter in "KMGT":
        size /= 1024
        if size < 1024 or letter == "T":
            return f"{size:.1f}{letter}" if size < 10 else f"{size:.0f}{letter}"
