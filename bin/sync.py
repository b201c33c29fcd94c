# sync - write buffered data to the flash
# usage: sync
#
# Flushes files open for redirections, and the log, but not files that a Python program has opened itself.

import os
import sys

from process import open_files, process
from process.files import FileStream
from program import complain, options, status

proc = None


def __main__(args):
    options(args, "", most=0)
    for p in process.table.values():
        for _, stream in open_files.streams(p):
            if isinstance(stream, FileStream) and hasattr(stream.file, "flush"):
                try:
                    stream.file.flush()
                except OSError as e:
                    complain(stream.path, e)
    log = sys.modules.get("base.log")
    if log:
        log.flush()
    if hasattr(os, "sync"):
        os.sync()
    return status()
