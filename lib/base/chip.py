# What only some firmware or chip has: modules, a heap of its own, a thermometer. And the pieces of the heap of Python.

import gc

_RP2_VOLTS = 3.3
_RP2_VOLTS_AT_27 = 0.706
_RP2_VOLTS_A_DEGREE = 0.001721


def module(name):
    """The module, or None where the firmware lacks it."""
    try:
        return __import__(name)
    except ImportError:
        return None


def largest_piece():
    """The bytes of the longest piece that can be allocated now; found by trying."""
    gc.collect()
    low, high = 0, gc.mem_free()
    while high - low > 256:
        middle = (low + high) // 2
        try:
            bytearray(middle)
            low = middle
        except MemoryError:
            high = middle
        gc.collect()
    return low


def idf_heap():
    """(bytes, free, longest free piece) of the firmware's own heap; None if it has none."""
    esp32 = module("esp32")
    regions = esp32.idf_heap_info(esp32.HEAP_DATA) if hasattr(esp32, "idf_heap_info") else ()
    if not regions:
        return None
    return sum([r[0] for r in regions]), sum([r[1] for r in regions]), max([r[2] for r in regions])


def temperature():
    """Degrees Celsius of the thermometer that an ESP32, RP2040 and RP2350 have; None if there is none."""
    degrees = _esp32_temperature()
    return _rp2_temperature() if degrees is None else degrees


def _esp32_temperature():
    esp32 = module("esp32")
    if hasattr(esp32, "mcu_temperature"):
        try:
            return float(esp32.mcu_temperature())
        except (OSError, ValueError):
            pass
    if hasattr(esp32, "raw_temperature"):
        return (esp32.raw_temperature() - 32) / 1.8
    return None


def _rp2_temperature():
    """By the formula of the RP2040's data sheet."""
    try:
        from machine import ADC

        channel = getattr(ADC, "CORE_TEMP", None)
        if channel is None:
            return None
        volts = ADC(channel).read_u16() * _RP2_VOLTS / 65535
    except (ImportError, ValueError, OSError):
        return None
    return 27 - (volts - _RP2_VOLTS_AT_27) / _RP2_VOLTS_A_DEGREE
