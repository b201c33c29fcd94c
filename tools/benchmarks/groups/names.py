"""Names that MicroPython keeps for ever: in the files of compiled images, and what a session of 205 commands brings.

The table of names takes 18 kB more on a board with the 2,540th dynamic one. What the simulated board and its interpreter have
before Diatom starts is no part of the figures; a name that the firmware has already is counted in the first two only.
"""

import re

from benchmarks.simulation import HERE, BenchError
from benchmarks.table import Row
from release import contents
from simulator.mpyfile import File

SESSION = HERE / "board" / "session.sh"
IMAGES = ("mpy", "packed", "romfs")
QUICK = 20  # commands
HEAP = "2M"  # names are the same with any, and nothing fails
ASK = "python -c 'import micropython; micropython.qstr_info()'"
BARE = "import micropython\nmicropython.qstr_info()\n"


def measure(simulator, quick):
    tree = str(simulator.tree)
    for name, debug in (("all compiled files", False), ("the same with the names of the sources", True)):
        yield Row(name, static(tree, debug), "names")
    bare = dynamic(simulator.run("", tree=simulator.bare_tree(BARE))[0])
    lines = SESSION.read_text().splitlines()[: QUICK if quick else None]
    for image in IMAGES:
        script = "\n".join([*lines, ASK])
        count = dynamic(simulator.run(script, image=image, heap=HEAP)[0]) - bare
        limit = 2540 if image != "mpy" and not quick else None
        yield Row(f"after {len(lines)} commands, {image}", count, "names", limit=limit)


def static(tree, debug):
    """How many different names the .mpy files of an image bring."""
    found = set()
    for item in contents.read(tree, "mpy", debug=debug):
        if item.path.endswith(".mpy"):
            found.update(File(item.data).texts())
    return len(found)


def dynamic(output):
    found = re.findall(r"n_qstr=(\d+)", output)
    if not found:
        raise BenchError("micropython.qstr_info() says nothing")
    return int(found[-1])
