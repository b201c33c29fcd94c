# machine: sleeping, waking up, and waiting for a pulse.

import power
import sim_irq
import sim_pins
import sim_port
from micropython import const
from utime import ticks_diff, ticks_ms, ticks_us

import simulator

_ESP32 = sim_port.port() == "esp32"
_STEP_MS = const(2)  # how often a sleeping board looks at the world
_TIMER_WAKE = const(4)

_light_reason = None  # what has ended the last light sleep of this run


def idle():
    """Wait for an interrupt, at most a millisecond."""
    simulator.poll()
    power.wait_ms(1)


def lightsleep(time_ms=None):
    """Stop the processor for a time, or until there is an interrupt; on an ESP32 the pins of module esp32 wake it too."""
    global _light_reason
    before = sim_irq.fired
    simulator.put("machine.sleep", "light")
    reason = _sleep(time_ms, lambda: _ESP32 and _woken(False) or -(sim_irq.fired != before))
    _light_reason = _TIMER_WAKE if reason is None else max(reason, 0)
    simulator.put("machine.sleep", None)


def deepsleep(time_ms=None):
    """Switch off but for the RTC, then start anew. On an ESP32 pins wake it too (esp32.wake_on_ext0 and the like)."""
    import sys

    if "sim_wdt" in sys.modules:
        sys.modules["sim_wdt"].pause()
    simulator.put("machine.sleep", "deep")
    reason = _sleep(time_ms, lambda: _woken(True)) or _TIMER_WAKE
    power.world("machine.wake_reason", reason)
    power.reset("deepsleep")


def _sleep(time_ms, woken):
    """Wait for that time, or for ever, or until woken() is true; returns what that gave."""
    start = ticks_ms()
    while time_ms is None or ticks_diff(ticks_ms(), start) < time_ms:
        simulator.poll()
        result = woken()
        if result:
            return result
        power.wait_ms(_STEP_MS)


def _woken(deep):
    """The reason if pins wake the chip: EXT0_WAKE, EXT1_WAKE, TOUCHPAD_WAKE, or 7 for a GPIO."""
    if simulator.get("esp32.wake.touch"):
        for path, threshold in simulator.tree("touch.").items():
            if path.endswith(".threshold") and simulator.get(path[:-9] + "value", 1000) < threshold:
                return 5
    for source, reason in (("ext0", 2), ("ext1", 3), ("gpio", 7)):
        wake = simulator.get("esp32.wake." + source)
        if source == "gpio" and deep and not sim_port.board().startswith("esp32-c3"):
            continue  # ends a light sleep only
        if wake and wake["pins"]:
            level = wake["level"]
            there = [sim_pins.find(pin).value() == level for pin in wake["pins"]]
            if all(there) if source == "ext1" and not level else any(there):
                return reason
    return 0


if _ESP32:

    def wake_reason():
        """Why the chip has woken up from sleep: TIMER_WAKE and so on; 0 when it has not slept."""
        if _light_reason is not None:
            return _light_reason
        return simulator.get("machine.wake_reason", 0) if power.cause == "deepsleep" else 0


def time_pulse_us(pin, pulse_level, timeout_us=1_000_000):
    """The length of a pulse; -2 when it does not begin in time, -1 when it does not end.

    Where the world gives pin.N.pulse_us, that is it, and the world need not be quick.
    """
    pin = sim_pins.find(pin)
    given = simulator.get("pin.%s.pulse_us" % pin._name)
    if given is not None:
        return given if given < timeout_us else -1
    level = 1 if pulse_level else 0
    start = ticks_us()
    for missing in (2, 1):
        while (pin.value() == level) == (missing == 1):
            if ticks_diff(ticks_us(), start) >= timeout_us:
                return -missing
        if missing == 2:
            start = ticks_us()
    return ticks_diff(ticks_us(), start)


def bitstream(pin, encoding, timing, data):
    """Send bits with exact times: pin.N.bitstream has the bytes in hexadecimal."""
    if encoding != 0:
        raise ValueError("invalid encoding")
    simulator.put("pin.%s.bitstream" % sim_pins.find(pin)._name, bytes(data).hex())
