"""C stack in use, in bytes of the 64-bit host: micropython.stack_use().

The board runs in a thread with the stack of --stack rp2, as in the tests. What its main.py begins with is shown as well:
all else is Diatom's. A chip's frames are 0.6 times as large.
"""

from benchmarks import reference
from benchmarks.simulation import BOARD
from benchmarks.table import Row

STACK = "rp2"
ROOM = {"stack": "esp32", "heap": "2M"}  # what the probes around the shell's functions need; both stacks begin alike

BARE = "import micropython; print('@', micropython.stack_use())\n"

# Where programs begin: each line runs PROGRAM NAME.
ENTRIES = """\
PROGRAM line
if true; then for i in 1; do PROGRAM nested; done; fi
PROGRAM pipeline | cat
echo "$(PROGRAM substitution)"
(PROGRAM subshell)
f() { PROGRAM function; }; f
echo 'PROGRAM script' > /tmp/s.sh; /tmp/s.sh
sh -c 'PROGRAM sh'
PROGRAM redirected > /tmp/out; cat /tmp/out
PROGRAM background & wait
"""

SHELL = """\
f() { local x=$1; if [ $x -gt 0 ]; then f $((x - 1)); fi; }
f 5
for i in a b c; do case $i in a|b) echo "${i:-x} ${i#a} $(echo $(echo "deep $i"))";; *) : ;; esac; done >/dev/null
x=1; while [ $x -le 2 ]; do { ( if true; then x=2; echo "$((x * (3 + $x)))" | cat | cat; fi ) }; x=$((x + 1)); done >/dev/null
cat <<END | grep h | wc -l >/dev/null
here $x ${x:+"$(pwd)"}
END
a=0
:again
incr a
if $a < 3 goto again
if $a == 3 echo /*/init* ~ {a,b}{1,2} > /dev/null 2>&1
eval 'echo "$a" `pwd`' >/dev/null; set -- 1 2 3; shift; read line < /etc/init.sh; test -f /etc/init.sh && ! false || true
"""
SCOPES = 40
NESTED = "if true; then { ( " * SCOPES + "echo $(echo $((1 + (2 * (3))))) >/dev/null" + " ) } fi" * SCOPES + "\n"


def measure(simulator, quick):
    entries = simulator.measure(entry_script(), stack=STACK)
    most = max(int(used) for _, used in entries)
    where = {way for way, used in entries if int(used) == most}
    ways = {way for way, _ in entries}
    note = f"in all {len(ways)} ways of starting it" if where == ways else "started as " + ", ".join(sorted(where))
    yield Row("program entry", most, "bytes", limit=reference.STACK_ENTRY, note=note)
    bare = simulator.measure("", stack=STACK, tree=simulator.bare_tree(BARE))
    yield Row("entry of main.py", int(bare[0][0]), "bytes", note="part of all others: the simulated board")
    for room, used, name in simulator.measure(shell_script(), **ROOM):
        yield Row(f"in the {room}", int(used), "bytes", note=f"deepest in {name}")


def entry_script():
    """Programs of both kinds, started in every way."""
    return "".join(ENTRIES.replace("PROGRAM", f"{BOARD}/entry_{kind}") for kind in ("plain", "async"))


def shell_script():
    """All of the shell's constructs, with the probes in, and many of them inside each other."""
    head = f'> import sys; sys.path.append("{BOARD}"); import deepest; deepest.install()\n'
    return head + SHELL + NESTED + "> deepest.report()\n"
