# An FTP session: the control connection, login, and which function does a command. Loaded with the first client.
#
# The commands are functions of (session, argument), in the modules that _MODULES names, loaded on demand.
# While a transfer runs, which is a task of its own, only ABOR, STAT, NOOP and QUIT are taken; the rest waits for it.

import asyncio
import gc
import sys
from time import ticks_diff, ticks_ms

from micropython import const

from base import config, users
from base.errors import Failure, reason
from base.paths import isdir, normal
from process import memory
from services import protected
from services.server import STALL

_LINE_MAX = const(1024)  # bytes in a command
_BUFFER = const(256)
_PASSWORDS_MAX = const(3)
_QUIET_MS = const(2000)

_STRANGER = " USER PASS QUIT NOOP FEAT SYST OPTS HELP AUTH ACCT "  # what works before login
_MEANWHILE = " ABOR STAT NOOP QUIT "  # and during a transfer
_BEFORE = " REST ALLO PASV EPSV PORT EPRT TYPE NOOP "  # what may stand between REST or ALLO and the transfer
_WRITES = " STOR STOU APPE DELE RMD XRMD MKD XMKD RNFR RNTO MFMT "
_MODULES = (
    ("session", " USER PASS QUIT NOOP TYPE STRU MODE PWD XPWD CWD XCWD CDUP XCUP REST ABOR "),
    ("data", " PASV EPSV PORT EPRT "),
    ("transfer", " RETR STOR APPE STOU "),
    ("listing", " LIST NLST MLSD MLST SIZE MDTM "),
    ("files", " DELE RMD XRMD MKD XMKD RNFR RNTO MFMT "),
    ("rare", " SYST FEAT OPTS HELP STAT SITE ALLO ACCT AUTH SMNT REIN "),
)

_buffer = bytearray(_BUFFER)  # one for all: what is read is taken out before anybody else runs


class Reply(Exception):
    """Ends a command with a reply: Reply(550, "reason")."""


class Session:
    """What the server knows of a client."""

    name = None  # the user that has been named
    account = None  # the User, once he has logged in
    failures = 0  # wrong passwords
    cwd = "/"  # as the client sees it
    root = "/"  # the directory that he sees as that
    readonly = False
    binary = False
    facts = 15  # of MLST: which are wanted (listing.FACTS)
    expected = 0  # how many bytes ALLO has announced
    sending = False  # a reply is on its way
    rest = 0  # where the next transfer begins
    old = None  # what RNFR has named
    passive = None  # a socket that waits for the client's data connection
    active = None  # (address, port) that the client waits at
    only_epsv = False
    transfer = None  # the task of a transfer
    wire = None  # its data connection
    over = False
    waits = False  # a command waits for a transfer: nobody reads the control connection
    moving = 0  # how many transfers all sessions have

    def __init__(self, connection):
        self.connection = connection
        self.address = connection.address
        self.input = b""

    # --- the control connection

    async def line(self):
        """The next command, without its end; None at the end of the connection."""
        while True:
            line, end, rest = self.input.partition(b"\n")
            if end:
                self.input = rest
                return clean(line)
            if len(self.input) > _LINE_MAX:
                self.input = b""
                await self.reply(500, "Line too long.")
                self.over = True
                return None
            count = await self.connection.fill(_buffer)
            if not count:
                return None
            self.input += memoryview(_buffer)[:count]

    async def reply(self, code, text, *more):
        """Send a reply; of several lines where there are more: those between the first and the last begin with a blank."""
        if more:
            text = f"{code}-{text}\r\n" + "".join([line + "\r\n" for line in more[:-1]])
            out = f"{text}{code} {more[-1]}\r\n"
        else:
            out = f"{code} {text}\r\n"
        while self.sending:  # a transfer, and whoever the client talks to meanwhile
            await asyncio.sleep_ms(5)
        self.sending = True
        try:
            await self.connection.send(out.encode())
        finally:
            self.sending = False

    async def run(self):
        """Serve the client until he goes."""
        await self.reply(220, "Diatom FTP server ready.")
        try:
            while not self.over:
                line = await self.line()
                if line is None:
                    return
                await self.command(line)
        finally:
            self.over = True
            if self.transfer:
                self.transfer.cancel()
            self.forget_data()

    async def command(self, line):
        """Do one command."""
        try:
            text = line.decode()
        except UnicodeError:
            await self.reply(501, "Not UTF-8.")
            return
        verb, _, argument = text.partition(" ")
        verb = verb.upper()
        if self.transfer and f" {verb} " not in _MEANWHILE:
            await self.settled()
        for c in argument:
            if c < " " or c == "\x7f":
                await self.reply(501, "Control characters in a name.")
                return
        try:
            function = find(verb)
            if not self.account and f" {verb} " not in _STRANGER:
                raise Reply(530, "Log in with USER and PASS.")
            if self.readonly and f" {verb} " in _WRITES:
                raise Reply(550, "Read-only.")
            if self.old and verb != "RNTO":
                self.old = None
            await function(self, argument)
        except Reply as e:
            await self.reply(*e.args)
        except (OSError, Failure, MemoryError) as e:
            full = isinstance(e, OSError) and e.args and e.args[0] == 28
            await self.reply(452 if full else 550, (reason(e) if not isinstance(e, Failure) else e.reason) + ".")
        if f" {verb} " not in _BEFORE:
            self.rest = self.expected = 0

    async def settled(self):
        """Wait until no transfer runs."""
        self.waits = True
        try:
            while self.transfer and not self.transfer.done():
                await asyncio.sleep_ms(5)
        finally:
            self.waits = False
        self.transfer = None  # one that is cancelled before it has begun ends without a word

    def peek(self):
        """Read what the control connection has, without waiting; at its end the session is over."""
        if len(self.input) > _LINE_MAX:
            return
        count = self.connection.sock.readinto(_buffer)
        if count:
            self.input += memoryview(_buffer)[:count]
        elif count is not None:
            self.over = True

    # --- data

    def forget_data(self):
        """Close what waits for a data connection."""
        self.active = None
        if self.passive:
            self.passive.close()
            self.passive = None

    def watch(self):
        """Give up a transfer that does not move."""
        self.connection.reserved = 0
        wire = self.wire
        if self.transfer:
            self.connection.last = ticks_ms()
        if wire:
            limit = (config.get("ftpd") or {}).get("stall", STALL) * 1000
            if ticks_diff(ticks_ms(), wire.moved) > limit and ticks_diff(ticks_ms(), wire.last) > limit:
                self.transfer.cancel()
        elif not Session.moving and ticks_diff(ticks_ms(), self.connection.last) > _QUIET_MS:
            relax()

    # --- paths

    def path(self, argument):
        """The real path of what the client names."""
        if not argument:
            raise Reply(501, "A name is missing.")
        return self.real(normal(argument, self.cwd))

    def real(self, virtual):
        return protected.real(self.root, virtual)

    def visible(self, path):
        """Raise Reply for what no service tells anything about."""
        if users.secret(path):
            raise Reply(550, "Permission denied.")
        return path

    def readable(self, path):
        """Raise Reply for what is given to nobody."""
        why = protected.unreadable(path)
        if why:
            raise Reply(550, why[0].upper() + why[1:] + ".")
        return path

    def writable(self, path):
        """Raise Reply for what nobody may change."""
        why = protected.unwritable(path, self.root)
        if why:
            raise Reply(550, why[0].upper() + why[1:] + ".")
        return path


def clean(line):
    """A command without its carriage return and the telnet signals before ABOR."""
    if b"\xff" in line:
        out = bytearray()
        skip = False
        for c in line:
            if skip:
                skip = False
            elif c == 255:
                skip = True
            else:
                out.append(c)
        line = bytes(out)
    return line[:-1] if line[-1:] == b"\r" else line


def relax():
    """While nobody transfers anything, give back the commands where memory is short; they come again when they are used."""
    if "services.ftp.listing" in sys.modules or "services.ftp.transfer" in sys.modules:
        if gc.mem_free() * 2 < gc.mem_alloc():
            for module in ("transfer", "files", "rare", "listing"):
                if "services.ftp." + module in sys.modules:
                    memory.unload("services.ftp." + module)
            gc.collect()


def find(verb):
    """The function for a command."""
    if verb.isalpha():
        key = f" {verb} "
        for module, verbs in _MODULES:
            if key in verbs:
                if verb[0] == "X":
                    verb = {"XPWD": "PWD", "XCWD": "CWD", "XCUP": "CDUP", "XRMD": "RMD", "XMKD": "MKD"}[verb]
                if module == "session":
                    return globals()[verb]
                module = getattr(getattr(__import__("services.ftp." + module), "ftp"), module)  # noqa: B009
                return getattr(module, verb)
    raise Reply(502 if 2 < len(verb) < 5 and verb.isalpha() else 500, "Unknown command.")


async def handler(connection):
    """The life of a connection."""
    session = Session(connection)
    connection.farewell = b"421 Timed out.\r\n"
    connection.on_watch = session.watch
    await session.run()


# --- commands


async def USER(session, argument):
    session.account = None
    session.connection.admitted = False
    session.name = argument
    if users.is_open():
        enter(session, users.find(argument) or users.User(argument, "!", "/"))
        await session.reply(230, "Welcome; no password is asked.")
    else:
        await session.reply(331, "Password, please.")


async def PASS(session, argument):
    from services.guard import LockedOut, authenticate

    if session.name is None:
        raise Reply(503, "USER comes first.")
    name, session.name = session.name, None
    try:
        user = await authenticate("ftpd", name, argument, session.address)
    except LockedOut:
        session.over = True
        raise Reply(421, "Too many failures; try again later.")
    if user:
        enter(session, user)
        raise Reply(230, "Welcome.")
    session.failures += 1
    if session.failures >= _PASSWORDS_MAX:
        session.over = True
        raise Reply(421, "Login incorrect.")
    raise Reply(530, "Login incorrect.")


def enter(session, user):
    """The client is this user; Reply where he has no files."""
    session.root = "/"
    session.readonly = bool((config.get("ftpd") or {}).get("readonly"))
    if user.options:
        from services import policy  # late: few users have any

        try:
            session.root = policy.root(user)
        except Failure as e:
            raise Reply(530, e.reason[0].upper() + e.reason[1:] + ".")
        session.readonly = session.readonly or policy.is_readonly(user)
    session.account = user
    session.connection.admitted = True
    session.cwd = "/"


async def QUIT(session, argument):
    await session.settled()
    session.over = True
    raise Reply(221, "Goodbye.")


async def NOOP(session, argument):
    raise Reply(200, "OK.")


async def TYPE(session, argument):
    kind = argument.upper()
    if kind not in ("A", "A N", "I", "L 8", "L8"):
        raise Reply(504, "TYPE A or I.")
    session.binary = kind[0] != "A"
    raise Reply(200, "TYPE is " + ("I." if session.binary else "A."))


async def STRU(session, argument):
    raise Reply(200, "OK.") if argument.upper() == "F" else Reply(504, "STRU F only.")


async def MODE(session, argument):
    raise Reply(200, "OK.") if argument.upper() == "S" else Reply(504, "MODE S only.")


async def PWD(session, argument):
    raise Reply(257, '"{}" is the directory.'.format(session.cwd.replace('"', '""')))


async def CWD(session, argument):
    virtual = normal(argument or "/", session.cwd)
    if not isdir(session.visible(session.real(virtual))):
        raise Reply(550, "No such directory.")
    session.cwd = virtual
    raise Reply(250, "OK.")


async def CDUP(session, argument):
    await CWD(session, "..")


async def REST(session, argument):
    if not argument.isdigit() or len(argument) > 10:
        raise Reply(501, "A number is missing.")
    session.rest = int(argument)
    raise Reply(350, f"The next transfer begins at {session.rest}.")


async def ABOR(session, argument):
    running = session.transfer
    if running:
        running.cancel()
        await session.settled()
    session.forget_data()
    raise Reply(226, "Aborted.") if running else Reply(225, "No transfer to abort.")
