"""The supervisor: controls the board's power. It starts the engine, restarts it on a reset, and returns the exit status."""

import _signal  # the C module: the public one spends 4 ms of each start in making enumerations
import os
import sys

from simulator import compiled, flash, options
from simulator.engine import Engine, NoInterpreter

ROMFS = b"\xd2\xcd1"  # how an image begins
AREA = 1 << 20  # bytes that a firmware has for an image, or more where the system's is larger
POWER_CUT = 99  # the exit status after --cut-power-at
USAGE_ERROR = 2
RESETS_MAX = 8
ENDING = (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT)


class Killed(BaseException):
    """A signal asks the supervisor to end; args[0] is its number."""


def main(argv):
    """Run a board as the command line says; returns the exit status."""
    for number in ENDING:
        _signal.signal(number, _raise_killed)
    supervisor = None
    try:
        choices = options.parse(argv)
        supervisor = Supervisor(choices)
        return supervisor.run()
    except options.Usage as e:
        _say("%s (--help shows the usage)" % e)
        return USAGE_ERROR
    except (flash.FlashError, NoInterpreter) as e:
        _say(str(e))
        return 1
    except Killed as e:
        return 128 + e.args[0]
    except SystemExit as e:
        if isinstance(e.code, str):
            sys.stderr.write(e.code + "\n")
            return 1
        return e.code or 0
    finally:
        if supervisor:
            supervisor.close()


def _raise_killed(number, frame):
    for other in ENDING:
        _signal.signal(other, lambda *_: None)  # what follows is cleaning up, and short
    raise Killed(number)


def _say(text):
    sys.stderr.write("sim: %s\n" % text)


class Supervisor:
    """One board, from power on to power off."""

    def __init__(self, choices):
        self.options = choices
        self.cause = "power_on"
        self.kept = ""  # what the board keeps over a reset
        self.world = dict(choices.set)  # what surrounds the board: path, value
        self.writes = 0
        self.resets = (
            RESETS_MAX if choices.reset_dead else 0
        )  # that somebody presses reset where the board does nothing
        self.engine = None
        self.console = None
        self.pending = b""  # the beginning of a power message
        self.flash, self.lock = flash.prepare(choices)
        self.hardware = compiled.hardware_image()
        self.rom = flash.rom(choices)
        self.sensor = None  # of a simulated camera
        self.unwritten = "%s.rom.%d" % (self.flash, os.getpid())  # its area for a ROMFS image, before the first write

    def run(self):
        """Keep the board powered; returns the exit status."""
        if self.options.no_boot:
            return 0
        if self.options.console:
            from simulator import terminal

            self.console = terminal.open_console(self.options)
        if self.options.pty:
            self._announce()
        while True:
            status = self._run_engine()
            if status is not None:
                break
        self.close()  # what follows is for the terminal as it was
        if self.options.count_writes:
            sys.stderr.write("writes: %d\n" % self.writes)
        return status

    def _announce(self):
        """Print the path of the pseudo terminal. `diatom`, which may wait for that line, finds the board from now on."""
        from simulator import running

        running.register(self.flash, self.console.name, self.options.port_offset)
        os.write(1, self.console.name.encode() + b"\n")

    def close(self):
        """Power off, whatever the state; the terminal gets its settings back."""
        if self.engine:
            self.engine.kill()
        if self.console:
            self.console.close()
        if self.options.pty:
            from simulator import running

            running.unregister(self.flash)
        if self.sensor:
            self.sensor.close()
            self.sensor = None
        if self.rom and os.path.exists(self.unwritten):
            os.remove(self.unwritten)

    def _config(self):
        choices = self.options
        arguments = choices.kernel_arguments()
        if self.console:
            for setting in self.console.environment():
                arguments = ["--env", setting, *arguments]
        return {
            "program": "sim_boot",
            "hardware": self.hardware,
            **self._rom(),
            "flash": self.flash,
            "cut_at": max(choices.cut_at - self.writes, 0),
            "torn": choices.torn,
            "cause": self.cause,
            "kept": self.kept,
            "mounts": choices.mount,
            "argv": ["diatom", *arguments],
            "console": choices.console,
            "interrupts": bool(self.console and not choices.thread),
            "control": choices.control,
            "world": self.world,
            "stack": choices.thread,
            "devices": choices.devices,
            "frames": self._frames(),
        }

    def _frames(self):
        """The file that is the memory of the camera's frame buffers; None where the board has no camera."""
        if not self.options.camera or self.world.get("camera.module") == "none":
            return None
        if not self.sensor:
            from simulator.sensor import Sensor

            self.sensor = Sensor()
        return self.sensor.fd

    def _rom(self):
        """The ROMFS image, and the area for one that the firmware offers, where there is a file for that."""
        area = self.flash + ".rom"
        if os.path.exists(area):
            with open(area, "rb") as file:
                holds = file.read(len(ROMFS)) == ROMFS
            return {"rom": area if holds else None, "area": [area, os.path.getsize(area), None]}
        if not self.rom:
            return {"rom": None, "area": None}
        size = max(AREA, -(-os.path.getsize(self.rom) // flash.BLOCK) * flash.BLOCK)
        with open(self.unwritten, "wb") as file:
            file.truncate(size)
        return {"rom": self.rom, "area": [self.unwritten, size, self.rom]}

    def _run_engine(self):
        """Run until the board resets (None) or ends (the exit status)."""
        self.pending = b""
        if self.console:
            slave = self.console.connect()
            self.engine = Engine(self._config(), self.options.heap, slave)
            os.close(slave)
            command = self.console.pump(self.engine.power, self.take)
        else:
            self.engine = Engine(self._config(), self.options.heap)
            command = None
            while command is None:
                command = self.take(self._power_message())
        word, _, detail = command.partition(" ")
        if self.resets and word in ("died", "hangs"):
            self.resets -= 1
            self.engine.kill() if word == "hangs" else self.engine.wait()
            self.cause = "hard"
            return None
        if word == "died":
            return self._died(self.engine.wait())
        self.engine.kill()
        if word == "reset":
            self.cause = detail
            return None if self.options.console else 0
        return POWER_CUT if word == "cut" else int(detail)

    def _power_message(self):
        """The next message of the power pipe, or b"hangs" if reset is pressed before there is one."""
        if self.resets:
            import select

            if not select.select([self.engine.power], [], [], self.options.reset_dead)[0]:
                return b"hangs\n"
        return os.read(self.engine.power, 4096)

    def take(self, data):
        """Take bytes from the power pipe; returns the command that ends this engine, or None so far."""
        if not data:
            return "died"
        *lines, self.pending = (self.pending + data).split(b"\n")
        for line in lines:
            word, _, detail = line.decode().partition(" ")
            if word == "writes":
                self.writes += int(detail)
            elif word == "keep":
                from ast import literal_eval

                self.kept = literal_eval(detail)
            elif word == "area":
                os.rename(self.unwritten, self.flash + ".rom")
            elif word == "camera":
                self.sensor.start()
            elif word == "world":
                self._world_changed(detail)
            else:
                return word + " " + detail
        return None

    def _world_changed(self, text):
        from json import loads

        try:
            path, value = loads(text)
        except ValueError:
            return  # a number that JSON cannot tell: the next start does without
        self.world[path] = value

    def _died(self, status):
        """The engine has ended without a word: its status, and a sentence where that is needed."""
        self.close()
        code = os.waitstatus_to_exitcode(status)
        if code >= 0:
            _say("the interpreter ended with status %d" % code)
            return code or 1
        if -code not in ENDING:
            _say("the interpreter was killed by signal %d" % -code)
        return 128 - code
