"""The simulator has as much memory as the board that it simulates."""

import pytest
from harness import DEFAULT_SIM, ROOT, run

from images import littlefs
from remote import profiles
from simulator import budgets

PROBE = "python -c 'import gc; print(gc.mem_free() + gc.mem_alloc())'"
MEASURE = "import gc; gc.collect(); print(gc.mem_alloc())"
KIB = 1024
BARE = 3952  # bytes that MicroPython itself has in the heap of an RP2040 (tools/bench --only pico)
PIPELINE = 150_000  # bytes of heap in which a pipeline finds room
EVERYTHING = len(
    [path for path in (ROOT / "bin").glob("*.py") if not f"bin/{path.name}".startswith(profiles.NOT_SMALL)]
)


@pytest.mark.parametrize("name", budgets.names())
def test_every_board_states_what_it_has(name):
    budget = budgets.read(name)
    assert 100 * KIB < budget.heap < 16 * KIB * KIB
    assert budget.flash % 4096 == 0
    assert budget.image in ("source", "mpy", "packed")
    assert budget.stack in ((8192, 16384) if name != budgets.PLAIN else (None,))


@pytest.mark.parametrize("name", sorted({budgets.read(name): name for name in reversed(budgets.names())}.values()))
def test_every_boards_flash_holds_a_system(name, tmp_path):
    """The largest profile that leaves space for files, as `diatom flash` would choose it. One of the boards that have the same."""
    flash = tmp_path / "a.img"
    heap = [] if budgets.read(name).heap >= PIPELINE else ["--heap", "400k"]
    words = [*DEFAULT_SIM, "--board", name, *heap, "--flash", str(flash)]
    result = run([*words, "--fresh", "-c", "ls /bin | wc -l"])
    assert (result.status, result.stderr) == (0, "")
    kind, profile = (tmp_path / "a.img.image").read_text().split()
    assert kind == budgets.read(name).image
    assert profile != "minimal" or name != "pico-w"  # a stock one has all but the web desktop and cameras
    least = len(profiles.PROGRAMS) if profile == "minimal" else EVERYTHING
    assert int(result.stdout) >= least
    assert littlefs.read(flash.read_bytes())[1] * littlefs.BLOCK >= profiles.RESERVE


def test_a_profile_is_asked_for_and_kept(tmp_path):
    words = [*DEFAULT_SIM, "--board", "pico-w", "--flash", str(tmp_path / "a.img")]
    first = run([*words, "--profile", "minimal", "-c", "which awk || echo without"])
    assert (first.status, first.stdout) == (0, "without\n")
    assert run([*words, "--sync", "-c", "which ls"]).stdout == "/bin/ls\n"
    other = run([*words, "--profile", "full", "-c", "true"])
    assert other.status == 1
    assert "was made with --profile minimal (--fresh makes a new one)" in other.stderr
    large = run([*words, "--fresh", "--image", "source", "--profile", "full", "-c", "true"])
    assert large.status == 1
    assert "does not fit" in large.stderr


def test_without_a_board_it_is_the_recommended_one(tmp_path):
    budget = budgets.read(budgets.DEFAULT)
    result = run(
        [*DEFAULT_SIM, "--flash", str(tmp_path / "a.img"), "-c", f"{PROBE}; lshw | grep Board; df / | tail -n 1"]
    )
    assert result.status == 0, result.stderr
    heap, board, size = result.stdout.splitlines()
    assert "Pico 2 W" in board
    assert int(size.split()[1]) * KIB == budget.flash
    # The collector's own tables are part of the heap that the interpreter is given.
    assert budget.simulated_heap() * 0.95 < int(heap) <= budget.simulated_heap()


def test_options_come_before_the_boards_own(tmp_path):
    words = ["--flash", str(tmp_path / "a.img"), "--heap", "1M", "--flash-size", "3M", "--stack", "esp32"]
    result = run([*DEFAULT_SIM, *words, "-c", f"{PROBE}; df / | tail -n 1"])
    heap, size = result.stdout.splitlines()
    assert 900 * KIB < int(heap) <= KIB * KIB
    assert int(size.split()[1]) == 3 * KIB


def test_an_unknown_board_is_named():
    result = run([*DEFAULT_SIM, "--board", "teapot", "-c", "true"])
    assert result.status == 2
    assert "teapot: no such board (esp-eye, esp32-c3, " in result.stderr


@pytest.mark.parametrize("name", ["pico", "pico2-w", "esp32-wroom-32"])
def test_the_heap_is_larger_by_what_the_simulated_devices_take(name, tmp_path):
    words = [*DEFAULT_SIM, "--board", name, "--flash", str(tmp_path / "a.img")]
    write = f"echo '{MEASURE}' > /tmp/boot.py; python -c 'import os; os.rename(\"/tmp/boot.py\", \"/boot.py\")'"
    run([*words, "--heap", "400k", "-c", write])  # python is at the edge of the least heap
    used = int(run([*words, "-c", "true"]).stdout.splitlines()[0])
    budget = budgets.read(name)
    devices = budgets.DEVICES + (budgets.RADIO if budget.radio else 0)
    # The radio's has loaded asyncio, as the kernel will, and the simulator's command line with its paths lies in the heap.
    assert -KIB < used - BARE * budgets.WORD - devices < 9 * KIB
