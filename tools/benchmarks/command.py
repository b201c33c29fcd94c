"""The command line of tools/bench."""

import argparse
import importlib
import os
import platform
import signal
import sys
from statistics import median

from benchmarks import table
from benchmarks.simulation import BenchError, Simulator

GROUPS = {
    "ram": "RAM live at the prompt",
    "names": "names of compiled images, and of a session of 205 commands",
    "stack": "deepest C stack at program entry, in the parser and in the interpreter",
    "boot": "power on to prompt",
    "start": "start of a program and of a built-in",
    "script": "a loop of the shell, and lines through a pipeline",
    "shell": "parser beside the compiler, memory of a line, key to echo",
    "files": "grep and cp",
    "programs": "programs for files and text: time, and memory of one that runs",
    "memory": "heap that long pipelines need",
    "sessions": "everyday commands that find no memory, in long sessions on the boards of each tier",
    "deploy": "the whole tree onto an empty board, and one file, over a serial line",
    "services": "memory of telnetd and ftpd, FTP against a bare loop",
    "update": "bytes, seconds and heap of an update over HTTP",
    "pico": "an emulated Pico W: memory, C stack and times of 205 commands (needs Node.js)",
    "web": "memory of httpd, HTTP against bare microdot and a bare loop",
    "camera": "memory of a photo and of the stream, its rate against a bare loop",
    "busy": "all services with a client each at the same time, three boards of five minutes each",
    "load": "the same without a browser, two boards of two and a half minutes each",
    "soak": "24 hours of services, cron and a script, in time that is skipped",
}


LONG = ("busy", "load", "soak")  # only where they are named


def parse(argv):
    groups = "\n".join(f"  {name:8} {what}" for name, what in GROUPS.items())
    parser = argparse.ArgumentParser(
        prog="bench",
        description="Measure Diatom in the simulator. docs/benchmarks.md says how to read the table.",
        epilog="groups:\n" + groups,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and less data: some seconds for each group")
    parser.add_argument("--only", metavar="GROUP[,GROUP...]", help="only these groups")
    parser.add_argument("--tree", metavar="DIR", help="measure the system in this directory (default: this repository)")
    pico = parser.add_argument_group("the group pico")
    pico.add_argument("--pico-flash", metavar="FILE", help="measure this flash (a file of tools/pico --flash)")
    pico.add_argument(
        "--pico-record", metavar="NAME", help="keep its figures under this name in tools/benchmarks/pico.json"
    )
    options = parser.parse_args(argv)
    if options.tree and not os.path.isfile(os.path.join(options.tree, "main.py")):
        parser.error(f"--tree: {options.tree}: there is no main.py")
    options.groups = options.only.split(",") if options.only else [name for name in GROUPS if name not in LONG]
    for name in options.groups:
        if name not in GROUPS:
            parser.error(f"--only: {name}: no such group (there are {', '.join(GROUPS)})")
    return options


def main(argv):
    """Measure and print; return the exit status: 0, even if a limit is exceeded, 1 if something failed."""
    options = parse(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    rows = []
    status = 0
    simulator = Simulator(options.tree)
    simulator.pico = {"flash": options.pico_flash, "record": options.pico_record}
    try:
        for name in options.groups:
            if sys.stderr.isatty():
                sys.stderr.write(f"bench: {name}: {GROUPS[name]} ...\n")
            group = importlib.import_module("benchmarks.groups." + name)
            try:
                for row in group.measure(simulator, options.quick):
                    row.group = name
                    rows.append(row)
            except BenchError as e:
                sys.stderr.write(f"bench: {name}: {e}\n")
                status = 1
    except KeyboardInterrupt:
        return 130
    finally:
        simulator.close()
    mode = "quick" if options.quick else "full"
    if options.json:
        print(table.as_json(rows, mode, host(simulator)))
    else:
        print(table.text(rows))
        if simulator.calibrations:
            print(f"CAL, the calibration loop, takes {host(simulator)['cal_ms']} ms here.")
    return status


def host(simulator):
    """The computer that the figures were measured on; cal_ms is None if nothing was timed."""
    cal = round(median(simulator.calibrations) / 1000, 2) if simulator.calibrations else None
    return {"system": platform.system(), "machine": platform.machine(), "cal_ms": cal}
