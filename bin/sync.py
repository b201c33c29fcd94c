# sync - write to the flash what still is in memory
# usage: sync
#
# Files that are open for redirections, and the log. Files that a Python program holds open are its own affair.

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
