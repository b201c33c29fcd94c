# Updates: from a release to a system that has confirmed itself (docs/updates.md).
#
#   check          downloads the manifest (lib/repository), and checks whether the release fits this board
#   compare, plan  what differs from this board   stage              downloads that, and verifies it on the flash
#   journal        hands over to /recovery.py, which moves the files at the next boot
#   status         status, confirmation and rollback
#
# lib/kernel/trial.py confirms the new system, or restarts it.
# Everything is a stream: no list of files is ever in memory.

import sys

if "recovery" not in sys.modules:  # / is not on sys.path unless it is the working directory
    sys.path.insert(0, "/")
    try:
        __import__("recovery")
    finally:
        sys.path.remove("/")
recovery = sys.modules["recovery"]

ROOM = recovery.ROOM
NEW = ROOM + "new/"  # what is staged
OLD = ROOM + "old/"  # what it replaces
INSTALLED = "/etc/release.json"  # the manifest of what is installed
