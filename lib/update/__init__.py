# Updates: from a release to a system that has confirmed itself (docs/updates.md).
#
#   source, http   where a release comes from     manifest, verify   what it says, and who has signed that
#   plan           what differs from this board   stage              gets that, and reads back what it has written
#   journal        hands it over to /recovery.py, which moves the files at the next boot
#   health         confirms the new system, or restarts it
#
# Everything is a stream: no list of files is ever in memory.

ROOM = "/var/update/"
INSTALLED = "/etc/release.json"  # the manifest of what is installed
