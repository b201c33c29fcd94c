"""Memory: what programs have loaded is evicted, and nothing that runs or holds state is harmed."""

import ast

import pytest
from harness import ROOT

# None of these needs a device, which would bring the simulator's own modules.
PROGRAMS = (
    "apropos awk cksum crontab curl date dd diff du egrep expr file find gunzip id jq less ls man mount netstat "
    "od passwd pgrep pkg printf sed service sort stat tar test tr vi xargs"
).split()
RUNS = "".join([f"{name} --help > /dev/null || exit\n" for name in PROGRAMS])

# What these modules remember can be found out again, or does not matter.
CACHES = (
    "base.attributes base.board base.zones net.mqttc services.ftp.data services.ftp.transfer services.http.session services.micros.responder"
    " sort.external"
).split()


def loaded(result):
    assert result.stderr == ""
    return {name for name in result.stdout.split() if not name.startswith("sim")}


@pytest.mark.slow
@pytest.mark.parametrize("image", ["source", "mpy", "romfs"])
def test_after_many_programs_nothing_of_them_is_loaded(sim, image):
    show = "python -c 'import sys; from process import memory; memory.evict(True, False); print(*sys.modules)'\n"
    packages = {"archive", "net", "services"}
    assert loaded(sim(RUNS + show, image=image)) - packages == loaded(sim(show, image=image)) - packages


@pytest.mark.slow
@pytest.mark.parametrize("image", ["mpy", "romfs"])
def test_memory_comes_back_while_a_script_runs(sim, image):
    result = sim(RUNS + "echo all of them", heap="256k", image=image)
    assert (result.stdout, result.stderr) == ("all of them\n", "")


@pytest.mark.parametrize(
    "last, expected",
    [
        ("""awk 'function f(x) { return x * 2 } { gsub(/o+/, "0"); s = f($1) } END { print s, $2 }'""", "200 f0\n"),
        ("sed -E '$!d; s/(foo) (bar)/\\2 \\1/'", "100 bar foo\n"),
        (
            "head -n 1 | wc -w; echo '[{\"a\": 1}, {\"a\": 2}]' | tr b b | jq -c '.[] | select(.a > 1) | {x: .a}'",
            '3\n{"x":2}\n',
        ),
        ("tr a-z A-Z | tail -n 1", "100 FOO BAR\n"),
        ("diff - f", ""),
        ("grep -cE '(foo|baz) b.r$'", "100\n"),
    ],
    ids=["awk", "sed", "jq", "tr", "diff", "grep"],
)
def test_large_programs_end_a_pipeline_beside_a_service_also_from_source(sim, last, expected):
    result = sim(f"service start crond; seq 100 | sed 's/$/ foo bar/' > f; cat f | tr a-z a-z | {last}", heap="320k")
    assert (result.stdout, result.stderr) == (expected, "")


def test_what_a_running_program_has_stays(sim):
    script = "tail -f /etc/motd > /dev/null & sleep 0.1\npython -c 'from process import memory; memory.evict()'\nlsmod\nkill %1"
    assert {"program", "text.ends"} <= set(sim(script).stdout.split())


def test_what_a_service_has_stays(sim):
    script = (
        "service start crond\npython -c 'from process import memory; memory.evict(True)'\nlsmod; service status crond"
    )
    result = sim(script)
    assert {"services.supervisor", "services.cron", "base.log"} <= set(result.stdout.split())
    assert "crond: running" in result.stdout


def test_what_requests_and_commands_load_goes_while_the_services_run(sim):
    names = "services.ftp.listing services.http.api services.http.system"
    script = (
        "service start httpd; service start ftpd\n"
        f"python -c 'import {names.replace(' ', ', ')}; from process import memory; memory.evict(True)'\nlsmod"
    )
    result = sim(script)
    assert not set(names.split()) & set(result.stdout.split())
    assert {"services.http.server", "services.supervisor"} <= set(result.stdout.split())


def test_every_module_that_can_be_evicted_and_has_state_is_known():
    """Whoever writes `global` in such a module says in lib/kernel/eviction.py when that matters."""
    values = {}
    for node in ast.parse((ROOT / "lib/kernel/eviction.py").read_text()).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Constant, ast.Tuple)):
            values[node.targets[0].id] = ast.literal_eval(node.value)
    known = {state.partition(":")[0] for state in values["_STATE"].split()}
    for path in sorted((ROOT / "lib").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT / "lib").with_suffix("").parts)
        if name not in values["_LIBRARIES"].split() and not name.startswith(values["_TEXT"] + values["_PACKAGES"]):
            continue
        keeps = any(isinstance(node, ast.Global) for node in ast.walk(ast.parse(path.read_text())))
        assert not keeps or name in known or name in CACHES, name + " keeps state"


def test_every_package_can_be_evicted_or_is_of_the_floors_that_stay():
    tree = ast.parse((ROOT / "lib/kernel/eviction.py").read_text())
    tuples = [node for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple)]
    evicted = {node.targets[0].id: ast.literal_eval(node.value) for node in tuples}
    packages = {path.relative_to(ROOT / "lib").parts[0] for path in (ROOT / "lib").glob("*/*.py")}
    assert {name + "." for name in packages - {"process", "shell", "kernel"}} == {
        *evicted["_TEXT"],
        *evicted["_PACKAGES"],
    }


IMPORTS = """\
import gc
from base.modules import unload
from process import memory

def __main__(args):
    unload("text.ends")
    unload("text")
    memory.evict(True)  # else an import that lacks memory finds some there
    gc.collect()
    hog = None
    try:
        while True:
            hog = [hog]
    except MemoryError:
        pass
    for _ in range(int(args[1])):
        hog = hog and hog[0]
    try:
        if args[0] == "name":
            import text.ends
        else:
            from text import ends
    finally:  # link by link: the collector takes a word left on the C stack for a reference to the whole of it
        while hog:
            last = hog
            hog = hog[0]
            last[0] = None
"""


@pytest.mark.parametrize("how, image", [("name", "mpy"), ("from", "mpy"), ("name", "packed"), ("from", "packed")])
def test_an_import_without_memory_says_so_and_is_forgotten(sim, how, image):
    """Never that the module is missing, which is there (from a pack that needs stat() to find memory). And MicroPython has entered the module's name by then: with no value, which whoever imports it next would get."""
    script = f"""\
cat > /tmp/f.py <<'END'
{IMPORTS}END
failed=0
for room in $(seq 0 9 270) 9999; do
    /tmp/f {how} $room 2>> /tmp/why || failed=$((failed + 1))
    lsmod > /dev/null || echo not seen after $room
    printf 'b\\na\\n' | sort | head -n 1 | grep -q a || echo does not run after $room
done
[ $failed -gt 5 ] && echo failed
grep -v 'out of memory' /tmp/why
python -c 'import text.ends; print(type(text.ends))'
"""
    result = sim(script, image=image)
    assert (result.stdout, result.stderr) == ("failed\n<class 'module'>\n", "")


CROWDED = """
import gc
from process import memory

def __main__(args):
    held = [None] * 4000
    gc.collect()
    large = fill(held, 1024, fill(held, 8192, 0))
    small = fill(held, 480, large)
    for i in range(large, small, 2):
        held[i] = None
    gc.collect()
    crowded = not memory.has_piece(1000)
    memory.evict(True)
    held.clear()
    print(crowded)

def fill(held, size, at):
    try:
        while True:
            held[at] = bytearray(size)
            at += 1
    except MemoryError:
        return at
"""


def test_eviction_needs_no_long_piece(sim):
    """Its list of all modules took one of a kilobyte: a heap in small pieces could not be evicted at all."""
    modules = " ".join(f"echo 'x = {n}' > /lib/crumb{n}.py;" for n in range(80))
    load = "python -c 'import " + ", ".join(f"crumb{n}" for n in range(80)) + "'"
    result = sim(f"{modules} {load}; cat > /tmp/p.py <<'END'\n{CROWDED}END\n/tmp/p")
    assert (result.stdout, result.stderr) == ("True\n", "")


def test_the_tasks_of_ended_processes_do_not_keep_each_other(sim):
    """Each ended task kept the one before it by a pointer of the event loop's heap: two blocks for a process of an hour."""
    script = (
        "cat > /tmp/used.py <<'end'\nimport gc\ndef __main__(args):\n    gc.collect()\n    print(gc.mem_alloc())\nend\n"
        "> import simulator; simulator.set('time.skip', True)\n"
        "service start crond; while true; do date | cat > /tmp/x; sleep 30; done &\n"
        "for i in 1 2 3 4 5 6 7 8; do sleep 3600; /tmp/used; done"
    )
    result = sim(script, set="time.skip=false")
    used = [int(line) for line in result.stdout.split()]
    assert len(used) == 8 and result.stderr == ""
    assert min(used[5:]) - min(used[1:5]) < 1000  # the first hour loads what stays
