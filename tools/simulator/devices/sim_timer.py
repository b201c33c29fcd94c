# machine.Timer: callbacks in a rhythm, from the event loop. timer.N.period_ms tells the hardware timers that run.

import sim_irq
import sim_port
from micropython import const
from utime import ticks_add, ticks_diff, ticks_us

import simulator

_ESP32 = sim_port.port() == "esp32"
_TIMERS = const(4)
_LATE_MAX = const(8)  # so many calls are made up for at most when nothing has run for a while
_SLEEP_MAX = const(3_600_000)  # ms
_FOREVER = const(0xFFFFFFFF)  # ms: what a timer without a period has

_running = []
_hardware = {}  # id: Timer
_round = 0  # counts the coroutines that wait: only the last one does
_wake = None  # ticks_us when it wakes up; None while there is none


class Timer:
    """Timer(-1) is one of as many as there is memory; an ESP32 has the hardware timers 0 to 3 too."""

    ONE_SHOT = 0
    PERIODIC = 1

    def __new__(cls, id=-1, **options):
        if id >= _TIMERS and _ESP32:
            text = "Timer(%d) doesn't exist, there are only %d hardware timers"
            raise ValueError(text % (id, _TIMERS))
        if id != -1 and not _ESP32:
            raise ValueError("Timer doesn't exist")
        timer = _hardware.get(id)
        if not timer:
            timer = object.__new__(cls)
            timer._id = id
            timer._clear()
            if id >= 0:
                _hardware[id] = timer
        return timer

    def __init__(self, id=-1, **options):
        if options:
            self.init(**options)

    def _clear(self):
        self._period = 0  # us
        self._callback = None
        self._mode = self._start = self._due = self._stop = 0

    def init(self, *, mode=PERIODIC, freq=None, period=_FOREVER, callback=None, tick_hz=1000, hard=False):
        """Call callback(timer) after period ms, or freq times a second; once or again and again."""
        self.deinit()
        if hard and _ESP32:
            raise ValueError("hard Timers are not implemented")
        us = int(1_000_000 / freq) if freq is not None else period * 1_000_000 // tick_hz
        if us < 1:
            if _ESP32:
                raise ValueError("Timer period is too short for this timer")
            us = 1
        self._period = us
        self._mode = mode
        self._callback = callback
        self._start = ticks_us()
        self._due = ticks_add(self._start, us)
        _running.append(self)
        self._tell(us / 1000)
        _begin(self._due)

    def deinit(self):
        """Stop."""
        if self in _running:
            _running.remove(self)
            self._tell(None)
        self._clear()

    def _tell(self, period):
        if self._id >= 0:
            simulator.put("timer.%d.period_ms" % self._id, period)

    if _ESP32:

        def value(self):
            """The ms since the last call."""
            return ticks_diff(ticks_us() if self in _running else self._stop, self._start) // 1000

    def _work(self, now):
        """Call the callback as often as it is due."""
        late = 0
        while self in _running and ticks_diff(now, self._due) >= 0:
            self._start = self._stop = self._due
            late += 1
            if not self._mode:
                _running.remove(self)
                self._tell(None)
            elif late < _LATE_MAX:
                self._due = ticks_add(self._due, self._period)
            else:
                self._due = ticks_add(now, self._period)
            if self._callback:
                sim_irq.call(self._callback, self)

    def __repr__(self):
        return "Timer(%d, mode=%s, period=%d)" % (
            self._id,
            "PERIODIC" if self._mode else "ONE_SHOT",
            self._period // 1000,
        )


def _work():
    """For simulator.poll(): call what is due."""
    now = ticks_us()
    for timer in _running[:]:
        timer._work(now)


def _begin(due):
    """Wait for a timer, unless somebody wakes up before it anyway."""
    global _round
    if not _round:
        simulator.pollers.append(_work)
        _round = 1
        simulator.always(_run)
    elif _wake is None or ticks_diff(due, _wake) < 0:
        _round += 1
        simulator.spawn(_run())


async def _run():
    """Call what is due, until no timer runs or another coroutine has taken over."""
    global _wake
    from asyncio import core

    mine = _round
    while _running:
        now = ticks_us()
        left = min([ticks_diff(timer._due, now) for timer in _running] + [_SLEEP_MAX * 1000])
        left = max(left + 999, 0) // 1000
        _wake = ticks_add(now, left * 1000)
        await core.sleep_ms(left)
        if mine != _round:
            return
        _work()
    _wake = None
