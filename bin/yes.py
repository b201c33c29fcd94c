# yes - print a word repeatedly
# usage: yes [WORD...]
#
# Until the reader leaves, or somebody interrupts it.

import asyncio

proc = None


async def __main__(args):
    line = (" ".join(args) or "y") + "\n"
    lines = line * (1024 // len(line) or 1)
    while True:
        proc.stdout.write(lines)
        await asyncio.sleep_ms(0)
