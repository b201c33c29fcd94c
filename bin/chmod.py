# chmod - change permissions (not supported by the file systems)
# usage: chmod [-R] MODE FILE...
#
# littlefs and FAT keep no permissions, so this always fails: every file can be read, written and run by its name.
#   -R  no effect
# "pfiles" in system.conf lists the system files that programs cannot write.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/chmod.html

from base.errors import Failure, Usage

proc = None


def __main__(args):
    if "--help" in args:
        from program import show_help

        return show_help(proc)
    names = [arg for arg in args if arg not in ("-R", "--recursive", "--")]  # -x is a mode
    if len(names) < 2:
        raise Usage("expected MODE and FILE")
    raise Failure(names[1], "the file system has no permissions")
