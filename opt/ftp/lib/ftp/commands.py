# The commands of ftp.

import os

from base.errors import Failure, reason
from base.files import Replacement
from base.paths import basename, isdir, normal
from text.pattern import match
from text.quoting import split

_ONE = (
    "cd",
    "get",
    "reget",
    "put",
    "mget",
    "mput",
    "rm",
    "mkdir",
    "rmdir",
    "size",
    "quote",
)  # commands with an operand
_OTHER = ("ls", "dir", "nls", "cdup", "pwd", "lcd", "lpwd", "help", "quit", "binary", "mv")


class Commands:
    """Runs command lines."""

    status = 0
    ended = False

    def __init__(self, session, process):
        self.session = session
        self.process = process
        self.local = process.cwd

    async def login(self, user):
        """Log in with USER:PASSWORD; ask for what is missing."""
        from process.ask import ask

        name, colon, password = (user or "").partition(":")
        try:
            if not user:
                default = self.process.getenv("USER") or "root"
                name = await ask(f"User ({default}): ", True) or default
            if not colon:
                password = await ask("Password: ")
        except EOFError:
            raise Failure("", "missing user and password")
        await self.session.login(name, password)

    async def read(self, stdin):
        """Run the lines of standard input, with a prompt at a terminal."""
        while not self.ended:
            if stdin.isatty():
                self.process.stdout.write("ftp> ")
            line = await stdin.readline(1024)
            if not line:
                return
            await self.execute(line.decode().strip())

    async def execute(self, line):
        """Run one line; errors are reported."""
        words = split(line)
        if not words or words[0][0] == "#":
            return
        word = words.pop(0)
        word = {"dir": "ls", "bye": "quit", "exit": "quit", "delete": "rm", "rename": "mv"}.get(word, word)
        await self.attempt(word, words)

    async def attempt(self, word, words):
        """Run one command; errors are reported."""
        try:
            if word not in _ONE and word not in _OTHER:
                raise Failure(word, "unknown command; `help` lists them")
            if len(words) < (2 if word == "mv" else word in _ONE):
                raise Failure(word, "missing operand")
            await getattr(self, "do_" + word)(*words)
        except (Failure, OSError, TypeError) as e:
            self.status = 1
            if isinstance(e, TypeError):
                e = Failure(word, "extra operand")
            self.process.complain("", e if isinstance(e, Failure) else reason(e))
            if isinstance(e, OSError) and e.args[0] in (104, 32, 110, 107):  # disconnected
                raise Failure("", "connection lost")

    def say(self, text):
        self.process.stdout.write(text + "\n")

    def here(self, path):
        """A local path."""
        return normal(path, self.local)

    async def do_help(self):
        self.say("  ".join(sorted(_ONE + _OTHER)))

    async def do_quit(self):
        self.ended = True

    async def do_binary(self):
        await self.session.command("TYPE I")

    async def do_ls(self, path=""):
        await self.session.retrieve(("LIST " + path).strip(), lambda data: self.process.stdout.write(bytes(data)))

    async def do_nls(self, path=""):
        for name in await self.names(path):
            self.say(name)

    async def names(self, path):
        found = bytearray()
        await self.session.retrieve(("NLST " + path).strip(), found.extend)
        return [name.strip("\r") for name in bytes(found).decode().split("\n") if name.strip("\r")]

    async def do_cd(self, path):
        await self.session.command("CWD " + path)

    async def do_cdup(self):
        await self.session.command("CDUP")

    async def do_pwd(self):
        self.say((await self.session.command("PWD"))[1][4:])

    async def do_lcd(self, path="/"):
        path = self.here(path)
        if not isdir(path):
            raise Failure(path, "No such directory")
        self.local = path

    async def do_lpwd(self):
        self.say(self.local)

    async def do_get(self, path, target=None):
        target = self.here(target or basename(path))
        with Replacement(target) as new:
            await self.session.retrieve("RETR " + path, new.write)
        self.say(f"{path}: {os.stat(target)[6]} bytes")

    async def do_reget(self, path, target=None):
        target = self.here(target or basename(path))
        try:
            have = os.stat(target)[6]
        except OSError:
            have = 0
        with open(target, "ab") as file:
            await self.session.retrieve("RETR " + path, file.write, have)
        self.say(f"{path}: {os.stat(target)[6]} bytes, {have} of them were here")

    async def do_put(self, path, target=None):
        source = self.here(path)
        if isdir(source):
            raise Failure(path, "Is a directory")
        with open(source, "rb") as file:
            await self.session.store("STOR " + (target or basename(path)), file)
        self.say(f"{path}: {os.stat(source)[6]} bytes")

    async def do_mget(self, *patterns):
        names = await self.names("")
        for pattern in patterns:
            for name in names:
                name = basename(name)
                if match(pattern, name):
                    await self.attempt("get", [name])

    async def do_mput(self, *patterns):
        for pattern in patterns:
            for entry in sorted(os.ilistdir(self.local)):
                if not entry[1] & 0x4000 and match(pattern, entry[0]):
                    await self.attempt("put", [entry[0]])

    async def do_rm(self, path):
        await self.session.command("DELE " + path)

    async def do_mkdir(self, path):
        await self.session.command("MKD " + path)

    async def do_rmdir(self, path):
        await self.session.command("RMD " + path)

    async def do_mv(self, old, new):
        await self.session.command("RNFR " + old, "3")
        await self.session.command("RNTO " + new)

    async def do_size(self, path):
        self.say((await self.session.command("SIZE " + path))[1][4:])

    async def do_quote(self, *words):
        self.say((await self.session.command(" ".join(words), "12345"))[1])
