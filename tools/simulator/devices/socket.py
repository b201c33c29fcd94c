# socket: this computer's, and constants that a board's has besides.

import sys

_late = sys.modules.pop("usocket", None)  # see sim_boot
from usocket import *  # noqa: E402, F403

if _late:
    sys.modules["usocket"] = _late

IPPROTO_IP = 0
IPPROTO_TCP = 6
TCP_NODELAY = 1
