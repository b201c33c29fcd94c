# reset - restart the software at once
# usage: reset
#
# A soft reset without a shutdown: /etc/end.sh does not run. See reboot.

from base.errors import Failure
from program import options


def __main__(args):
    options(args, "", most=0)
    try:
        from machine import soft_reset
    except ImportError:
        raise Failure("", "this system cannot restart itself")
    soft_reset()
