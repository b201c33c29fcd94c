# The last resort: a console, the network and an upgrade, from nothing but the firmware.
#
# main.py runs this if the kernel cannot start, boot.py if startup.py and spare.py fail; at a Python prompt: import rescue;
# rescue.run(). lib/ may be broken, so for a board tools/simulator/standalone.py copies what is imported below from lib/ and
# recovery.py into this file. Sockets block here: there is no event loop.

import json
import os
import sys

import micropython

from base.files import make_directories
from base.paths import exists
from recovery import ROOM, copy, put
from repository.manifest import FORMAT, LINE_MAX, ROOT_FILES, SIZE_MAX, allowed, check_kind, entries, numbers
from repository.source import GITHUB, LATEST, REDIRECTS_MAX, first_byte
from repository.verify import BYTES, hex_digest, signed
from update import INSTALLED
from update.journal import beginning
from update.stage import GAP, TRIES
from update.status import HEALTHY_S

SILENT_S = 20  # how long a server may be silent
HELP = """\
upgrade [-u] [SOURCE]   put every file of the system in its place that is missing or damaged; SOURCE is an http(s) address
                        or a directory (else what system.conf says, or the project's releases); -u: also without a signature
restore                 put boot.py and what it needs in place from the copy on this flash
back                    take the last update back       wifi [SSID PASSWORD]    join this network, or a saved one
ls [PATH], rm PATH      look around, free space         reboot                  try the normal system again
python                  the firmware's own prompt"""


def run():
    """Run the console, or one command if the kernel's command line has `-c COMMAND`. None: continue to Python's prompt."""
    forget()
    print("Rescue: the system cannot be started. `upgrade` repairs it, `help` lists the commands.")
    if "-c" in sys.argv:
        return execute(sys.argv[sys.argv.index("-c") + 1].split())
    while True:
        try:
            line = input("rescue: ").split()
        except EOFError:
            return 1
        except KeyboardInterrupt:
            continue
        if line == ["python"]:
            return None
        execute(line)


def forget():
    """Unload what is loaded of the system, and let Ctrl-C interrupt."""
    import gc

    for name, module in list(sys.modules.items()):
        if "lib/" in getattr(module, "__file__", "") or name in ("time", "utime"):
            del sys.modules[name]
    gc.collect()
    getattr(micropython, "kbd_intr", id)(3)


def execute(words):
    """Run a command and return its status. The console survives any error."""
    try:
        if words:
            COMMANDS.get(words[0], lambda *_: print(HELP))(*words[1:])
        return 0
    except Exception as e:
        what = "the flash is full" if e.args[:1] == (28,) else e.args[0] if isinstance(e, ValueError) else repr(e)
        print("%s: %s" % (words[0], what))
    except KeyboardInterrupt:
        print("^C")
    return 1


def wifi(ssid=None, key=None):
    """Join a network: the given one, or the first saved one that accepts."""
    import time

    import network

    known = [(ssid, key)]
    if not ssid:
        with open("/local/wifi") as file:
            known = [(one["ssid"], one.get("key")) for one in json.load(file)["networks"]]
    wlan = network.WLAN(network.STA_IF)
    wlan.active(True)
    for ssid, key in known:
        wlan.connect(ssid, key or None)
        for _ in range(SILENT_S):
            if wlan.isconnected():
                print("%s: %s" % (ssid, wlan.ifconfig()[0]))
                return
            time.sleep(1)
        wlan.disconnect()
    raise ValueError("cannot connect to any saved network")


def online():
    """Join a saved network, if there is one and the board is not connected."""
    try:
        import network

        if network.WLAN(network.STA_IF).isconnected() or not exists("/local/wifi"):
            return
    except (ImportError, AttributeError, OSError):  # it may have a cable
        return
    wifi()


def upgrade(*words):
    """Download what is missing or damaged, and hand it over to recovery.py, which installs it at the next boot."""
    unsigned = "-u" in words
    words = [word for word in words if word[0] != "-"]
    source = Source(words[0] if words else configured())
    for path in ("/etc", ROOM + "new", ROOM + "old"):
        make_directories(path)
    kind = installed("kind") or kind_of_files()
    name = "manifest-%s.json" % kind
    path = ROOM + "manifest"
    source.save(name, path, SIZE_MAX)
    if not unsigned:
        source.save(name + ".sig", path + ".sig", BYTES)
        try:
            signed(path, path + ".sig")
        except Failure as e:
            raise ValueError("%s (-u accepts it)" % e)
    head = read_head(path)
    if (head["name"], head["format"]) != ("diatom", FORMAT):
        raise ValueError("not for this system")
    check_kind(head["kind"], head.get("mpy"), kind)
    if not unsigned and numbers(head["version"]) < numbers(installed("version") or "0.0.0"):
        raise ValueError("%s is older than what is installed (-u takes it)" % head["version"])
    print("%s, from %s" % (head["version"], source.base))
    about, chunks = "", ()
    if "rom" in head and exists("/lib/romfs.mpy"):  # else the files of the release bring it
        __import__("recovery")  # here and not in romfs, deeper: the compiler needs stack
        about, chunks = __import__("romfs").order(source, head)
    steps = collect(source, head["bundle"], path, about, chunks)
    print("\n%d files" % steps)
    if steps:
        hand_over(path)
        print("They are installed at the restart; `upgrade` then does the rest.")
        reboot()


def collect(source, bundle, manifest, about, chunks):
    """Stage what differs, and write the journal under another name; returns the number of steps."""
    number = 0
    with open(ROOM + "journal~", "w") as journal:
        journal.write(beginning(installed("version") or "?", "repaired", HEALTHY_S, "", about))
        for entry in entries(manifest):
            path = entry["path"]
            if not allowed(path):
                raise ValueError(path + ": path not allowed in a release")
            there = exists(path)
            if there and (entry.get("keep") or hex_digest(path) == entry["sha256"]):
                continue
            number += 1
            source.stage(bundle, entry, ROOM + "new/%d" % number)
            kind = "a" if not there else "c" if path[1:] in ROOT_FILES else "r"
            if kind == "c":
                copy(path, ROOM + "old/%d" % number)
            make_directories(path.rsplit("/", 1)[0] or "/")
            journal.write("%s %d %s\n" % (kind, number, path))
            print("\r%d files" % number, end="")
        if not exists(INSTALLED):  # else `upgrade` needs it, to see what the release does not have any more
            journal.write("a 0 %s\n" % INSTALLED)
        for chunk in chunks:
            number += 1
            journal.write("b %d %s\n" % (number, chunk))
        journal.write("end %d\n" % number)
    return number


def hand_over(manifest):
    """Let recovery.py install the staged files at the next boot; install it and what loads it now."""
    with open(ROOM + "journal~") as file:
        state = "switch"
        for line in file:
            if line.endswith((" /recovery.py\n", " /boot.py\n", " /startup.py\n", " /lib/romfs.mpy\n")):
                copy(ROOM + "new/" + line.split()[1], line.split()[2])
            elif line.startswith("rom "):
                state = "rom"
    os.rename(manifest, ROOM + "new/0")
    os.rename(ROOM + "journal~", ROOM + "journal")
    put(ROOM + "state", state)


class Failure(ValueError):
    """What the copied functions raise. The console prints a ValueError as it is; base.errors has the Failure of programs."""

    def __init__(self, obj, reason):
        super().__init__("%s: %s" % (obj, reason) if obj else reason)


class NotFound(ValueError):
    """The server does not have the file."""


class Source:
    """A directory, or one of an HTTP server."""

    def __init__(self, base):
        self.base = base if base.endswith("/") else base + "/"
        self.buffer = bytearray(1024)
        self.stream = None
        self.name = ""
        self.at = 0  # position of the stream

    def seek(self, name, offset):
        """Move the stream to this offset of a file."""
        if self.stream and not (name == self.name and 0 <= offset - self.at <= GAP):
            self.close()
        if not self.stream:
            self.name = name
            if "://" in self.base:
                self.stream, self.at = get(self.base + name, offset)
            else:
                self.stream = open(self.base + name, "rb")
                self.stream.seek(offset)
                self.at = offset
        while self.at < offset:
            if not self.read(offset - self.at):
                raise OSError(104)

    def read(self, most):
        n = self.stream.readinto(memoryview(self.buffer)[: min(most, len(self.buffer))]) or 0
        self.at += n
        return n

    def close(self):
        if self.stream:
            self.stream.close()
            self.stream = None

    def bring(self, name, offset, most, path):
        """Write at most so many bytes of a file, from an offset, to path; returns their number."""
        done = 0
        with open(path, "wb") as out:
            while done < most:
                self.seek(name, offset + done)
                n = self.read(most - done)
                if not n:
                    break
                write(out, memoryview(self.buffer)[:n])
                done += n
        return done

    def save(self, name, path, limit):
        """Save a whole file; ValueError if it is longer than limit."""
        self.close()
        if self.bring(name, 0, limit + 1, path) > limit:
            raise ValueError("%s: longer than %d bytes" % (name, limit))
        self.close()

    def stage(self, bundle, entry, path):
        """Stage a file of the bundle, verified by reading it back; use what an earlier attempt has left."""
        for _ in range(TRIES):
            if exists(path) and hex_digest(path) == entry["sha256"]:
                return
            try:
                self.bring(bundle, entry["at"], entry["size"], path)
                continue
            except OSError as e:
                if e.errno == 28:
                    raise
            self.close()
        raise ValueError("%s: checksum mismatch" % entry["path"])


def write(out, data):
    if out.write(data) != len(data):
        raise OSError(28)


def get(url, offset):
    """Return (stream, its first offset) for a URL. The caller checks the hash."""
    import socket

    for _ in range(REDIRECTS_MAX):
        scheme, _, rest = url.partition("://")
        host, _, path = rest.partition("/")
        host, _, port = host.partition(":")
        address = socket.getaddrinfo(host, int(port or (443 if scheme == "https" else 80)), 0, socket.SOCK_STREAM)[0]
        sock = socket.socket(address[0])
        sock.settimeout(SILENT_S)
        sock.connect(address[-1])
        if scheme == "https":
            import ssl

            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            setattr(context, "verify_mode", ssl.CERT_NONE)  # noqa: B010 (the stubs do not know it)
            sock = context.wrap_socket(sock, server_hostname=host)
        asked = "GET /%s HTTP/1.0\r\nHost: %s\r\nRange: bytes=%d-\r\n\r\n" % (path, host, offset)
        sock.write(asked.encode())
        status = int((sock.readline() or b"- 0 -").split(None, 2)[1])
        begin, target = 0, ""
        while (line := sock.readline()) and line != b"\r\n":
            name, _, value = line.decode().strip().partition(":")
            if name.lower() == "content-range":
                begin = first_byte(value.strip())
            elif name.lower() == "location":
                target = value.strip()
        if status in (200, 206) and begin in (0, offset):
            return sock, begin
        sock.close()
        if not 300 < status < 309 or not target:
            raise (NotFound if status == 404 else ValueError)("%s: server returned %d" % (url, status))
        url = url[: url.find("/", 8)] + target if target[0] == "/" else target
    raise ValueError("too many redirects")


def configured():
    """The URL of system.conf, or else the project's."""
    try:
        with open("/etc/system.conf") as file:
            return json.load(file)["upgrade"]["url"]
    except (OSError, ValueError, KeyError, TypeError):
        return GITHUB + LATEST


def read_head(path):
    """The first line of a manifest as a dict; ValueError if it is not one."""
    with open(path, "rb") as file:
        return json.loads(file.readline(LINE_MAX).rstrip() + b"]}")


def installed(key):
    """A value from the manifest of the installed release; None if there is none."""
    try:
        return read_head(INSTALLED)[key]
    except (OSError, ValueError, KeyError):
        return None


def kind_of_files():
    """The kind of the installed system: an image in ROMFS, packs, compiled files or sources."""
    names = [name for top in ("/lib", "/lib/kernel", "/bin") if exists(top) for name in os.listdir(top)]
    if "romfs.mpy" in names and "kernel" not in names:
        return "romfs"
    return "packed" if "packed" in names else "mpy" if any(name.endswith(".mpy") for name in names) else "source"


def reboot():
    __import__("machine").reset()


def ls(path="/"):
    print(" ".join(sorted(os.listdir(path))))


COMMANDS = {"upgrade": upgrade, "wifi": wifi, "back": lambda: __import__("recovery").back()}
COMMANDS.update({"restore": lambda: __import__("spare").restore(), "ls": ls, "rm": os.remove, "reboot": reboot})
