# The settings timirq and irq1 to irq4: calls at intervals, and at edges of pins. Kernel tasks of the service.
#
# The handler of an interrupt only sets a flag: calls run on the event loop, where they may allocate and wait.

import asyncio
from time import ticks_diff, ticks_ms

from micropython import const

from base import log
from process import cpu
from services.micros import settings

PINS = ("irq1", "irq2", "irq3", "irq4")
_PERIOD_MIN = const(20)  # ms


def begin():
    """Start a task for each event that is switched on; returns the functions that end them."""
    ends = []
    if settings.get("timirq"):
        ends.append(cpu.schedule(tick()).cancel)
    for name in PINS:
        if settings.get(name):
            try:
                ends.append(Edges(name).stop)
            except (ImportError, ValueError, OSError) as e:
                log.note("micros", f"{name}: {e}", log.WARNING)
    return ends


async def tick():
    """Run the calls of timirqcbf at intervals of timirqseq ms."""
    from services.micros import commands  # late: only with calls

    period = max(settings.get("timirqseq"), _PERIOD_MIN)
    calls = settings.get("timirqcbf")
    while True:
        await asyncio.sleep_ms(period)
        commands.pipe(calls)


class Edges:
    """Runs the calls of irqN_cbf at each edge of a pin, but not within irq_prell_ms of the last: contacts bounce."""

    def __init__(self, name):
        from machine import Pin  # late: few nodes have such pins

        from services.micros.faces import pins

        number = pins.number_of(name)
        if number is None:
            raise ValueError("no pin has that name; see cstmpmap")
        trigger = settings.get(name + "_trig").strip().lower()
        edges = Pin.IRQ_FALLING if trigger == "down" else Pin.IRQ_RISING
        if trigger == "both":
            edges = Pin.IRQ_RISING | Pin.IRQ_FALLING
        self.calls = settings.get(name + "_cbf")
        self.quiet_ms = settings.get("irq_prell_ms")
        self.flag = asyncio.ThreadSafeFlag()
        self.pin = Pin(number, Pin.IN, Pin.PULL_DOWN)
        self.pin.irq(self.notice, edges)
        self.task = cpu.schedule(self.run())

    def notice(self, pin):
        self.flag.set()

    async def run(self):
        from services.micros import commands  # late: as in tick()

        last = None
        while True:
            await self.flag.wait()
            now = ticks_ms()
            if last is None or ticks_diff(now, last) >= self.quiet_ms:
                last = now
                commands.pipe(self.calls)

    def stop(self):
        self.pin.irq(None)
        self.task.cancel()
