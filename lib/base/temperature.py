# The thermometer inside the chip: an ESP32 and an RP2040 or RP2350 have one.

from base.firmware import module

RP2_VOLTS = 3.3
RP2_VOLTS_AT_27 = 0.706
RP2_VOLTS_A_DEGREE = 0.001721


def measure():
    """Degrees Celsius, or None."""
    degrees = esp32()
    return rp2() if degrees is None else degrees


def esp32():
    """Degrees Celsius, or None."""
    esp32 = module("esp32")
    if hasattr(esp32, "mcu_temperature"):
        try:
            return float(esp32.mcu_temperature())
        except (OSError, ValueError):
            pass
    if hasattr(esp32, "raw_temperature"):
        return (esp32.raw_temperature() - 32) / 1.8
    return None


def rp2():
    """Degrees Celsius by the formula of the RP2040's data sheet, or None."""
    try:
        from machine import ADC

        channel = getattr(ADC, "CORE_TEMP", None)
        if channel is None:
            return None
        volts = ADC(channel).read_u16() * RP2_VOLTS / 65535
    except (ImportError, ValueError, OSError):
        return None
    return 27 - (volts - RP2_VOLTS_AT_27) / RP2_VOLTS_A_DEGREE
