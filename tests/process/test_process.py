"""Processes: exit statuses, separate instances, plain and asynchronous functions, threads, signals, pipes."""

import pytest

from process.programs import program


def run(body):
    return program("p", "import asyncio, sys, time, utils_missing" if body is None else body)


@pytest.mark.parametrize(
    "body, status, stderr",
    [
        ("def __main__(args):\n    pass", 0, ""),
        ("def __main__(args):\n    return 5", 5, ""),
        ("async def __main__(args):\n    return 6", 6, ""),
        ("import sys\ndef __main__(args):\n    sys.exit(7)", 7, ""),
        ("import sys\nasync def __main__(args):\n    sys.exit('a reason')", 1, "p: a reason\n"),
        ("def __main__(args):\n    raise KeyboardInterrupt", 130, ""),
        ("def __main__(args):\n    open('/nothing')", 1, "p: No such file or directory\n"),
        ("def __main__(args):\n    1 / 0", 1, "p: ZeroDivisionError: divide by zero\n"),
        ("import nothing_there\ndef __main__(args):\n    pass", 1, "p: ImportError: no module named 'nothing_there'\n"),
        ("x = 1", 1, "p: ImportError: no __main__(args) in /tmp/p.py\n"),
        ("def f():\n    f()\ndef __main__(args):\n    f()", 1, "p: recursion too deep\n"),
        ("def __main__(args):\n    x = []\n    while True:\n        x.append(bytes(4000))", 1, "p: out of memory\n"),
        ("def __main__(args):\n    this is no Python", 1, "p: SyntaxError: invalid syntax\n"),
    ],
)
def test_the_end_of_a_program_is_its_status(sim, body, status, stderr):
    result = sim(program("p", body) + "/tmp/p; echo $?; echo shell lives")
    assert (result.stdout, result.stderr) == (f"{status}\nshell lives\n", stderr)


def test_a_process_that_has_ended_holds_nothing_of_its_shell(sim):
    """A deleted attribute leaves its value in the object's table; whether another takes its place depends on the names."""
    body = """import gc
from process import cpu, process as processes

class Shell:
    pass

def freed(names):
    process = processes.Process("x", ["a"], cpu.current)
    for name in names:
        setattr(process, name, 0)
    process.shell = Shell()
    process.shell.data = bytearray(50000)
    gc.collect()
    before = gc.mem_alloc()
    process.end(0)
    gc.collect()
    processes.table.pop(process.pid)
    return before - gc.mem_alloc()

def __main__(args):
    for names in ("", "time", "memory", "time memory", "time signal", "time memory trap raw value"):
        print(freed(names.split()) >= 50000)
"""
    assert sim(program("p", body) + "/tmp/p").stdout == "True\n" * 6


@pytest.mark.parametrize("what, status", [("sys.exit(7)", 7), ("raise KeyboardInterrupt", 130)])
def test_a_task_that_ends_the_program_ends_nothing_else(sim, what, status):
    body = (
        "import asyncio, sys\nasync def task():\n    " + what + "\n"
        "async def __main__(args):\n    asyncio.create_task(task())\n    await asyncio.sleep(20)\n"
    )
    result = sim(program("p", body) + "/tmp/p; echo $?; echo shell lives")
    assert (result.stdout, result.stderr) == (f"{status}\nshell lives\n", "")


def test_a_program_with_tasks_can_be_killed(sim):
    body = (
        "import asyncio\nasync def task():\n    await asyncio.sleep(20)\n"
        "async def __main__(args):\n    asyncio.create_task(task())\n    print('up')\n"
        "    await asyncio.wait_for(task(), 20)\n"
    )
    script = "/tmp/p > /tmp/o & until grep -q up /tmp/o; do sleep .02; done; kill -9 $!; wait $!; echo $?; pidof p; echo alive"
    result = sim(program("p", body) + script)
    assert (result.stdout, result.stderr) == ("137\nalive\n", "")


@pytest.mark.parametrize("begun", [False, True])
def test_a_process_that_is_cancelled_ends_also_before_it_begins(sim, begun):
    body = (
        "import asyncio\nfrom process import process as processes\nproc = None\nasync def __main__(args):\n"
        "    child = processes.spawn('sleep', ['20'], proc, '/bin/sleep.mpy')\n"
        f"    await asyncio.sleep({'.3' if begun else '0'})\n"
        "    print(child.main is None)\n    child.cancel()\n    print(await child.wait())\n"
    )
    if not begun:
        body = body.replace("    await asyncio.sleep(0)\n", "")
    result = sim(program("p", body) + "/tmp/p; pidof sleep; echo alive")
    assert (result.stdout, result.stderr) == (f"{begun}\n143\nalive\n", "")


def test_the_end_of_a_process_allocates_nothing(sim):
    """Whatever attributes it has acquired: otherwise those that wait for it would wait for ever."""
    body = """import asyncio, micropython
from process.process import Process
proc = None
NAMES = "exited", "time", "memory", "value", "signal", "rooms", "raw", "failed"
async def __main__(args):
    for first in range(len(NAMES)):
        for last in range(first, len(NAMES) + 1):
            process = Process("x", [], proc)
            process.main = len
            process.task = True
            del process.main
            for name in NAMES[first:last]:
                setattr(process, name, asyncio.Event() if name == "exited" else 1)
            micropython.heap_lock()
            try:
                process.end(1)
            except MemoryError:
                pass
            micropython.heap_unlock()
            if process.status != 1 or process.sts != "S" or process.closed != 3:
                print(NAMES[first:last])
            await process.wait()
    print("ended")
"""
    result = sim(program("p", body) + "/tmp/p")
    assert (result.stdout, result.stderr) == ("ended\n", "")


def test_two_runs_share_no_globals(sim):
    body = (
        "import asyncio\nproc = None\nn = 0\n"
        "async def __main__(args):\n    global n\n    for i in range(3):\n        n += 1\n"
        "        await asyncio.sleep_ms(10)\n    print(args[0], n, proc.args[0])"
    )
    result = sim(program("p", body) + "/tmp/p a & /tmp/p b; wait; /tmp/p c")
    assert sorted(result.stdout.split("\n")) == ["", "a 3 a", "b 3 b", "c 3 c"]


def test_a_changed_file_is_loaded_again(sim):
    one, two = (program("p", f"def __main__(args):\n    print('{word}')") for word in ("one", "two!"))
    assert sim(one + "/tmp/p; /tmp/p\n" + two + "/tmp/p").stdout == "one\none\ntwo!\n"


def test_a_changed_compiled_file_is_loaded_again(sim):
    result = sim("uname; cp /bin/pwd.mpy /tmp/p; mv /tmp/p /bin/uname.mpy; cd /tmp; uname; uname", image="mpy")
    assert result.stdout == "Diatom\n/tmp\n/tmp\n"


def test_a_program_that_is_found_and_not_run_leaves_nothing_open(sim):
    result = sim(
        "cd /tmp; uname & rm /bin/uname.mpy; wait; command -v ps; /bin/nosuch; ls /bin/uname*; uname", image="mpy"
    )
    assert (result.stdout.splitlines()[-1], result.status) == ("/bin/ps", 127)


@pytest.mark.parametrize(
    "first, threads",
    [("import os, sys, time\nfrom base.errors import Failure\n", 2), ("from program import options\n", 1)],
    ids=["any", "system"],
)
def test_a_program_of_the_system_gets_no_thread(sim, first, threads):
    """It reads files and imports, which must not happen beside the loop."""
    body = first + "import _thread\ndef __main__(args):\n    print(_thread.get_ident())"
    result = sim(program("p", body) + "/tmp/p; /tmp/p & wait")
    assert (len(set(result.stdout.split())), result.stderr) == (threads, "")


def test_what_a_thread_imports_is_loaded_by_the_loop(sim):
    """Neither the table of modules nor the file system has a lock."""
    module = "import _thread\nident = _thread.get_ident()"
    body = "import _thread\ndef __main__(args):\n    import late\n    print(_thread.get_ident() == late.ident)"
    result = sim(program("late", module) + program("p", body) + "cd /tmp; cp late.py /libx; ./p & wait")
    assert (result.stdout, result.stderr) == ("False\n", "")


def test_a_list_that_a_run_changed_is_new_in_the_next(sim):
    body = "seen = []\ndef __main__(args):\n    seen.append(1)\n    print(len(seen))"
    assert sim(program("p", body) + "/tmp/p; /tmp/p; /tmp/p").stdout == "1\n1\n1\n"


def test_print_and_input_mean_the_streams_of_the_process(sim):
    body = "def __main__(args):\n    name = input('Name: ')\n    print('Hello', name, sep=', ', end='!\\n')"
    assert sim(program("p", body) + "echo Ada | /tmp/p > /tmp/out; cat /tmp/out").stdout == "Name: Hello, Ada!\n"


def test_input_at_the_end_is_an_eof_error(sim):
    result = sim(program("p", "def __main__(args):\n    input()") + "/tmp/p < /dev/null; echo $?")
    assert (result.stdout, result.stderr) == ("1\n", "p: EOFError\n")


def test_a_plain_function_that_sleeps_lets_others_run(sim):
    plain = program("plain", "import time\ndef __main__(args):\n    time.sleep(0.3)\n    print('plain')")
    other = program(
        "other", "import asyncio\nasync def __main__(args):\n    await asyncio.sleep_ms(100)\n    print('other')"
    )
    assert sim(plain + other + "/tmp/other & /tmp/plain; wait").stdout == "other\nplain\n"


def test_output_of_a_plain_function_beyond_the_pipe_spills_to_a_file(sim):
    body = "def __main__(args):\n    for i in range(20000):\n        print(i)"
    result = sim(program("p", body) + "/tmp/p | tail -n 1; /tmp/p | wc -l; ls -A /tmp")
    assert result.stdout.split() == ["19999", "20000", "p.py"]


def test_a_writer_waits_for_its_reader(sim):
    assert sim("seq 20000 | grep 7 | wc -l").stdout.split() == ["6878"]


def test_a_process_whose_child_fills_the_pipe_has_its_turn(sim):
    result = sim("timeout .3 cat /dev/zero | wc -c > /tmp/count; [ $(cat /tmp/count) -gt 0 ] && echo ended")
    assert (result.stdout, result.stderr) == ("ended\n", "")


def test_a_writer_ends_when_its_reader_has_left(sim):
    result = sim("yes | head -n 3; echo $?; set -o pipefail; yes | head -n 1; echo $?")
    assert result.stdout == "y\ny\ny\n0\ny\n141\n"
    assert result.stderr == ""


def test_ten_megabytes_pass_through_a_pipe(sim):
    text = "".join(f"{number:09}\n" for number in range(1_000_000))
    assert sim("cat | wc -c", stdin=text, timeout=120).stdout.split() == ["10000000"]


ASYNC = (
    "import asyncio\nproc = None\n"
    "async def __main__(args):\n    try:\n        n = 0\n        while True:\n            n += 1\n            print(n)\n"
    "            await asyncio.sleep_ms(20)\n    finally:\n        print('cleaned up')"
)


@pytest.mark.parametrize(
    "signal, status, cleaned", [("", 143, True), ("-INT", 130, True), ("-KILL", 137, True), ("-1", 129, True)]
)
def test_signals_end_an_asynchronous_program(sim, signal, status, cleaned):
    result = sim(program("p", ASYNC) + f"/tmp/p & sleep 0.1; kill {signal} $!; wait $!; echo $?; ps | grep -c /p$")
    assert f"cleaned up\n{status}\n" in result.stdout


def test_a_held_program_goes_on_when_it_is_resumed(sim):
    script = (
        "/tmp/p & sleep 0.1; hold $!; ps | grep ' p$'; echo A; sleep 0.2; echo B; resume $!; sleep 0.2; echo C; kill $!"
    )
    stdout = sim(program("p", ASYNC) + script).stdout
    assert " H " in stdout
    assert stdout[stdout.index("A\n") : stdout.index("B\n")] == "A\n"
    assert stdout.index("C\n") > stdout.index("B\n") + 4


def test_a_thread_runs_beside_the_shell_and_ends_when_asked(sim):
    result = sim(
        "/opt/thr_test t 0.05 & sleep 0.3; ps | grep thr_test; kill $!; wait $!; echo $?; ps | grep -v grep | grep -c thr_test"
    )
    lines = result.stdout.split("\n")
    assert "t: 1" in lines and "t: 2" in lines
    assert any(" Rt " in line for line in lines)
    assert lines[-3:] == ["0", "0", ""]


def test_a_thread_whose_reader_has_gone_ends(sim):
    """Its output would wait in a queue that nobody empties; six runs, because there are four places."""
    body = (
        "import sys\ndef __main__(args):\n    try:\n        while True:\n            print('x')\n"
        "    except OSError as e:\n        print(e.errno, file=sys.stderr)"
    )
    result = sim(program("p", body) + "for i in 1 2 3 4 5 6; do { /tmp/p & wait; } | head -n 1; done")
    assert (result.stdout, result.stderr) == ("x\n" * 6, "32\n" * 6)


def test_asyncio_run_in_a_thread_uses_the_one_loop(sim):
    assert sim("/opt/asy_test 3 & wait; /opt/asy_test 2").stdout.count("asy_test: done") == 2


def test_tasks_of_a_program_end_with_it(sim):
    body = (
        "import asyncio\nasync def tick():\n    while True:\n        print('tick')\n        await asyncio.sleep_ms(10)\n"
        "async def __main__(args):\n    asyncio.create_task(tick())\n    await asyncio.sleep_ms(35)"
    )
    result = sim(program("p", body) + "/tmp/p; echo end; sleep 0.1")
    assert result.stdout.endswith("end\n")
    assert result.stdout.count("tick") >= 2


def test_a_program_sets_a_variable_of_its_shell(sim):
    body = "import utls\nproc = None\ndef __main__(args):\n    utls.setenv('wa', True)\n    proc.setenv('n', 5)"
    assert sim(program("p", body) + "/tmp/p; if $wa == True echo yes; incr n; echo $n").stdout == "yes\n6\n"


def test_children_of_a_process_that_ended_belong_to_the_kernel(sim):
    result = sim("sh -c 'sleep 0.3 &'; ps | grep 'sleep 0.3'; sleep 0.5; ps | grep -v grep | grep -c 'sleep 0.3'")
    assert result.stdout.split()[1] == "1"
    assert result.stdout.endswith("\n0\n")


def test_twenty_processes_at_once(sim):
    script = "i=0; while [ $i != 20 ]; do sleep 0.4 & incr i; done; set -- $(jobs -p); echo $#; wait; echo all ended"
    assert sim(script).stdout == "20\nall ended\n"


def test_kill_of_a_dead_pid_is_an_error(sim):
    result = sim("true & wait; kill 4711; echo $?; kill nonsense; echo $?")
    assert result.stdout == "1\n1\n"
    assert "4711: No such process" in result.stderr


def test_a_program_that_finds_little_memory_runs_or_says_so(sim):
    words = "awk curl less sed diff sort top tar"
    result = sim(f"for p in {words}; do $p --help > /dev/null; echo $p; done", heap="220k")
    assert result.stdout.split() == words.split()
    assert {line.split(": ", 1)[1] for line in result.stderr.splitlines()} <= {"out of memory"}


@pytest.mark.parametrize("end", ["await task", "task.cancel(); await asyncio.sleep_ms(5)"])
def test_a_task_that_is_done_holds_nothing_of_what_it_has_used(sim, end):
    text = f"""import asyncio, gc

async def work(data):
    data[0] = 1
    await asyncio.sleep_ms(1)

def begin():
    return asyncio.create_task(work(bytearray(60000)))

async def __main__(args):
    gc.collect()
    before = gc.mem_alloc()
    task = begin()
    await asyncio.sleep_ms(0)
    {end}
    gc.collect()
    print(task.done(), gc.mem_alloc() - before < 30000)
"""
    assert sim(program("p", text) + "/tmp/p").stdout == "True True\n"


def test_a_further_task_that_runs_out_of_memory_says_so_in_one_line(sim):
    """Nobody awaits it: asyncio alone would print a traceback."""
    body = (
        "import asyncio\nasync def task():\n    bytearray(1 << 24)\n"
        "async def __main__(args):\n    asyncio.create_task(task())\n    await asyncio.sleep_ms(500)\n    print('on')\n"
    )
    result = sim(program("p", body) + "/tmp/p; echo $?")
    assert (result.stdout, result.stderr) == ("on\n0\n", "p: out of memory\n")
