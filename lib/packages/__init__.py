# Packages: files that somebody adds to the system, each with a record of what it has brought. pkg is the program.
#
#   index    what there is: a signed list, one package a line       record   what is installed here
#   change   install and remove
#
# The index is a file packages.json beside the files: a head, one package a line, and an end (docs/packages.md). What
# an upgrade brings is not touched, and a file that belongs to nobody or to another package is never overwritten.
