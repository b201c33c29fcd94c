# machine: the hardware of the simulated board (https://docs.micropython.org/en/latest/library/machine.html).
#
# By default that of an ESP32, with --board pico (pico-w, pico2, pico2-w) that of an RP2040 or RP2350. What it measures
# and drives stands in the store of the simulated devices; docs/simulator.md has the paths. Each part is loaded when
# it is used first: a board has all this in its firmware, but here it is in the heap under test.

from power import reset  # a board can restart when no memory is left to load anything

_PARTS = (
    " Pin=sim_pins Signal=sim_pins ADC=sim_analog PWM=sim_analog DAC=sim_touch TouchPad=sim_touch I2C=sim_i2c"
    " SoftI2C=sim_i2c I2CTarget=sim_i2c_target SPI=sim_spi SoftSPI=sim_spi UART=sim_uart Timer=sim_timer RTC=sim_rtc WDT=sim_wdt"
    " disable_irq=sim_irq enable_irq=sim_irq lightsleep=sim_sleep deepsleep=sim_sleep idle=sim_sleep"
    " wake_reason=sim_sleep time_pulse_us=sim_sleep bitstream=sim_sleep freq=sim_clock"
    " soft_reset=sim_chip reset_cause=sim_chip unique_id=sim_chip bootloader=sim_chip PWRON_RESET=sim_chip"
    " HARD_RESET=sim_chip WDT_RESET=sim_chip DEEPSLEEP_RESET=sim_chip SOFT_RESET=sim_chip PIN_WAKE=sim_chip"
    " EXT0_WAKE=sim_chip EXT1_WAKE=sim_chip TIMER_WAKE=sim_chip TOUCHPAD_WAKE=sim_chip ULP_WAKE=sim_chip"
    " SLEEP=sim_chip DEEPSLEEP=sim_chip SDCard=sim_sd mem32=sim_memory "
)


def __getattr__(name):
    """A part of this module that is not loaded yet."""
    if name == "__all__":  # from machine import *
        import sim_chip

        parts = [word.split("=")[0] for word in _PARTS.split()]
        return [part for part in parts + [reset.__name__] if part not in sim_chip.missing()]
    start = _PARTS.find(" %s=" % name) + 1
    if start:
        home = _PARTS[_PARTS.find("=", start) + 1 : _PARTS.find(" ", start)]
        part = getattr(__import__(home), name, None)
        if name in ("RTC", "mem32"):  # every boot asks for it once, and it has no state of its own
            import sys

            del sys.modules[home]
        elif part is not None:
            globals()[name] = part
        if part is not None:
            return part
    if name in ("loglevel", "redirectlog", "restorelog", "heap_info"):
        from sim_esplog import part

        return part("machine", name)
    raise AttributeError("'module' object has no attribute '%s'" % name)
