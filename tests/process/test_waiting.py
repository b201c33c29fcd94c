"""Processes that memory does not suffice for wait, or are refused one by one."""


def test_too_many_processes_are_refused_one_by_one(sim):
    script = "i=0; while [ $i != 300 ]; do sleep 1 & incr i; done; wait; echo the shell lives"
    result = sim(script)
    assert result.stdout == "the shell lives\n"
    assert "not enough memory for another job" in result.stderr
    assert "Traceback" not in result.stderr


HOLD = """import asyncio, gc
async def __main__(args):
  held = []
  gc.collect()
  while gc.mem_free() > 9000:
    held.append(bytearray(900))
  print("full")
  await asyncio.sleep_ms(1500)
"""


def test_a_program_waits_for_memory_that_another_gives_back(sim):
    script = (
        f"cat > /tmp/hold.py <<'end'\n{HOLD}end\n"
        "for i in 1 2 3 4 5 6 7 8; do sleep 4 & done; /tmp/hold | (read line; echo $line; uname; echo $?); kill $(jobs -p)"
    )
    result = sim(script, image="romfs", heap="320k")
    assert result.stdout == "full\nDiatom\n0\n"
    assert result.stderr == ""


PIECES = """import asyncio, gc
async def __main__(args):
  free = []
  held = []
  gc.collect()
  while gc.mem_free() > 30000:
    free.append(bytearray(600))
    held.append(bytearray(40))
  fill = []
  try:
    while True:
      fill.append(bytearray(1000))
  except MemoryError:
    free.clear()
    gc.collect()
    print("pieces")
  await asyncio.sleep_ms(1500)
"""


def test_a_program_waits_for_memory_in_one_piece_however_much_is_free(sim):
    """`ls` said "out of memory" with 178 kB free, in pieces of less than 2 kB."""
    script = (
        f"cat > /tmp/pieces.py <<'end'\n{PIECES}end\n"
        "for i in 1 2 3 4 5 6 7 8; do sleep 4 & done; ls /bin > /dev/null\n"
        "/tmp/pieces | (read line; echo $line; ls /bin | wc -l > /tmp/count; echo $?); kill $(jobs -p); "
        'test "$(cat /tmp/count)" -gt 100 && echo all'
    )
    result = sim(script, image="romfs", heap="700k")
    assert (result.stdout, result.stderr) == ("pieces\n0\nall\n", "")


PATIENT = """from process import memory
tries = 0
def once(wanted):
  global tries
  tries += 1
  if tries < wanted:
    raise MemoryError
  return tries
async def __main__(args):
  print(await memory.patiently(once, 3))
  try:
    await memory.patiently(once, 1000)
  except MemoryError:
    print("in vain")
"""


def test_what_may_be_repeated_waits_for_memory_but_not_for_ever(sim):
    result = sim(f"cat > /tmp/patient.py <<'end'\n{PATIENT}end\n/tmp/patient", image="source", heap="600k")
    assert (result.stdout, result.stderr) == ("3\nin vain\n", "")


THRESHOLDS = """import gc
from process import memory
def __main__(args):
  print(gc.threshold())
"""


def test_garbage_is_collected_more_often_while_many_processes_run(sim):
    """What they keep would else lie scattered among their garbage, and leave no long piece free."""
    many = "for i in 1 2 3 4 5 6 7 8; do sleep 4 & done"
    script = f"cat > /tmp/often.py <<'end'\n{THRESHOLDS}end\n/tmp/often; {many}; /tmp/often; kill $(jobs -p); wait; date > /dev/null; /tmp/often"
    usual, busy, after = map(int, sim(script).stdout.split())
    assert busy <= usual / 2
    assert after == usual
