"""tools/diatom: access to a board from this computer.

main finds the verb in verbs.TABLE and loads its module, which has two functions: arguments(parser, verb) and
run(options, out). address opens a Board (board.py) by its address: serial_board, ftp_board, or a simulated one.
"""
