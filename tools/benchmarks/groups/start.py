"""The start of a program: found, loaded, run and ended, as a line of a script that prints to the console.

cached    the same program has just run; the line is read and parsed
in a loop the same, with the line parsed before: what a loop or a function pays
cold      the program is not in memory and its path is not cached; its libraries are loaded.
          Many in a row, as cached, less the cost of evicting a program
first     nothing of it is in memory, as after the boot

Names are typed as a user does and found along PATH; pwd and echo are disabled as built-ins meanwhile.
"""

from benchmarks import reference, rounds
from benchmarks.table import Row

IMAGES = ("source", "mpy", "packed", "romfs")
COMMANDS = 20  # lines in a row, for what takes little
FORGET = "forget"  # the command that clock.py adds
CALLS = 5  # of a function with so many lines
PROGRAMS = {"pwd": "pwd", "echo": "echo hi", "ps": "ps", "ls": "ls /"}
BUILTINS = {"pwd": "pwd", "echo": "echo hi"}


def measure(simulator, quick):
    """Rows for each kind of image."""
    for image in IMAGES:
        found = rounds.measure(simulator, script(image, 3 if quick else 15), image=image)
        forget = found.pop(FORGET)
        for key, value in found.items():
            kind, name = key.split(":")
            if kind == "cold":
                value -= forget
            yield row(kind.replace("_", " "), name, image, value)


def script(image, count):
    """All measurements of one image, in turn, so often."""
    round_ = rounds.empty()
    round_ += f"> clock.begin_programs({list(BUILTINS)})\n"
    round_ += rounds.timed(FORGET, f"{FORGET}\n" * COMMANDS, COMMANDS)
    for name, line in PROGRAMS.items():
        round_ += "> clock.cold()\n" + rounds.timed("first:" + name, line)
        round_ += rounds.timed("cold:" + name, f"{FORGET}\n{line}\n" * COMMANDS, COMMANDS)
        round_ += rounds.timed("cached:" + name, "\n".join([line] * COMMANDS), COMMANDS)
    text, programs = in_a_loop("cached", PROGRAMS) if image == "source" else ("", "")
    round_ += programs + "> clock.end_programs()\n"
    for name, line in BUILTINS.items():
        round_ += rounds.timed("built-in:" + name, "\n".join([line] * COMMANDS), COMMANDS)
    if image == "source":  # what has been parsed is the same from all images
        more, builtins = in_a_loop("built-in", BUILTINS)
        text += more
        round_ += builtins
    return text + round_ * count


def in_a_loop(kind, lines):
    """Functions of so many of each of these lines, and the calls that take their time."""
    text = calls = ""
    for name, line in lines.items():
        function = f"{kind}_{name}".replace("-", "")
        text += f"{function}() {{\n" + f"{line}\n" * COMMANDS + "}\n"
        calls += rounds.timed(f"{kind}_in_a_loop:{name}", "\n".join([function] * CALLS), COMMANDS * CALLS)
    return text, calls


def row(kind, name, image, value):
    old = reference.UPYOS_START[name]
    part = None
    if kind.startswith("built-in"):
        part = reference.BUILTIN
    elif kind.startswith("cached"):
        part = reference.LS if name == "ls" else reference.CACHED
    elif image == "mpy" and name != "ls":
        part = reference.COLD_COMPILED
    return Row(f"{image}: {name} {kind}", value, "CAL", old, part and old * part)
