# machine.DAC and TouchPad of an ESP32.
#
# dac.N.value is what the board drives, touch.N.value what the world has: the smaller, the nearer is the finger.

import sim_pins
import sim_port

import simulator

if sim_port.port() == "esp32":

    class DAC:
        """A voltage from a pin, 0 to 255 for 0 to 3.3 V."""

        def __init__(self, pin):
            number = int(sim_pins.find(pin)._name)
            if number not in (25, 26):
                raise ValueError("invalid Pin for DAC")
            self._path = "dac.%d.value" % number
            sim_pins.find(pin).use("alt")

        def write(self, value):
            """Set the voltage."""
            if not 0 <= value <= 255:
                raise ValueError("value out of range")
            simulator.put(self._path, value)

    class TouchPad:
        """A pin that notices a finger: the smaller the value, the nearer."""

        def __init__(self, pin):
            number = int(sim_pins.find(pin)._name)
            if number not in (0, 2, 4, 12, 13, 14, 15, 27, 32, 33):
                raise ValueError("invalid pin for touchpad")
            self._path = "touch.%d." % number
            sim_pins.find(pin).use("alt")

        def config(self, value):
            """The threshold for waking up."""
            simulator.put(self._path + "threshold", value)

        def read(self):
            """The capacity that is measured."""
            simulator.poll()
            return simulator.get(self._path + "value", 1000)
