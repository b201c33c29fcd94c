"""A client of the control channel: the environment of a simulated board, for tests and tools on this computer.

with Control("127.0.0.1:7000") as control:
    control.set("pin.4.input", 1)
    control.wait("pin.5.value", 1)
"""

import json
import socket
import time

WAIT_MS = 10_000
_CONNECT_S = 10  # a board that starts is not listening at once
_RETRY_S = 0.01


class ControlError(Exception):
    """The board's error reply."""


class Control:
    """A connection to the board at HOST:PORT; made at the first request, and again after the board has restarted."""

    def __init__(self, address, timeout=_CONNECT_S):
        self.address = address
        self.timeout = timeout  # seconds for the connection and for an answer
        self._stream = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        """Close the connection; the next request makes another."""
        if self._stream:
            self._stream.close()
            self._stream = None

    def get(self, path):
        """The value at path, or None."""
        return self._ask(["get", path])

    def tree(self, prefix=""):
        """All paths that start with prefix, and their values."""
        return self._ask(["tree", prefix])

    def set(self, path, value):
        """Change the world; it has changed when this returns."""
        return self._ask(["set", path, value])

    def wait(self, path, value, timeout_ms=WAIT_MS):
        """Wait until the value at path is this one; ControlError when the time is over."""
        return self._ask(["wait", path, value, timeout_ms], timeout_ms / 1000)

    def _ask(self, request, patience=0):
        """Send a request and return the answer. It may be sent twice: a board that resets loses its connections."""
        end = time.monotonic() + self.timeout + patience
        while True:
            try:
                line = self._exchange(json.dumps(request).encode() + b"\n", patience)
                break
            except OSError:
                self.close()
                if time.monotonic() > end:
                    raise
                time.sleep(_RETRY_S)
        answer = json.loads(line)
        if "error" in answer:
            raise ControlError(answer["error"])
        return answer["ok"]

    def _exchange(self, request, patience):
        if not self._stream:
            host, _, port = self.address.rpartition(":")
            self._stream = socket.create_connection((host, int(port)), self.timeout)
        self._stream.settimeout(self.timeout + patience)
        self._stream.sendall(request)
        parts = []
        while not parts or not parts[-1].endswith(b"\n"):
            parts.append(self._stream.recv(65536))
            if not parts[-1]:
                raise ConnectionResetError("the board has closed the connection")
        return b"".join(parts)
