"""The start of a program: found, loaded, run and ended, as a line of a script that prints to the console.

cached    the same program has just run; the line is read and parsed
in a loop the same, with the line parsed before: what a loop or a function pays
cold      the program is not in memory and where it is is not known; the libraries that it uses are there
first     nothing of it is in memory, as after the boot
"""

from benchmarks import reference, rounds
from benchmarks.table import Row

IMAGES = ("source", "mpy", "packed", "romfs")
COMMANDS = 20  # lines in a row, for what takes little
CALLS = 5  # of a function with so many lines
PROGRAMS = {"pwd": "/bin/pwd", "echo": "/bin/echo hi", "ps": "/bin/ps", "ls": "ls /"}
BUILTINS = {"pwd": "pwd", "echo": "echo hi"}
AS_ROM = "/rom"  # where bin/ is in packs and in a ROMFS image


def measure(simulator, quick):
    """Rows for each kind of image."""
    for image in IMAGES:
        found = rounds.measure(simulator, script(image, 3 if quick else 15), image=image)
        for key, value in found.items():
            kind, name = key.split(":")
            yield row(kind.replace("_", " "), name, image, value)


def script(image, count):
    """All measurements of one image, in turn, so often."""
    names = {}
    for name, line in PROGRAMS.items():
        names[name] = AS_ROM + line if image in ("packed", "romfs") and line[0] == "/" else line
    text = round_ = rounds.empty()
    for name, line in names.items():
        round_ += "> clock.cold()\n" + rounds.timed("first:" + name, line)
        round_ += "> clock.cold(True)\n" + rounds.timed("cold:" + name, line)
        round_ += rounds.timed("cached:" + name, "\n".join([line] * COMMANDS), COMMANDS)
    for name, line in BUILTINS.items():
        round_ += rounds.timed("built-in:" + name, "\n".join([line] * COMMANDS), COMMANDS)
    if image == "source":  # what has been parsed is the same from all images
        for kind, lines in (("cached", names), ("built-in", BUILTINS)):
            for name, line in lines.items():
                function = f"{kind}_{name}".replace("-", "")
                text += f"{function}() {{\n" + f"{line}\n" * COMMANDS + "}\n"
                calls = "\n".join([function] * CALLS)
                round_ += rounds.timed(f"{kind}_in_a_loop:{name}", calls, COMMANDS * CALLS)
    return text + round_ * count


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
