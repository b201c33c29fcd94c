# simulator: the environment of the board. Simulated devices store here what they do, and read what they measure.
#
# A flat store of JSON values under dotted paths ("pin.4.input", "adc.26.volts"). What the world changes (a test or a
# person, by the control channel or by `import simulator` on the board) reaches the devices that listen.
# docs/simulator.md names the paths.

import power

_values = {}
_listeners = []  # (prefix, function)
watchers = []  # functions of the control channel, for clients that wait: called with each path that gets a value
pollers = []  # functions that do what is due now: called by poll()
_restart = []  # functions that give the coroutines which must run on the event loop
_polling = False
_polled = 0  # ticks_ms of the last poll
_home = None  # the thread of the event loop


def get(path, default=None):
    """The value at path."""
    return _values.get(path, default)


def put(path, value):
    """A device tells its state."""
    _values[path] = value
    for tell in watchers:
        tell(path)


def set(path, value):
    """The world changes: the devices that listen hear of it before this returns. It stays so over a reset."""
    put(path, value)
    power.world(path, value)
    for prefix, function in _listeners[:]:
        if path.startswith(prefix):
            function(path, value)


def on(prefix, function):
    """Call function(path, value) at each set of a path that starts with prefix."""
    _listeners.append((prefix, function))


def off(function):
    """Do not call function any more."""
    _listeners[:] = [entry for entry in _listeners if entry[1] != function]


def tree(prefix=""):
    """The paths that start with prefix, and their values."""
    return {path: value for path, value in _values.items() if path.startswith(prefix)}


def poll():
    """Let the world go on while a program looks at a pin again and again and never returns to the event loop.

    Devices call it when they are read. At most once in two milliseconds, and never in a thread beside the system's.
    """
    global _polling, _polled
    if not pollers or _polling:
        return
    from time import ticks_diff, ticks_ms

    now = ticks_ms()
    if 0 <= ticks_diff(now, _polled) < 2 or _home is not None and _home != _thread_id():
        return
    _polling = True
    try:
        for work in pollers[:]:
            work()
    finally:
        _polled = ticks_ms()
        _polling = False


def spawn(coroutine):
    """Run a coroutine on the event loop, as nobody's task: a program that ends does not take it along."""
    from asyncio import core

    task = core.Task(coroutine, core.__dict__)
    core._task_queue.push(task)
    return task


def always(function):
    """Spawn the coroutine that function gives, and again when the event loop is replaced."""
    if not _restart:
        import asyncio
        from asyncio import core

        replace = core.new_event_loop

        def new_event_loop():
            loop = replace()
            for function in _restart:
                spawn(function())
            return loop

        core.new_event_loop = asyncio.new_event_loop = new_event_loop
    _restart.append(function)
    spawn(function())


def at_home():
    """The event loop says that it runs in this thread."""
    global _home
    _home = _thread_id()


def _thread_id():
    from _thread import get_ident

    return get_ident()
