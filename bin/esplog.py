# esplog - set how much the ESP-IDF logs, and where to
# usage: esplog [-t TAG] LEVEL
#        esplog -r | -R
#
# The firmware's C parts (Wi-Fi, camera, flash) write a log of their own to the first serial line. LEVEL is none, error, warning,
# info, debug, verbose, or 0 to 5, for all tags: each is the name of a component. A firmware boots with error.
#   -t TAG  only this component (camera, wifi ...)      -r  log to the Python console      -R  log to the serial line again
# MicroPython's own firmware sets the level of all tags only; -t, -r and -R need one with loglevel() in esp or machine,
# such as freshev's for the ESP32-CAM. Messages above the level that the firmware was compiled with are not in it.
# Examples: esplog debug      esplog -t camera verbose; esplog -r

from base.chip import module
from base.errors import Failure, Usage
from program import options

proc = None

LEVELS = ("none", "error", "warning", "info", "debug", "verbose")  # esp_log_level_t
ALL = "*"


def __main__(args):
    opts, words = options(args, "t:rR", most=1)
    if opts["r"] or opts["R"]:
        if words or opts["t"] or (opts["r"] and opts["R"]):
            raise Usage("-r and -R stand alone")
        function("redirectlog" if opts["r"] else "restorelog")()
        return
    if not words:
        raise Usage("missing LEVEL")
    level = number(words[0])
    tag = opts["t"] or ALL
    osdebug = getattr(module("esp"), "osdebug", None)
    if tag == ALL and osdebug:
        osdebug(0, level)
        return
    try:
        function("loglevel")(tag, level)
    except ValueError as e:  # the older port has no level 0
        raise Failure(words[0], str(e))


def number(word):
    """The level that a word names."""
    if word in LEVELS:
        return LEVELS.index(word)
    if len(word) == 1 and "0" <= word <= "5":
        return int(word)
    raise Usage("not a level", word)


def function(name):
    """A function for the log, which freshev's older port has in machine and the newer one in esp."""
    for place in ("esp", "machine"):
        found = getattr(module(place), name, None)
        if found:
            return found
    raise Failure("", f"this firmware has no {name}()")
