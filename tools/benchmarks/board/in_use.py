# usage: in_use     print the bytes of heap in use, without what is only kept to be quick

import gc

from process import memory


def __main__(args):
    gc.collect()
    memory.evict()
    gc.collect()
    print(gc.mem_alloc())
