# esp32: what is special about the ESP32 (https://docs.micropython.org/en/latest/library/esp32.html).
#
# Not there: PCNT, RMT and ULP.

import sim_port

import simulator

sim_port.require("esp32", sim_port.port() == "esp32")

_BOARD = sim_port.board()
WAKEUP_ALL_LOW = False
WAKEUP_ANY_HIGH = True
HEAP_EXEC = 1
HEAP_DATA = 4
_HEAPS = {  # by the capabilities of ESP-IDF's esp_heap_caps.h
    HEAP_DATA: ("data", ((113840, 38420, 31744, 30212),)),
    HEAP_EXEC: ("exec", ((15072, 15036, 15036, 15036),)),
    8: ("dma", ((113840, 38420, 31744, 30212),)),
    1024: ("spiram", ()),
}


def __getattr__(name):
    if name == "NVS":
        from sim_nvs import NVS

        return NVS
    if name == "Partition":
        from sim_partition import Partition

        return Partition
    raise AttributeError(name)


def raw_temperature():
    """The chip's temperature in degrees Fahrenheit (the first ESP32)."""
    return round(simulator.get("esp32.temperature", 42) * 9 / 5 + 32)


def mcu_temperature():
    """The chip's temperature in degrees Celsius (the later ones)."""
    return round(simulator.get("esp32.temperature", 42))


def idf_heap_info(capabilities):
    """The regions of the firmware's own heap: (bytes, free, largest free, least free ever)."""
    name, regions = _HEAPS.get(capabilities, ("", ()))
    return [tuple(region) for region in simulator.get("esp32.heap_" + name, regions)]


def _rtc_pins():
    """The GPIOs that are powered in deep sleep."""
    if _BOARD.startswith("esp32-s"):
        return range(22)
    if _BOARD.startswith("esp32-c"):
        return range(8)
    return (0, 2, 4, 12, 13, 14, 15, 25, 26, 27, 32, 33, 34, 35, 36, 37, 38, 39)


def _wake(source, value):
    simulator.put("esp32.wake." + source, value)


def _wake_pins(source, pins, level):
    numbers = [int(sim_port.pin_number(pin)) for pin in pins or ()]
    for number in numbers:
        if source != "gpio" and number not in _rtc_pins():
            raise ValueError("invalid pin")
    _wake(source, {"pins": numbers, "level": int(bool(level))})


def wake_on_touch(wake):
    """Let a touch end the sleep."""
    _wake("touch", bool(wake))


def wake_on_ulp(wake):
    """Let the small processor end the sleep."""
    _wake("ulp", bool(wake))


if not _BOARD.startswith(("esp32-c", "esp32-h")):

    def wake_on_ext0(pin=None, level=WAKEUP_ALL_LOW):
        """Let a pin end the sleep."""
        if simulator.get("esp32.wake.touch"):
            raise ValueError("no resources")
        _wake_pins("ext0", () if pin is None else (pin,), level)


if not _BOARD.startswith("esp32-c3"):

    def wake_on_ext1(pins=None, level=WAKEUP_ALL_LOW):
        """Let some pins end the sleep."""
        if pins is not None:
            _wake_pins("ext1", pins, level)


def wake_on_gpio(pins=None, level=WAKEUP_ALL_LOW):
    """Let some pins end the light sleep; on a chip without ext1 the deep sleep, too."""
    if pins is not None:
        _wake_pins("gpio", pins, level)


def gpio_deep_sleep_hold(enable):
    """Let the pins keep their levels in deep sleep."""
    _wake("hold", bool(enable))
