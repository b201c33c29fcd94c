"""Programs for files and text: their time on the flash, and the memory of one that runs.

The memory is what is in use while a program from ROMFS waits for its input, more than with `sleep` in its place.
"""

from benchmarks import reference, rounds
from benchmarks.simulation import BOARD
from benchmarks.table import Row

SIZE = 100 * 1000
LINES = 2000

# Name: (command line, what upyOS takes in CAL or None).
TIMED = {
    "ls -l /bin": ("ls -l /bin", None),
    "cat, 100 KB": ("cat /tmp/text", None),
    "wc, 100 KB": ("wc /tmp/text", None),
    "find /bin /lib": ("find /bin /lib -name '*.sh'", None),
    f"sort, {LINES} lines": ("sort /tmp/lines", None),
    f"sort -n, {LINES} lines": ("sort -n /tmp/lines", None),
    "sed s///, 100 KB": ("sed s/fox/cat/ /tmp/text", None),
    "awk, 100 KB": ("awk '{ n += NF } END { print n }' /tmp/text", None),
    "cut -d, 100 KB": ("cut -d ' ' -f 3 /tmp/text", None),
    "grep, 100 KB": ("grep needle /tmp/text", reference.UPYOS_GREP),
    "tar c, 100 KB": ("tar cf /tmp/out.tar /tmp/text", None),
}
WAITING = ("cat", "wc", "tr a b", "grep x", "sort", "sed s/a/b/", "awk 1", "cut -c 1", "gzip", "tar x", "less", "jq .")


def measure(simulator, quick):
    script = f'> clock.write_file("/tmp/text", {SIZE})\nseq 1 7 {7 * LINES} | rev > /tmp/lines\n'
    for _ in range(2 if quick else 9):
        script += rounds.empty()
        for i, (command, _) in enumerate(TIMED.values()):
            command += " > /dev/null"
            script += f"{command}\n" + rounds.timed(str(i), command)  # the first makes it a cached one
    found = rounds.measure(simulator, script, heap="1M")
    for i, (name, (_, old)) in enumerate(TIMED.items()):
        yield Row(name, found[str(i)], "CAL", old)
    script = ""
    for command in WAITING:  # names that have been loaded stay, so each is run before
        script += waiting("warm", command) + waiting("base", "sleep 99") + waiting("used", command)
    found = simulator.measure(script, image="romfs", heap="1M")
    for i, command in enumerate(WAITING):
        base, used = [int(value) for _, value in found[3 * i + 1 : 3 * i + 3]]
        yield Row(f"memory of {command.split()[0]} that runs", (used - base) / 1024, "kB", note="more than sleep")


def waiting(name, command):
    """Script lines that print the bytes in use while a command waits for its input."""
    line = f"sleep 99 | {command} > /dev/null 2>&1 &\nsleep .1\n"
    return f'{line}echo "@ {name} $({BOARD}/in_use)"\nkill %%\nwait\n'
