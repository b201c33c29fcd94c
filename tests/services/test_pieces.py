"""Answers when free memory is in small pieces only."""

# A program that leaves pieces of 500 bytes, takes a buffer for a transfer, and lets an answer wait for memory.
SCRIPT = """cat > /tmp/pieces.py <<'end'
import asyncio
from process import memory
from services import stream
from services.http import protocol
class Body:
  tries = 0
  async def next(self):
    self.tries += 1
    if self.tries < 4:
      raise MemoryError
    return b"data"
async def __main__(args):
  print(len(stream.buffer(8192)))
  body = Body()
  print(await protocol.next_piece(body), body.tries)
  kept = []
  try:
    while True:
      kept.append(bytearray(500))
  except MemoryError:
    pass
  for i in range(0, len(kept), 2):
    kept[i] = None
  try:
    bytearray(8192)
  except MemoryError:
    kept[1] = None
    found = len(stream.buffer(8192))
    kept = None
    print(found in (256, 1024))
end
/tmp/pieces
"""


def test_a_transfer_takes_a_small_buffer_and_an_answer_waits(sim):
    result = sim(SCRIPT, image="source", heap="600k")  # with the names of the sources
    assert result.stdout.splitlines() == ["8192", "b'data' 4", "True"], result.stderr
