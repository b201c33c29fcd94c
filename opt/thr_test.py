# thr_test - example of a program that can run in a thread
# usage: thr_test [NAME] [SECONDS]
#
# Counts every SECONDS (1). `thr_test &` gives it a thread; ps, hold, resume, kill and wait then work on it, because
# the loop looks at proc.sts: R runs, H is held, S is asked to end.

import utime

proc = None  # the process, put here when the program starts


def __main__(args):
    name = args[0] if args else "thread"
    pause = float(args[1]) if len(args) > 1 else 1
    count = 0
    while proc.sts != "S":
        if proc.sts == "H":
            utime.sleep(0.1)
            continue
        count += 1
        print(f"{name}: {count}")
        utime.sleep(pause)
    print(f"{name}: stopped after {count}")
