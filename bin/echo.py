# echo - print its arguments
# usage: echo [-neE] [WORD...]
#
# Print the words with a space between them, and a newline.
#   -n  no newline      -e  interpret \n \t \\ \0NNN \xHH ...      -E  do not (the default)
# Deviations: escapes need -e, as in bash.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/echo.html

from shell.builtins import echo_text

proc = None


def __main__(args):
    proc.stdout.write(echo_text(args))
