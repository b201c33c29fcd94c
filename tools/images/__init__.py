"""Images: what is written to a chip in one step, MicroPython's firmware and a file system with Diatom on it.

filesystem.make() builds the file system, image.make() joins it with a firmware. Nothing here talks to a board.
"""
