# usage: in_use     print the bytes of heap in use, without what is only kept to be quick

import gc

from process import load


def __main__(args):
    gc.collect()
    load.drop()
    gc.collect()
    print(gc.mem_alloc())
