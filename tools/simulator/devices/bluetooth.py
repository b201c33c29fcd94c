# bluetooth: the simulated board has no such radio.

raise ImportError("this simulated board has no Bluetooth radio")
