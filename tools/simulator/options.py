"""The command line of the simulator."""

import os
import sys

from simulator import budgets

USAGE = """usage: sim [OPTION...]                     an interactive console in this terminal
       sim [OPTION...] -c COMMANDS         run shell commands, print their output, end with their status
       sim [OPTION...] SCRIPT [ARG...]     the same for a script file of this computer

Flash
  --fresh              a new flash from the tree (the flash is kept from run to run otherwise)
  --sync               bring changed files of the tree into the kept flash
  --flash FILE         the flash image (default: .sim/flash-BOARD.img)
  --flash-size SIZE    size of a new flash (default: the board's)
  --image KIND         source, mpy (lib and bin compiled), packed or romfs (in place); default: as kept, or the board's
  --profile NAME       full, small or minimal; default: as kept, or the largest that leaves 80 kB of the flash
  --packages NAME,...  packages of opt/ on a new flash, as if `pkg` had installed them; all: every one
  --cut-power-at N[:torn]   the power fails at the N-th write or erase; torn: half of it is done. Ends with 99
  --reset-dead S       -c: press reset where the interpreter crashes or has not ended after S seconds, 8 times at most
  --count-writes       print the number of writes and erases on stderr at the end
  --no-boot            only make or update the flash
  --tree DIR           take the system's files from DIR instead of this repository

Board
  --board NAME         the board to be, with its heap, stack and flash (default: pico2-w; sim: all devices, no chip's)
  --heap SIZE          MicroPython's heap (default: the board's, 1.44 times, since objects are larger here)
  --stack KIND         rp2, esp32 or host: as many nested calls as that chip's stack has (default: the board's)
  --recovery           boot into recovery: no user code
  --quiet-boot         no banner
  --control HOST:PORT  open the control channel of the simulated devices (docs/simulator.md)
  --set PATH=VALUE     what the simulated devices find at first, JSON or text (may be repeated)

Session
  --pty                the console is a pseudo terminal; its path is printed
  --cwd DIR            working directory on the board
  --env NAME=VALUE     set a variable (may be repeated)
  --mount HOSTDIR:DIR  a directory of this computer, visible on the board (may be repeated)
  --port-offset N      added to every port that a service listens on (default: 8000)

At the console, Ctrl-] and then q is the power switch, r the reset button, Ctrl-] itself sends that key.
"""

IMAGES = ("source", "mpy", "packed", "romfs")
PROFILES = ("full", "small", "minimal")  # remote.profiles.NAMES

STACKS = {"rp2": 8192, "esp32": 16384, "host": None}  # bytes of C stack

FLAGS = ("fresh", "sync", "recovery", "quiet_boot", "pty", "count_writes", "no_boot")
VALUES = (
    "flash",
    "flash_size",
    "image",
    "profile",
    "packages",
    "cut_power_at",
    "reset_dead",
    "tree",
    "board",
    "heap",
    "stack",
    "control",
    "cwd",
    "port_offset",
)
LISTS = ("env", "mount", "set")
UNITS = {"k": 1024, "K": 1024, "m": 1024 * 1024, "M": 1024 * 1024}


class Usage(Exception):
    """A command line that makes no sense; the text says why."""


class Options:
    """What the user asked for."""

    def __init__(self):
        self.fresh = self.sync = self.recovery = self.quiet_boot = self.pty = False
        self.count_writes = self.no_boot = False
        self.flash = self.control = self.cwd = self.tree = None
        self.board = budgets.DEFAULT
        # None: what the board has.
        self.flash_size = self.heap = self.image = self.stack = self.profile = None
        self.packages = None  # on a new flash
        self.flash_size_given = self.image_given = False
        self.thread = 0  # bytes of the stack of the thread that the board runs in; 0: it runs in none
        self.camera = False  # whether the board has one
        self.port_offset = 8000
        self.cut_at = 0
        self.reset_dead = 0
        self.torn = False
        self.cut_power_at = None
        self.env = []
        self.mount = []
        self.set = []
        self.command = None  # -c
        self.script = None  # the script and its arguments, as a list

    @property
    def console(self):
        """Whether a person or a tool sits at a console, rather than a command or a script being run."""
        return self.command is None and self.script is None

    def kernel_arguments(self):
        """The command line of the simulated kernel."""
        args = []
        if self.recovery:
            args.append("-r")
        if self.quiet_boot or not self.console:
            args.append("-q")
        board = None if self.board == budgets.PLAIN else self.board
        for option, value in (("--board", board), ("--cwd", self.cwd), ("--port-offset", self.port_offset)):
            if value is not None:
                args += [option, str(value)]
        for setting in self.env:
            args += ["--env", setting]
        if self.command is not None:
            args += ["-c", self.command]
        if self.script:
            args += ["-f", "/.host/" + os.path.basename(self.script[0]), *self.script[1:]]
        return args


def parse(argv):
    """The options of a command line; Usage if it is invalid. --help ends the process."""
    options = Options()
    words = list(argv)
    while words:
        word = words.pop(0)
        if word == "-c":
            if not words:
                raise Usage("-c: commands expected")
            options.command = words.pop(0)
        elif options.command is not None and not word.startswith("--"):
            raise Usage("%s: only options may follow -c COMMANDS" % word)
        elif word in ("-h", "--help"):
            sys.stdout.write(USAGE)
            sys.exit(0)
        elif word.startswith("--"):
            _long_option(options, word, words)
        elif word.startswith("-"):
            raise Usage("%s: no such option" % word)
        else:
            options.script = [word, *words]
            break
    _check(options)
    return options


def _long_option(options, word, words):
    name, equals, value = word[2:].partition("=")
    name = name.replace("-", "_")
    if name in FLAGS and not equals:
        setattr(options, name, True)
        return
    if name not in VALUES and name not in LISTS:
        raise Usage("%s: no such option" % word)
    if not equals:
        if not words:
            raise Usage("%s: a value is expected" % word)
        value = words.pop(0)
    if name in LISTS:
        getattr(options, name).append(value)
    else:
        setattr(options, name, value)


def _check(options):
    """Convert the texts to values, and refuse invalid ones."""
    _check_board(options)
    options.packages = options.packages.split(",") if options.packages else []
    options.port_offset = _number("--port-offset", options.port_offset)
    options.reset_dead = _number("--reset-dead", options.reset_dead)
    if options.cut_power_at is not None:
        number, colon, how = options.cut_power_at.partition(":")
        options.cut_at = _number("--cut-power-at", number)
        options.torn = bool(colon)
        if options.cut_at < 1 or (colon and how != "torn"):
            raise Usage("--cut-power-at: %s: N or N:torn expected" % options.cut_power_at)
    for setting in options.env:
        if setting.find("=") < 1:
            raise Usage("--env: %s: NAME=VALUE expected" % setting)
    options.mount = [_mount(text) for text in options.mount]
    options.set = [_setting(text) for text in options.set]
    _check_control(options.control)
    if options.script:
        path = os.path.abspath(options.script[0])
        if not os.path.isfile(path):
            raise Usage("%s: no such file" % options.script[0])
        options.script[0] = path
        options.mount.append([os.path.dirname(path), "/.host"])
    if options.pty and not options.console:
        raise Usage("--pty is for the console, not for commands or a script")


def _check_board(options):
    """A board is known by its file in etc/boards, which says what it has; the options say what differs."""
    known = budgets.names(options.tree)
    if options.board not in known:
        raise Usage("--board: %s: no such board (%s)" % (options.board, ", ".join(known)))
    if options.image is not None and options.image not in IMAGES:
        raise Usage("--image: %s: one of %s expected" % (options.image, ", ".join(IMAGES)))
    if options.profile is not None and options.profile not in PROFILES:
        raise Usage("--profile: %s: one of %s expected" % (options.profile, ", ".join(PROFILES)))
    if options.stack is not None and options.stack not in STACKS:
        raise Usage("--stack: %s: one of %s expected" % (options.stack, ", ".join(STACKS)))
    budget = budgets.read(options.board, options.tree)
    if options.stack is not None:
        budget = budget._replace(stack=STACKS[options.stack])
    options.thread = budget.simulated_stack()
    options.devices = not options.heap
    options.camera = budget.camera or options.board == budgets.PLAIN
    options.heap = _size("--heap", options.heap or budget.simulated_heap())
    options.flash_size_given = options.flash_size is not None
    options.flash_size = _size("--flash-size", options.flash_size or budget.flash)
    options.image_given = options.image is not None
    options.image = options.image or budget.image


def _number(option, text):
    try:
        return int(text)
    except ValueError:
        raise Usage("%s: %s: a number is expected" % (option, text)) from None


def _size(option, text):
    if isinstance(text, int):
        return text
    unit = UNITS.get(text[-1:], 1)
    size = _number(option, text if unit == 1 else text[:-1]) * unit
    if size <= 0:
        raise Usage("%s: %s: too small" % (option, text))
    return size


def _mount(text):
    host, colon, point = text.rpartition(":")
    if not colon or not host or not point.startswith("/") or point == "/":
        raise Usage("--mount: %s: HOSTDIR:/DIR expected" % text)
    host = os.path.abspath(host)
    if not os.path.isdir(host):
        raise Usage("--mount: %s: no such directory" % host)
    return [host, point.rstrip("/")]


def _setting(text):
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise Usage("--set: %s: PATH=VALUE expected" % text)
    from json import loads

    try:
        return path, loads(value)
    except ValueError:
        return path, value


def _check_control(address):
    if address is None:
        return
    host, _, port = address.rpartition(":")
    if not host or not (port.isdigit() and 0 < int(port) < 65536):
        raise Usage("--control: %s: HOST:PORT expected (the board cannot listen at a path)" % address)
