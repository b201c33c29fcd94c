# socket: this computer's, and constants that a board's has besides.

from usocket import *  # noqa: F403

IPPROTO_IP = 0
IPPROTO_TCP = 6
TCP_NODELAY = 1
