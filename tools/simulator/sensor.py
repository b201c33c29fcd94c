"""The camera of the board, as the supervisor has it: the memory of its frame buffers, and what draws the pictures."""

import os
import sys

MEMORY = 4 << 20  # bytes of the frame buffers, as much as the PSRAM of an ESP32 that a program can address
HEADER = 16  # bytes before the first frame buffer: see simulator.camera
PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "camera.py")


class Sensor:
    """The memory, and the process once it has been started."""

    def __init__(self):
        if hasattr(os, "memfd_create"):
            self.fd = os.memfd_create("frames")
        else:
            from tempfile import TemporaryFile  # late: only where memfd_create is missing

            with TemporaryFile() as file:
                self.fd = os.dup(file.fileno())
        os.ftruncate(self.fd, MEMORY)
        self.process = None

    def start(self):
        """Start the process, if it does not run."""
        import subprocess  # late: few boards take pictures, and each start would pay for it

        if self.process and self.process.poll() is None:
            return
        os.pwrite(self.fd, bytes(HEADER), 0)
        command = [sys.executable, "-I", "-S", PROGRAM, str(self.fd)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, pass_fds=(self.fd,))

    def close(self):
        """End the process; the memory is given back."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
        os.close(self.fd)
