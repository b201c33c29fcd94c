"""The command line of tools/pico."""

import argparse
import os
import select
import signal
import sys
import termios
import tty

from emulator import system
from emulator.machine import EmulatorError, Machine
from simulator.environment import STATE

FLASH = os.path.join(STATE, "pico.flash")
QUIET = 3e9  # nanoseconds of the board; it boots without a word for more than one
POLL = 0.05  # seconds
STACK = 8192  # bytes that MicroPython has for C
MARGIN = 1024  # where less is left, figures say which functions of Python stood on it
ESCAPE = b"\x1d"  # Ctrl-]

DESCRIPTION = """\
A Raspberry Pi Pico W on this computer: an emulated RP2040 runs MicroPython's own firmware, and Diatom on it. Without more,
its serial console is this terminal; Ctrl-] and then q is the plug, r the reset button, f prints its figures.
"""

EPILOG = """\
examples:
  tools/pico --fresh                     Diatom, packed, as `diatom flash pico-w` puts it onto a Pico W
  tools/pico --fresh --system none       MicroPython alone
  tools/pico --pty                       prints a path; then `tools/diatom -b PATH deploy`, mpremote connect PATH, ...
  tools/pico --image diatom-pico-w.uf2   one image with firmware and system
  echo 'print(2 ** 0.5)' | tools/pico --system none --flash /tmp/bare

There is no radio (Wi-Fi is not found, the LED of a Pico W cannot be lit), one core, and os.urandom is constant.
docs/pico.md says more.
"""


def parse(argv):
    parser = argparse.ArgumentParser(
        prog="pico", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--fresh", action="store_true", help="a new flash (the flash is kept from run to run otherwise)")
    add("--flash", metavar="FILE", default=FLASH, help="the file that is the flash, 2 MiB (default: .sim/pico.flash)")
    add("--firmware", metavar="UF2", help="a firmware to put into the flash (default for a new one: MicroPython 1.27)")
    add("--image", metavar="UF2", help="a new flash with an image that holds firmware and system")
    add("--system", choices=("packed", "mpy", "source", "none"), default="packed", help="how Diatom is on a new flash")
    add("--profile", choices=("full", "small", "minimal"), default="small", help="how much of it (default: small)")
    add("--tree", metavar="DIR", help="take the system's files from DIR")
    add("--pty", action="store_true", help="the console is a pseudo terminal; its path is printed")
    add("--cut-power-at", metavar="N", type=int, help="the power fails after the N-th erase or program; ends with 3")
    add("--figures", action="store_true", help="at the end print time, heap, stack and flash operations on stderr")
    add("--verbose", action="store_true", help="say what of the chip is not emulated when it is used")
    return parser.parse_args(argv)


def main(argv):
    """Run a board as the command line says; returns the exit status."""
    options = parse(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        images = prepare(options)
        with Machine(options.flash, images, verbose=options.verbose) as machine:
            if options.cut_power_at:
                machine.request("cut", operations=options.cut_power_at)
            status = run(machine, options)
            if options.figures and status != 3:
                sys.stderr.write(report(machine))
            return status
    except EmulatorError as e:
        sys.stderr.write("pico: %s\n" % e)
        return 1
    except KeyboardInterrupt:
        return 130


def prepare(options):
    """Create the flash if there is none; return the images to write into it before power on."""
    os.makedirs(os.path.dirname(os.path.abspath(options.flash)), exist_ok=True)
    for path in filter(None, (options.firmware, options.image)):
        if not os.path.isfile(path):
            raise EmulatorError("%s: no such file" % path)
    if options.image:
        remove(options.flash)
        return [options.image]
    if options.fresh or not os.path.exists(options.flash):
        image = options.firmware or system.firmware()
        sys.stderr.write("pico: making the flash ...\n")
        temporary = "%s.%d" % (options.flash, os.getpid())
        try:
            if options.system == "none":
                system.bare(temporary, image)
            else:
                system.make(temporary, image, options.system, options.profile, options.tree)
            os.rename(temporary, options.flash)
        finally:
            remove(temporary)
    elif options.firmware:
        return [options.firmware]
    return []


def remove(path):
    if os.path.exists(path):
        os.remove(path)


def report(machine):
    """The figures of a board as lines."""
    figures = machine.figures()
    try:
        deep = (
            ["          %5d  %s, %s" % frame for frame in machine.frames()] if figures["stack"] > STACK - MARGIN else []
        )
    except EmulatorError:
        deep = []
    lines = [
        "time      %.3f s" % (figures["nanos"] / 1e9),
        "stack     %d bytes at the deepest, of %d" % (figures["stack"], STACK),
        *deep,
        "flash     %d sectors erased, %d pages programmed" % (figures["erased"], figures["programmed"]),
        "resets    %d" % figures["resets"],
    ]
    try:
        heap = machine.heap()
    except EmulatorError as e:
        lines.append("heap      %s" % e)
    else:
        parts = (heap["live"], heap["used"], heap["size"], heap["largest"])
        lines.append("heap      %d bytes live, %d used, of %d; largest free piece %d" % parts)
    return "\n".join(lines) + "\n"


def run(machine, options):
    """Connect the board's serial line as the user asked, until one side ends; return the exit status."""
    if options.pty:
        master, slave = os.openpty()
        tty.setraw(slave)
        print(os.ttyname(slave), flush=True)
        return pump(machine, master, master, keys=False)
    if not os.isatty(0):
        return pump(machine, 0, 1, keys=False)
    before = termios.tcgetattr(0)
    tty.setraw(0)
    try:
        return pump(machine, 0, 1, keys=True)
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)


def pump(machine, source, sink, keys):
    """Carry bytes both ways. With keys, Ctrl-] begins a command to the emulator."""
    escaped = False
    sources = [machine.serial, source]
    while True:
        ready = select.select(sources, [], [])[0]
        if machine.serial in ready:
            data = machine.serial.recv(65536)
            if not data:
                return machine.process.wait()
            write(sink, data)
        if source not in ready:
            continue
        data = os.read(source, 4096)
        if not data:  # the end of a file: what was typed has been sent
            return drain(machine, sink)
        for key in (bytes([byte]) for byte in data) if keys else [data]:
            if escaped and key == b"q":
                return 0
            if escaped and key == b"r":
                machine.request("reset")
            elif escaped and key == b"f":
                write(sink, report(machine).replace("\n", "\r\n").encode())
            elif keys and key == ESCAPE and not escaped:
                escaped = True
                continue
            else:
                machine.serial.sendall(key)
            escaped = False


def drain(machine, sink):
    """Print output until the board has been silent for so long."""
    last = time_of(machine)
    while time_of(machine) - last < QUIET:
        if select.select([machine.serial], [], [], POLL)[0]:
            data = machine.serial.recv(65536)
            if not data:
                return machine.process.wait()
            write(sink, data)
            last = time_of(machine)
    return 0


def time_of(machine):
    return machine.request("time")["nanos"]


def write(fd, data):
    while data:
        data = data[os.write(fd, data) :]
