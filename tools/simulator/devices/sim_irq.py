# Interrupts: the handlers of pins, timers and serial lines. They run between two steps of the event loop, or where a
# program reads a device (simulator.poll); on a board they come between two bytecodes.

import sys

from micropython import const

_DEPTH = const(8)  # how many calls wait while interrupts are disabled; the rest is lost, as on a board

fired = 0  # how many there were: lightsleep waits for the next
_held = []
_disabled = False


def call(function, argument):
    """Call a handler, or delay it if interrupts are disabled. Print its exceptions."""
    global fired
    fired += 1
    if _disabled:
        if len(_held) < _DEPTH:
            _held.append((function, argument))
        return
    try:
        function(argument)
    except BaseException as e:
        sys.print_exception(e)


def disable_irq():
    """Hold all interrupts back; returns the state for enable_irq()."""
    global _disabled
    before = not _disabled
    _disabled = True
    return before


def enable_irq(state=True):
    """Go back to the state that disable_irq() gave, and call what has been held back."""
    global _disabled
    _disabled = not state
    while _held and not _disabled:
        call(*_held.pop(0))
