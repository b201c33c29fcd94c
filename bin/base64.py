# base64 - encode and decode base64
# usage: base64 [-di] [-w COLUMNS] [FILE...]
#
# Encode each FILE, or standard input.
#   -d  decode      -i  ignore other characters when decoding      -w COLUMNS  length of a line (76); 0: one line

from binascii import a2b_base64, b2a_base64

from text import radix

proc = None

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="


async def __main__(args):
    return await radix.main(args, 3, LETTERS, lambda data: b2a_base64(data)[:-1], a2b_base64)
