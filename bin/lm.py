# lm - call a Load Module of micrOS
# usage: lm MODULE FUNCTION [ARGUMENT...] ['>json'] ['&[MS]' | '&&[MS]'] ['>>HOST']
#        lm modules [all]
#        lm task list | show NAME | kill NAME
#
# Calls a function of /local/modules/LM_MODULE.py, with numbers, strings, True, False, None, lists or NAME=VALUE. The module
# stays loaded, with what it drives, until the service stops.
#   >json   print the result as JSON      &MS   call it in the background, after MS milliseconds
#   >>HOST  call it on another node       &&MS  again and again, with such a pause
# TAB completes modules, functions and arguments. The shell takes `>`, `&` and `&&` for itself unless they are quoted.
# More: docs/micros.md
#
# Examples:
#   lm system clock                   lm neopixel color 255 0 0
#   lm oled text "two words"          lm dht22 measure '>json'
#   lm system heartbeat '&&1000'      lm task show system.heartbeat

from base.errors import Failure, Usage
from services import daemon, micros

proc = None


def __main__(args):
    if args[:1] == ["--help"] or not args:
        from program import options  # late: not for a call

        options(args, "")
        raise Usage("missing operand")
    if not daemon.find_process(micros.NAME):
        raise Failure("", "the service is not running; use `service start micros`")
    from services.micros import commands, values  # late: only while the service runs

    line = args[0] if len(args) == 1 else " ".join([values.quoted(word) for word in args])
    good, output = commands.run(line)
    if good:
        print(output)
        return 0
    proc.stderr.write(f"lm: {output}\n")
    return 1
