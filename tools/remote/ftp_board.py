"""A board in the network: its files over FTP (the board's service is started by `uftpd start`)."""

import calendar
import errno
import ftplib
import io
import os
import posixpath
import re
import socket
import time

from remote.board import Board, Entry
from remote.errors import RemoteError, Unreachable, Unsupported, os_error

PORT = 21
TELNET_BEYOND = 2  # telnet's port less FTP's
TIMEOUT = 15  # seconds
BLOCK = 16384

# What the server's sentences mean, in lower case.
REASONS = (
    ("no such", errno.ENOENT),
    ("not a directory", errno.ENOTDIR),
    ("is a directory", errno.EISDIR),
    ("not empty", errno.ENOTEMPTY),
    ("exists", errno.EEXIST),
    ("no space", errno.ENOSPC),
    ("permission", errno.EACCES),
    ("protected", errno.EACCES),
    ("cannot be changed", errno.EACCES),
    ("read-only", errno.EROFS),
    ("invalid", errno.EINVAL),
)
GONE = (EOFError, ConnectionError, TimeoutError, socket.gaierror)


class FtpBoard(Board):
    """The files of the board at an FTP address."""

    def __init__(self, host, port=PORT, user="root", password="", address=None, timeout=TIMEOUT):
        self.host, self.port, self.user, self.password = host, port, user, password
        self.address = address or "ftp://%s@%s:%d" % (user, host, port)
        self.timeout = timeout
        self.ftp = None
        self.connect()

    def connect(self):
        """Log in."""
        self.ftp = None
        ftp = ftplib.FTP(encoding="utf-8")
        try:
            ftp.connect(self.host, self.port, self.timeout)
            ftp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ftp.login(self.user, self.password)
            ftp.voidcmd("TYPE I")
        except ftplib.error_perm as e:
            ftp.close()
            raise RemoteError("%s: %s" % (self.address, str(e)[4:])) from None
        except (OSError, EOFError, ftplib.Error) as e:
            ftp.close()
            text = getattr(e, "strerror", None) or str(e) or "the connection was closed"
            raise Unreachable("%s: %s" % (self.address, text)) from None
        self.ftp = ftp

    def close(self):
        if self.ftp:
            try:
                self.ftp.quit()
            except (OSError, EOFError, ftplib.Error):
                self.ftp.close()
            self.ftp = None

    def do(self, path, action):
        """Run action(ftp); repeat it once if the connection has been lost meanwhile."""
        for last in (False, True):
            if self.ftp is None:
                self.connect()
            try:
                return action(self.ftp)
            except ftplib.error_perm as e:
                raise refusal(str(e), path) from None
            except (*GONE, OSError, ftplib.Error) as e:
                if isinstance(e, ftplib.error_temp) and str(e)[:3] != "421":
                    raise refusal(str(e), path) from None
                self.ftp.close()
                self.ftp = None
                if last:
                    raise Unreachable("%s: %s" % (self.address, str(e) or "the connection was closed")) from None

    # --- files

    def list(self, path):
        text = self.do(path, lambda ftp: retrieve(ftp, "MLSD " + path))
        entries = [entry(line) for line in text.decode().splitlines()]
        return sorted(e for e in entries if e.name not in (".", ".."))

    def stat(self, path):
        reply = self.do(path, lambda ftp: ftp.sendcmd("MLST " + path))
        found = entry(reply.splitlines()[1].strip())
        return found._replace(name=posixpath.basename(path.rstrip("/")))

    def read(self, path):
        yield self.read_from(path)

    def read_from(self, path, offset=0, most=None):
        """A file's bytes from an offset on; no more than most."""
        return self.do(path, lambda ftp: retrieve(ftp, "RETR " + path, offset, most))

    def write(self, path, data, advance=None):
        self.store(path, io.BytesIO(data), len(data), advance)

    def store(self, path, file, count, advance=None):
        """Put count bytes of an open file there; the board has the old file or all of the new one."""
        told = 0  # what the bar knows of: a second try tells only what is beyond

        def action(ftp):
            nonlocal told
            file.seek(0)
            for done in send(ftp, path, file, count):
                if advance and done > told:
                    advance(done - told)
                    told = done

        self.do(path, action)

    def remove(self, path):
        self.do(path, lambda ftp: ftp.delete(path))

    def rmdir(self, path):
        self.do(path, lambda ftp: ftp.rmd(path))

    def mkdir(self, path):
        self.do(path, lambda ftp: ftp.mkd(path))

    def rename(self, old, new):
        self.do(old, lambda ftp: ftp.rename(old, new))

    def touch(self, path, modified):
        """Set the time of a file; False if the server cannot."""
        when = time.strftime("%Y%m%d%H%M%S", time.gmtime(modified))
        try:
            self.do(path, lambda ftp: ftp.voidcmd("MFMT %s %s" % (when, path)))
        except OSError:
            return False
        return True

    def hashes(self, paths, advance=None):
        found = {}
        for path in paths:
            try:
                found[path] = self.do(path, lambda ftp, path=path: ftp.sendcmd("SITE SHA256 " + path)).split()[1]
            except OSError:
                pass
            if advance:
                advance(1)
        return found

    def space(self, path="/"):
        reply = self.do(path, lambda ftp: ftp.sendcmd("SITE DF " + path))
        free, size = re.findall(r"\d+", reply[4:])[:2]
        return int(size), int(free)

    def facts(self):
        facts = {"address": self.address}
        for name, pattern in (
            ("diatom", r"Diatom version (\S+)"),
            ("micropython", r"\(MicroPython ([^)]+)\)"),
            ("machine", r"\) (.+)"),
        ):
            found = re.search(pattern, self.text("/proc/version"))
            if found:
                facts[name] = found[1].strip()
        for name, key in (("memory", "MemTotal"), ("free_memory", "MemFree")):
            found = re.search(key + r":\s*(\d+)( kB)?", self.text("/proc/meminfo"))
            if found:
                facts[name] = int(found[1]) * (1024 if found[2] else 1)
        return facts

    def text(self, path):
        """A text file, empty where it is missing."""
        try:
            return self.read_all(path).decode(errors="replace")
        except FileNotFoundError:
            return ""

    def terminal(self):
        from remote.line import TelnetLine

        return TelnetLine(self.host, self.port + TELNET_BEYOND, self.user, self.password)

    def execute(self, code, sink=None, timeout=10):
        raise Unsupported("%s: Python can be run over a serial line only" % self.address)


def retrieve(ftp, command, offset=0, most=None):
    """The data of RETR or MLSD, aborted when there is enough. TYPE stays I, which ftplib's retrlines would change."""
    data = bytearray()
    with ftp.transfercmd(command, offset or None) as sock:
        while most is None or len(data) < most:
            piece = sock.recv(BLOCK)
            if not piece:
                ftp.voidresp()
                return bytes(data)
            data += piece
    try:
        ftp.voidresp()
    except ftplib.error_temp as e:  # the server has noticed
        if str(e)[:3] != "426":
            raise
    return bytes(data[:most])


def send(ftp, path, file, count):
    """STOR; yields how many bytes are on their way."""
    try:
        ftp.sendcmd("ALLO %d" % count)  # with it the server tells the end of the file from that of this program
    except ftplib.Error as e:
        if str(e)[:3] in ("452", "552"):
            raise
    done = 0
    with ftp.transfercmd("STOR " + path) as sock:
        try:
            while block := file.read(BLOCK):
                sock.sendall(block)
                done += len(block)
                yield done
        except ConnectionError:
            sock.close()
            ftp.voidresp()  # which tells why
            raise
    ftp.voidresp()


def entry(line):
    """The Entry of a line of MLSD."""
    facts, _, name = line.partition(" ")
    values = dict(fact.partition("=")[::2] for fact in facts.lower().split(";") if fact)
    modified = None
    if "modify" in values:
        modified = calendar.timegm(time.strptime(values["modify"][:14], "%Y%m%d%H%M%S"))
    directory = values.get("type", "file").endswith("dir")
    return Entry(name, directory, int(values.get("size", 0)), modified)


def refusal(text, path):
    """The exception for a negative reply."""
    low = text.lower()
    for words, value in REASONS:
        if words in low:
            return os_error(value, path)
    return OSError(errno.EIO, text[4:].strip() or "refused", path)


def find_password(user, host):
    """A password that is not in the address: from the environment, ~/.netrc, or asked for."""
    import getpass
    import netrc
    import sys

    if "DIATOM_PASSWORD" in os.environ:
        return os.environ["DIATOM_PASSWORD"]
    try:
        known = netrc.netrc().authenticators(host)
    except (OSError, netrc.NetrcParseError):
        known = None
    if known and known[0] == user:
        return known[2]
    return getpass.getpass("Password of %s at %s: " % (user, host)) if sys.stdin.isatty() else ""
