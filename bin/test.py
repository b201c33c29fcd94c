# test - evaluate a conditional expression
# usage: test EXPRESSION
#        [ EXPRESSION ]
#
# Files:    -e is there  -f no directory  -d a directory  -s not empty  -r -w -x can be read, written, run
#           A -nt B, A -ot B  newer, older      A -ef B  the same
# Texts:    -n TEXT, TEXT  not empty      -z TEXT  empty      A = B, A == B, A != B, A < B, A > B
# Numbers:  A -eq B, -ne, -lt, -le, -gt, -ge
# System:   -p NAME  a process or service of that name runs      -g GPIO  it is high      -t FD  is a terminal
# Operators: ! E      E -a E      E -o E      ( E )
# `test ... > 0` stores True or False. The exit status is 0, 1, or 2 for an invalid expression.
# Deviations: -p and -g are those of upyOS: there are neither named pipes nor groups.
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/test.html

from shell.test import evaluate

proc = None


def __main__(args):
    proc.value = evaluate(args)
    return 0 if proc.value else 1
