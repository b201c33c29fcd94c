# Modules that only some firmware has.


def module(name):
    """The module, or None where the firmware lacks it."""
    try:
        return __import__(name)
    except ImportError:
        return None
