"""What goes onto a board: the system's files as source, compiled, or in a ROMFS image."""

# By the number in bits 2 to 7 of sys.implementation._mpy (docs.micropython.org, "MicroPython .mpy files").
ARCHITECTURES = (
    None,
    "x86",
    "x64",
    "armv6",
    "armv6m",
    "armv7m",
    "armv7em",
    "armv7emsp",
    "armv7emdp",
    "xtensa",
    "xtensawin",
    "rv32imc",
    "rv64imc",
)


def mpy_kind(number):
    """(version, architecture) that sys.implementation._mpy tells, as in ("6.3", "xtensawin"); architecture may be None."""
    code = number >> 10 & 0x3F
    architecture = ARCHITECTURES[code] if code < len(ARCHITECTURES) else None
    return "%d.%d" % (number & 0xFF, number >> 8 & 3), architecture
