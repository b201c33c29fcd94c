"""Releases: what is made of the tree, signed and served. docs/updates.md tells the whole way.

Each verb of tools/diatom is a module with arguments(parser, verb) and run(options, out): keygen, make, sign, serve.
"""
