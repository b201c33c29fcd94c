# A client of the socket shell, as micrOS's own clients speak to it. Loaded with the first client.
#
# The answer to a command is its text, a newline, and the prompt without one. A newline ends a command; without one, as
# clients send them, _SILENCE_MS do.

import asyncio

from micropython import const

from process import memory
from services.micros import settings

_BUFFER = const(256)  # bytes read at a time
_LINE_MAX = const(2048)  # bytes of a command
_SILENCE_MS = const(50)
_REBOOT_MS = const(300)

_BYE = "Bye!"
_HELP = """\
[MICROS]   - built-in commands
   hello   - name and hardware of this node
   version - version of micrOS whose protocol is spoken
   exit    - end the connection
   reboot  - end everything and start again; -h: reset the board
   webrepl - how to start it on this board; --update: the same
[CONF] Configuration mode
   conf        - enter it; noconf leaves it
     dump [KEY]    - show the settings
     KEY [VALUE]   - show or set one
[TASK] Task operations
   task list [>json]       - what runs and what is done
   task kill NAME          - end one, or a group: MODULE.*
   task show NAME          - its output
[EXEC] Command mode (LMs):
   help lm                 - all Load Modules, else those that are loaded
   MODULE FUNCTION [ARGUMENT...] [>json] [&[MS] | &&[MS]] [>>HOST]"""


class Closed(Exception):
    """The client has said good-bye, or has disconnected."""


class Shell:
    """The shell of one client."""

    configures = False
    calls = None  # those of another node

    def __init__(self, connection):
        self.connection = connection
        self.name = settings.get("devfid")
        self.admitted = connection.admitted = not settings.get("auth")
        self.data = b""

    def prompt(self):
        state = "" if self.admitted else "[password] "
        return f"{state}{'[configure] ' if self.configures else ''}{self.name} $ "

    async def send(self, text):
        await self.connection.send(text.encode())

    async def line(self):
        """The next command, without its newline; None for one that is too long. Closed at the end."""
        buffer = bytearray(_BUFFER)
        void = False
        while True:
            end = self.data.find(b"\n")
            if end >= 0:
                line = self.data[:end]
                self.data = self.data[end + 1 :]
                return None if void else line
            if len(self.data) > _LINE_MAX:
                void = True
                self.data = b""
            count = None
            if self.data or void:
                count = self.connection.sock.readinto(buffer)
                if count is None:
                    await asyncio.sleep_ms(_SILENCE_MS)
                    count = self.connection.sock.readinto(buffer)
                if count is None:
                    line = self.data
                    self.data = b""
                    return None if void else line
            else:
                count = await self.connection.fill(buffer)
            if not count:
                raise Closed
            self.data += buffer[:count]

    async def loop(self):
        await self.send(self.prompt())
        while True:
            line = await self.line()
            if line is None:
                answer = f"Shell: command longer than {_LINE_MAX} bytes"
            else:
                try:
                    text = line.decode().strip()
                except UnicodeError:
                    text = None
                answer = "Shell: invalid UTF-8" if text is None else await self.answer(text)
            await self.send((answer + "\n" if answer is not None else "") + self.prompt())

    async def answer(self, text):
        """What a command prints, None for nothing at all; Closed."""
        word, _, rest = text.partition(" ")
        if word == "hello" and ">>" not in rest:
            return settings.greeting()
        if word in ("", "exit"):
            await self.send(_BYE + "\n")
            raise Closed
        if word == "intercon" and not self.configures:
            return await self.sealed(rest)
        if not self.admitted:
            return await self.log_in(text)
        if word.startswith("conf"):
            self.configures = True
            return None
        if word == "noconf":
            self.configures = False
            return None
        if word == "version":
            return settings.VERSION
        if word == "reboot":
            return await self.reboot(rest.strip() == "-h")
        if word == "webrepl":
            return "`service start webrepld` at the board's prompt starts it; `upgrade` and `diatom deploy` bring new versions."
        if self.configures:
            return self.configure(word, rest.strip())
        from services.micros import commands  # late: not for a greeting

        if word == "help":
            return _HELP + "\n" + listed("lm" in rest)
        memory.collect()  # as the shell does before a command; the calls of a Load Module itself come too often
        return commands.run(text)[1]

    async def log_in(self, password):
        from services.guard import LockedOut, authenticate  # late: only to log in

        try:
            user = await authenticate("micros", settings.USER, password, self.connection.address)
        except LockedOut:
            user = None
        if user:
            self.admitted = self.connection.admitted = True
            return "AuthOk"
        await self.send(f"AuthFailed\n{_BYE}\n{self.prompt()}{_BYE}\n")
        raise Closed

    async def sealed(self, text):
        """A frame of a node that has the fleet key; anything else ends the connection."""
        from services.micros import commands, responder  # late: only for other nodes

        if not self.calls:
            self.calls = responder.Calls(self.connection.address, commands.execute)
        answer = self.calls.take(text)
        if self.calls.is_refused:
            await self.send(f"{answer}\n{_BYE}\n")
            raise Closed
        return answer

    def configure(self, key, value):
        """A line in the configuration mode."""
        if key == "dump":
            return "\n".join([f"  {k:<10}:       {settings.shown(k)}" for k in settings.keys() if value in k])
        if not value:
            return str(settings.shown(key))
        try:
            settings.put(key, value)
            return "Saved"
        except KeyError:
            return "Invalid key"
        except (ValueError, OSError) as e:
            from base import log  # late: only for a wrong value

            log.note("micros", f"{key}: {e}", log.WARNING)
            return "Failed to save"

    async def reboot(self, hard):
        await self.send(f"{'[HARD] ' if hard else ''}Reboot micrOS system.\n{_BYE}\n")
        from process import process as processes  # late: only to end

        asyncio.create_task(processes.get(1).run(["reboot"]))
        await asyncio.sleep_ms(_REBOOT_MS)
        raise Closed


def listed(every):
    """The functions of Load Modules, as help shows them."""
    from services.micros import modules  # late: only for help

    lines = []
    for name in modules.loaded():
        lines.append("   " + name)
        lines += [" " * 10 + entry for entry in sys_help(name)]
    if every:
        lines += ["   " + name for name in modules.installed() if name not in modules.loaded()]
    return "\n".join(lines)


def sys_help(name):
    from services.micros import modules  # late: as above

    try:
        return modules.load(name).help()
    except Exception:  # a module without help, or with one that fails, is listed nevertheless
        return ()


async def handler(connection):
    """Serve a connection."""
    shell = Shell(connection)
    connection.farewell = (_BYE + "\n").encode()
    try:
        await shell.loop()
    except Closed:
        pass
