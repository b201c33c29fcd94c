# rp2: what the firmware of a Pico has of its own; of its functions the button is there, which nobody presses.

import sim_port

sim_port.require("rp2", sim_port.port() == "rp2")


def bootsel_button():
    """1 while BOOTSEL is pressed."""
    return 0
