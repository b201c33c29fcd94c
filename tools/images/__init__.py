"""Images: MicroPython's firmware and a file system with Diatom, written to a chip in one step.

filesystem.make() builds the file system, image.make() joins it with a firmware. Nothing here talks to a board.
"""
