"""A board's files as a directory of this computer: filesystem answers the kernel, entries knows what is on the board,
copies holds what is open, board talks FTP and stands it when the board goes and comes back.
"""
