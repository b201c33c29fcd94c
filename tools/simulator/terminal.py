"""The console of the simulated board: a pty whose slave is the board's serial port, and its other end.

That other end is this terminal in raw mode, a pair of pipes, or a second pty that serial tools open (--pty).
"""

import _signal  # the C module: the public one spends 4 ms of each start in making enumerations
import errno
import fcntl
import os
import select
import sys
import termios
import time

IN, OUT = 0, 1
CHUNK = 4096
BUFFERED = 64 * 1024  # bytes of output that wait for a slow reader, as in a USB serial port's buffers but larger
INPUT_BUFFERED = 16 * 1024
DROP_AFTER = 0.5  # seconds after which a reader that takes nothing loses output, as MicroPython's USB port does it
END_OF_INPUT_EVERY = 0.5  # seconds between the Ctrl-D that a console gets after the end of a pipe
CTRL_D = b"\x04"
ESCAPE = 0x1D  # Ctrl-]
LFLAG = 3


def open_console(options):
    """The console that the options ask for."""
    if options.pty:
        return Pty()
    if os.isatty(IN) and os.isatty(OUT):
        return Terminal()
    return Console(IN, OUT)


def make_raw(fd):
    """No echo, no lines, no signals, no translation, 8 bits."""
    import tty

    tty.setraw(fd, termios.TCSANOW)


class Console:
    """The pumping between the board's pty and a pair of descriptors: here, of pipes or files."""

    def __init__(self, source, sink):
        self.source = source  # where input comes from; None when it has ended
        self.sink = sink  # where output goes
        self.board = None  # the master of the board's pty
        self.output = bytearray()
        self.input = bytearray()
        self.command = None  # a power command from the keyboard
        self.stalled = None  # since when a full buffer has been waiting for its reader
        self.ended = None  # when the last Ctrl-D went out, after the end of input

    def environment(self):
        """Variables that describe the terminal to the system on the board."""
        return []

    def connect(self):
        """Plug in: a new pty for an engine that is about to start; returns its slave."""
        self.unplug()
        self.board, slave = os.openpty()
        make_raw(slave)
        os.set_blocking(self.board, False)
        self.resize()
        return slave

    def resize(self):
        """Give the board's terminal the size of the one at this end."""

    def unplug(self):
        if self.board is not None:
            os.close(self.board)
            self.board = None
        self.input.clear()

    def close(self):
        self.unplug()

    def pump(self, power, take):
        """Move bytes until the power pipe gives a command; returns it."""
        while True:
            now = time.monotonic()
            readers = [power]
            writers = []
            full = len(self.output) >= BUFFERED
            if not full or self._drop(now):
                readers.append(self.board)
            else:
                full = True
            if self.source is not None and len(self.input) < INPUT_BUFFERED:
                readers.append(self.source)
            if self.output:
                writers.append(self.sink)
            if self.input:
                writers.append(self.board)
            readable, writable, _ = select.select(readers, writers, [], self._patience(now, full))
            if self.sink in writable:
                self._write_output()
            if self.board in writable:
                self._write_input()
            if self.board in readable:
                self._read_board()
            if self.source in readable:
                self._read_source()
            command, self.command = self.command, None
            if power in readable:
                command = take(os.read(power, CHUNK)) or command
            if command:
                self._drain()
                return command

    def _patience(self, now, full):
        """How long select may wait, in seconds; None: for ever."""
        if full:
            return DROP_AFTER
        if self.source is None and not self.input:
            if self.ended is None or now - self.ended >= END_OF_INPUT_EVERY:
                # Again and again: the first may have been for a program that read its input to the end.
                self.ended = now
                self.input += CTRL_D
                return 0
            return END_OF_INPUT_EVERY
        return None

    def _drop(self, now):
        """Whether to discard the board's output, because its reader has not read anything for a while."""
        if self.stalled is None:
            self.stalled = now
        if now - self.stalled < DROP_AFTER:
            return False
        del self.output[: BUFFERED // 2]
        return True

    def _write_output(self):
        try:
            # A terminal that is writable takes this much without blocking.
            count = os.write(self.sink, self.output[:1024])
        except BlockingIOError:
            return
        except OSError as e:
            if e.errno not in (errno.EPIPE, errno.EIO):
                raise
            self.output.clear()  # nobody is there any more
            self.command = "exit 1" if self.sink == OUT else None
            return
        del self.output[:count]
        if count:
            self.stalled = None

    def _write_input(self):
        try:
            del self.input[: os.write(self.board, self.input[:CHUNK])]
        except BlockingIOError:
            pass
        except OSError as e:
            if e.errno != errno.EIO:
                raise
            self.input.clear()

    def _read_board(self):
        try:
            data = os.read(self.board, CHUNK)
        except BlockingIOError:
            return 0
        except OSError as e:
            if e.errno != errno.EIO:
                raise
            time.sleep(0.001)  # the engine has gone; the power pipe will say so
            return 0
        self.output += data
        return len(data)

    def _read_source(self):
        try:
            data = os.read(self.source, CHUNK)
        except BlockingIOError:
            return
        except OSError as e:
            if e.errno != errno.EIO:
                raise
            data = b""
        if data:
            self.receive(data)
        else:
            self.source = None

    def receive(self, data):
        """Bytes from outside, for the board."""
        self.input += data

    def _drain(self):
        """What the board has written before its end reaches the other side, unless nobody takes it."""
        deadline = time.monotonic() + DROP_AFTER
        while time.monotonic() < deadline:
            got = len(self.output) < BUFFERED and self._read_board()
            if not self.output:
                if not got:
                    return
            elif select.select([], [self.sink], [], DROP_AFTER)[1]:
                before = len(self.output)
                self._write_output()
                if len(self.output) < before:
                    deadline = time.monotonic() + DROP_AFTER


class Terminal(Console):
    """This terminal, in raw mode as long as the board runs."""

    def __init__(self):
        super().__init__(IN, OUT)
        self.escaped = False
        self.size = None  # (rows, columns) that the board has been told
        self.settings = termios.tcgetattr(IN)
        make_raw(IN)
        _signal.signal(_signal.SIGWINCH, lambda number, frame: self.resize())

    def environment(self):
        size = os.get_terminal_size(OUT)
        self.size = size.lines, size.columns
        return ["COLUMNS=%d" % size.columns, "LINES=%d" % size.lines] if size.columns else []

    def resize(self):
        if self.board is not None:
            size = fcntl.ioctl(IN, termios.TIOCGWINSZ, bytes(8))
            fcntl.ioctl(self.board, termios.TIOCSWINSZ, size)
            size = tuple(int.from_bytes(size[i : i + 2], sys.byteorder) for i in (0, 2))
            if (
                self.size and all(size) and size != self.size
            ):  # the board sees only a serial line: tell it as xterm reports its size
                self.size = size
                self.input += b"\x1b[8;%d;%dt" % size

    def receive(self, data):
        for byte in data:
            if self.escaped:
                self.escaped = False
                if byte in b"qQ":
                    self.command = "exit 0"
                    self.output += b"\r\n"
                elif byte in b"rR":
                    self.command = "reset hard"
                else:
                    self.input.append(byte)
            elif byte == ESCAPE:
                self.escaped = True
            else:
                self.input.append(byte)

    def close(self):
        super().close()
        termios.tcsetattr(IN, termios.TCSAFLUSH, self.settings)


class Pty(Console):
    """A second pty: its slave is the serial device that tools open."""

    def __init__(self):
        master, self.slave = os.openpty()  # the slave stays open: a tool that closes it must not end the line
        super().__init__(master, master)
        make_raw(self.slave)
        os.set_blocking(master, False)
        self.name = os.ttyname(self.slave)
