# reset - repair the terminal
# usage: reset
#
# After a program that left the terminal in a strange state: no echo, no cursor, wrong colours or characters. The screen is
# cleared. To restart the board use reboot.

from program import options

proc = None

# The terminal's reset; ASCII as G0; bracketed paste and mouse off; cursor shown; primary screen; scroll region off; clear.
SANE = "\x1bc\x1b(B\x0f\x1b[0m\x1b[?2004l\x1b[?1000l\x1b[?1l\x1b>\x1b[?25h\x1b[?1049l\x1b[r\x1b[H\x1b[2J"


def __main__(args):
    options(args, "", most=0)
    if proc.tty:
        proc.tty.set_raw(False)
    proc.stdout.write(SANE)
