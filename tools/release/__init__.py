"""Releases: built from the tree, signed and served. docs/updates.md describes the whole process.

Each verb of tools/diatom is a module with arguments(parser, verb) and run(options, out): keygen, make, sign, serve.
"""
