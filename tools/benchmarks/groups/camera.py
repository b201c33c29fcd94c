"""The cost of the camera: the memory of a photo and of the stream, and the stream's rate against a bare loop."""

import random
import threading
import time
from statistics import median

from benchmarks import reference
from benchmarks.groups.services import BARE_PORT, KB, WARM, Board
from benchmarks.simulation import BOARD, BenchError, Console
from benchmarks.table import Row
from simulator.budgets import WORD

HOLD = f"photo -s UXGA -o - | {BOARD}/held"  # the pipe is full, and the photo is not done
PLAIN = f"seq 90000 | {BOARD}/held"  # another program with options that waits for its pipe
REQUEST = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
VIEWERS = 4
SECONDS = 2  # of each stream


def measure(simulator, quick):
    offset = random.randrange(10_000, 24_000)
    world = ("--port-offset", str(offset), "--set", "camera.fps=0")
    for image in ("packed", "romfs"):
        with Console([*simulator.words(image=image, heap="4M"), *world]) as console:
            board = Board(console, offset)
            yield photo(board, image)
            if image == "romfs":
                yield from stream(board)
                yield rate(board, 2 if quick else 6)


def photo(board, image):
    """What a photo holds beside its frame, which is not in the heap, over another program at a pipe."""
    for _ in range(2):
        board.run("photo -s UXGA -o - | wc -c; seq 9 | cat")
    size = int(board.run("photo -s UXGA -o - | wc -c").split()[-1])
    held = [int(board.run(line).split()[-1]) for line in (PLAIN, HOLD)]
    limit = reference.PHOTO if image == "packed" else None
    note = f"of a board (/{WORD}), beside the frame of {size / KB:.0f} kB, which is not in the heap"
    return Row(f"photo, {image}", (held[1] - held[0]) / WORD / KB, "kB", limit=limit, note=note)


class Client(threading.Thread):
    """Somebody who takes what comes, until stop()."""

    def __init__(self, board, port, request=b""):
        super().__init__(daemon=True)
        self.sock = board.connect(port)
        self.sock.sendall(request)
        self.frames = 0
        self.start()

    def run(self):
        rest = b""
        try:
            while data := self.sock.recv(262144):
                rest += data
                self.frames += rest.count(b"\r\n--frame\r\n")
                rest = rest[-10:] if not rest.endswith(b"\r\n--frame\r\n") else b""
        except OSError:
            pass

    def wait(self):
        """Wait for the first frames."""
        end = time.monotonic() + 30
        while self.frames < 3:
            if time.monotonic() > end:
                raise BenchError("no frames come")
            time.sleep(0.01)
        return self

    def stop(self):
        self.sock.close()


def stream(board):
    """The memory of the first viewer, and of each further one, as a board would have it."""
    for _ in range(WARM):
        board.run("pwd | cat")
    board.run("uhttpd start")
    kept = Client(board, 80, REQUEST % b"/icon.svg")  # a client for which the server is loaded
    Client(board, 80, REQUEST % b"/stream").wait().stop()
    time.sleep(1)
    before = board.in_use()
    clients = [Client(board, 80, REQUEST % b"/stream").wait()]
    one = board.in_use()
    note = f"of a board (/{WORD}), beside httpd with a client, whose connection is kept"
    yield Row("/stream, one viewer", (one - before) / WORD / KB, "kB", limit=reference.STREAM, note=note)
    clients += [Client(board, 80, REQUEST % b"/stream").wait() for _ in range(VIEWERS - 1)]
    each = (board.in_use() - one) / (VIEWERS - 1) / WORD / KB
    yield Row("each further viewer", each, "kB", limit=reference.VIEWER, note="with its connection")
    for client in (*clients, kept):
        client.sock.shutdown(2)
        client.stop()
    time.sleep(1)


def rate(board, rounds):
    """Frames in a second over those of a loop that does nothing but capture and send, in turn."""
    found = {BARE_PORT: [], 80: []}
    for _ in range(rounds):
        for port in found:
            if port == BARE_PORT:
                board.console.send(f"{BOARD}/bare_camera {BARE_PORT + board.offset} 1\r")
            client = Client(board, port, REQUEST % b"/stream").wait()
            start, frames = time.perf_counter(), client.frames
            time.sleep(SECONDS)
            found[port].append((client.frames - frames) / (time.perf_counter() - start))
            client.sock.shutdown(2)
            client.stop()
            if port == BARE_PORT:
                board.console.expect("$: ")
            else:
                time.sleep(0.5)
    bare, ours = (median(found[port]) for port in found)
    note = f"{ours:.0f} frames of VGA in a second, and {bare:.0f}"
    return Row("the bare loop's frames over the stream's", bare / ours, "", limit=reference.STREAM_RATE, note=note)
