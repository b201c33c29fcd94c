# Updates: from a release to a system that has confirmed itself (docs/updates.md).
#
#   source, http   where a release comes from     manifest, verify   what it says, and who has signed that
#   compare, plan  what differs from this board   stage              gets that, and reads back what it has written
#   journal        hands it over to /recovery.py, which moves the files at the next boot
#   standing       what has become of it, and its owner's word on that
#   health         confirms the new system, or restarts it
#
# Everything is a stream: no list of files is ever in memory.

import sys

ROOM = "/var/update/"
NEW = ROOM + "new/"  # what is staged
OLD = ROOM + "old/"  # what it replaces
INSTALLED = "/etc/release.json"  # the manifest of what is installed

if "recovery" not in sys.modules:  # it lies at the top, where imports look only while that is the working directory
    sys.path.insert(0, "/")
    try:
        __import__("recovery")
    finally:
        sys.path.remove("/")
