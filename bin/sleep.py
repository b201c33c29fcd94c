# sleep - wait
# usage: sleep TIME...
#
# TIME is in seconds, with optional decimals, or with a suffix: s seconds, m minutes, h hours, d days. Several are added.
# Deviations: none; decimals and suffixes are extensions.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/sleep.html

import asyncio

from base.errors import Usage
from base.units import seconds
from program import options

STEP_S = 86400  # of one wait: the range of ticks is limited to some days


async def __main__(args):
    _, words = options(args, "")
    if not words:
        raise Usage("missing TIME")
    left = sum([seconds(word) for word in words])
    while left > 0:
        step = min(left, STEP_S)
        await asyncio.sleep_ms(int(step * 1000))
        left -= step
