# sleep - wait
# usage: sleep TIME...
#
# TIME is seconds, also with decimals, or with a letter behind: s seconds, m minutes, h hours, d days. Several add up.
# Deviations: none; decimals and letters are more than POSIX asks for.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/sleep.html

import asyncio

from base.durations import seconds
from base.errors import Usage
from program import options

STEP_S = 86400  # one wait: ticks cannot count more than some days


async def __main__(args):
    _, words = options(args, "")
    if not words:
        raise Usage("missing TIME")
    left = sum([seconds(word) for word in words])
    while left > 0:
        step = min(left, STEP_S)
        await asyncio.sleep_ms(int(step * 1000))
        left -= step
