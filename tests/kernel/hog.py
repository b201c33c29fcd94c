"""A program that takes all memory of a board except the number of bytes in its argument."""

SOURCE = """\
import asyncio, gc

async def __main__(args):
    hog = []
    gc.collect()
    while gc.mem_free() > int(args[0]):
        hog.append(bytearray(256))
        if len(hog) % 32 == 0:
            gc.collect()
    await asyncio.sleep(3600)
"""
