"""Threads that a program starts with _thread: their streams, locks and queues, and many threads under load."""

import pytest


def program(body, name="p"):
    """The shell commands that write a program into /tmp."""
    return f"cat > /tmp/{name}.py <<'END'\nimport _thread, sys, time\nproc = None\n{body}\nEND\n"


PRINTS = """
def work(name):
    for i in range(3):
        print(name, i)
        time.sleep_ms(5)
    print(name, "ends", file=sys.stderr)

def __main__(args):
    for name in "ab":
        _thread.start_new_thread(work, (name,))
    time.sleep_ms(200)
"""
FOREVER = """
def work(first, last):
    print(first + last)
    while True:
        time.sleep_ms(5)

def __main__(args):
    for i in range(4):
        _thread.start_new_thread(work, ("a",), {"last": "b"})
    time.sleep_ms(50)
"""
MANY = """
def work():
    time.sleep_ms(500)

def __main__(args):
    for i in range(4):
        _thread.start_new_thread(work, ())
    try:
        _thread.start_new_thread(work, ())
    except OSError as e:
        print(e.errno)
"""
HOLDS = """
lock = _thread.allocate_lock()

def work():
    with lock:
        for i in range(200):
            print(i)

def __main__(args):
    _thread.start_new_thread(work, ())
    while not lock.locked():
        time.sleep_ms(1)
    print(lock.acquire(False), lock.acquire(True, 0))
    with lock:
        print("after")
"""
ENDS = """
def work(what):
    exec(what)

def __main__(args):
    _thread.start_new_thread(work, (args[0],))
    time.sleep_ms(50)
    print("the program goes on")
"""
QUEUE = """
from queue import Empty, Full, Queue

def work(numbers, sums):
    while (n := numbers.get()) is not None:
        sums.put(n * n, timeout=5)

async def __main__(args):
    numbers, sums = Queue(3), Queue(2)
    _thread.start_new_thread(work, (numbers, sums))
    found = []
    for n in range(50):
        await numbers.aput(n)
        if n:
            found.append(await sums.aget())
    await numbers.aput(None)
    found.append(await sums.aget())
    print(found == [n * n for n in range(50)], sums.empty(), sums.qsize(), sums.full())
    for wrong in (lambda: sums.get(timeout=0.01), lambda: sums.get(False), sums.get_nowait, lambda: Queue(0)):
        try:
            wrong()
        except (Empty, ValueError) as e:
            print(type(e).__name__)
    sums.put(1)
    sums.put(2)
    for wrong in (lambda: sums.put(3, timeout=0.01), lambda: sums.put(3, False), lambda: sums.put_nowait(3)):
        try:
            wrong()
        except Full:
            print("Full", sums.full())
"""
GROWS = """
import gc

def __main__(args):
    table = {}
    items = []
    for i in range(300):
        table["k%d" % (i + int(args[0]))] = i
        items.append(bytearray(20))
        if i % 100 == 0:
            gc.collect()
    print(len(table), sum(table.values()), len(items), _thread.get_ident() != int(args[1]))
"""

AT_ONCE = """
def work():
    while True:
        print("x")

def __main__(args):
    _thread.start_new_thread(work, ())
"""
OPENS = """
from base import generation
from process import files

def work(file):
    file.append(open("/tmp/text").read())

def __main__(args):
    saved = files.save
    files.save = lambda name: print("by the loop" if _thread.get_ident() == home else "by the thread")
    home = _thread.get_ident()
    found = []
    generation.unsaved.append(None)
    try:
        _thread.start_new_thread(work, (found,))
        while not found:
            time.sleep_ms(5)
    finally:
        files.save = saved
        generation.unsaved.remove(None)
    print(found)
"""
RUNS = """
import sdata

def __main__(args):
    for n in range(3):
        sdata.upyos.run_cmd("/tmp/where")
    print(_thread.get_ident() == int(args[0]))
"""
WHERE = "\ndef __main__(args):\n    print(_thread.get_ident())"


@pytest.mark.parametrize("how", ["/tmp/p | cat", "/tmp/p > /tmp/o & wait; cat /tmp/o", "/tmp/p > /tmp/o; cat /tmp/o"])
def test_they_have_the_streams_of_their_process(sim, how):
    result = sim(program(PRINTS) + how)
    assert sorted(result.stdout.splitlines()) == [f"{name} {i}" for name in "ab" for i in range(3)]
    assert sorted(result.stderr.splitlines()) == ["a ends", "b ends"]


def test_they_end_with_their_process(sim):
    """Otherwise the second run would find no free thread."""
    result = sim(program(FOREVER) + "for i in 1 2 3 4 5; do /tmp/p; sleep 0.1; done; ps | grep -c '/tmp/p$'")
    assert (result.stdout, result.stderr) == ("ab\n" * 20 + "0\n", "")


def test_they_end_with_a_program_that_ends_at_once(sim):
    """Their task is cancelled before its first step, so nothing has ever served them."""
    result = sim(
        program(AT_ONCE) + "for i in 1 2 3 4 5 6 7 8; do /tmp/p > /tmp/o; sleep 0.1; done; /tmp/p | grep -c y; echo $?"
    )
    assert (result.stdout, result.stderr) == ("0\n1\n", "")


def test_the_event_loop_opens_their_files(sim):
    result = sim(program(OPENS) + "echo hello > /tmp/text; /tmp/p")
    assert (result.stdout, result.stderr) == ("by the loop\n['hello\\n']\n", "")


def test_one_too_many_is_refused(sim):
    result = sim(program(MANY) + "/tmp/p")
    assert (result.stdout, result.stderr) == ("11\n", "")


def test_who_waits_for_a_lock_holds_up_nobody(sim):
    """Least of all the thread that has it, whose output the event loop prints."""
    result = sim(program(HOLDS) + "/tmp/p")
    assert sorted(result.stdout.splitlines()) == sorted([*map(str, range(200)), "False False", "after"])


@pytest.mark.parametrize(
    "what, said",
    [
        ("1 / 0", "p: unhandled exception in a thread: ZeroDivisionError: divide by zero\n"),
        ("import nothing_there", "p: unhandled exception in a thread: ImportError: no module named 'nothing_there'\n"),
        ("sys.exit(3)", ""),
        ("_thread.exit()", ""),
    ],
)
def test_its_error_is_told_and_ends_it_alone(sim, what, said):
    result = sim(program(ENDS) + f"/tmp/p '{what}'; echo $?")
    assert (result.stdout, result.stderr) == ("the program goes on\n0\n", said)


def test_a_thread_may_start_another(sim):
    body = "def a():\n    _thread.start_new_thread(print, ('hello',))\n\ndef __main__(args):\n"
    body += "    _thread.start_new_thread(a, ())\n    time.sleep_ms(100)"
    assert sim(program(body) + "/tmp/p; /tmp/p & wait").stdout == "hello\nhello\n"


def test_a_queue_between_a_thread_and_an_async_function(sim):
    result = sim(program(QUEUE) + "/tmp/p")
    lines = ["True True 0 False", "Empty", "Empty", "Empty", "ValueError", *["Full True"] * 3]
    assert (result.stdout.splitlines(), result.stderr) == (lines, "")


def test_many_threads_under_load_do_no_damage(sim):
    """Each grows its own data and collects garbage, while the loop imports, sorts and searches."""
    script = program(GROWS) + (
        "H=$(python -c 'import _thread; print(_thread.get_ident())')\n"
        "for n in 1 2 3 4 5 6 7 8 9 10; do\n"
        "/tmp/p $n $H & /tmp/p $n $H & /tmp/p $n $H & /tmp/p $n $H &\n"
        "seq 60 | sort -rn | tail -n 1 > /dev/null; find /etc -name '*.sh' > /dev/null; wait\n"
        "done"
    )
    result = sim(script, heap="400k")  # damage is the question here, not how many fit into a Pico W
    assert (result.stdout, result.stderr) == ("300 44850 300 True\n" * 40, "")


@pytest.mark.parametrize("how, own", [("", True), (" & wait", False)])
def test_a_command_of_a_program_runs_on_the_event_loop(sim, how, own):
    """Whether the program runs in a thread or not, the event loop interprets the command."""
    script = f"H=$(/tmp/where)\necho $H\n/tmp/p $H > /tmp/o{how}\ncat /tmp/o"
    result = sim(program(WHERE, "where") + program(RUNS) + script)
    home, *lines = result.stdout.splitlines()
    assert (lines, result.stderr) == ([home, home, home, str(own)], "")
