"""Third-party libraries for the board, pinned in tools/libraries.lock: downloaded once, checked, and kept under .sim/.

files() is what images and deployments take. Each archive has the SHA-256 of the lock file, or it is not used.
"""

import hashlib
import io
import os
import shutil
import sys
import tarfile
import zipfile

from simulator import compiled
from simulator.environment import PYTHON, ROOT, STATE

LOCK = os.path.join(ROOT, "tools", "libraries.lock")
KEPT = os.path.join(STATE, "libraries")
PYPI = "https://pypi.org/simple/%s/"
NPM = "https://registry.npmjs.org/%s/-/%s-%s.tgz"
TEXTS = (".html", ".js", ".css", ".svg", ".json", ".txt", ".webmanifest")  # what of www/ is worth compressing


class LibraryError(Exception):
    """A library is not available; the text says why."""


class Library:
    """An entry of the lock file."""

    def __init__(self, registry, name, version, digest, kind="", about=""):
        self.registry = registry
        self.name = name
        self.version = version
        self.digest = digest
        self.optional = kind == "optional"  # no image has it
        self.tool = kind == "tool"  # it is for this computer
        self.about = about
        self.files = []  # (path in the archive, name on the board)
        self.needs = []  # names of optional() ones that come along
        self.repairs = {}  # name on the board: [(text, what stands there instead)]

    @property
    def directory(self):
        name = "%s-%s-%s" % (self.name.replace("/", "-").strip("@"), self.version, self.digest[:8])
        if self.tool and self.files:  # more of the same archive is another directory
            name += "-" + hashlib.sha256(repr(self.files).encode()).hexdigest()[:8]
        return os.path.join(KEPT, name)


def locked():
    """The Libraries of the lock file."""
    found = []
    with open(LOCK, encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if not words or line.startswith("#"):
                continue
            if words[0] == "instead":
                text = line.partition("instead of ")[2].strip().partition(" => ")
                found[-1].repairs.setdefault(found[-1].files[-1][1], []).append((text[0], text[2]))
            elif words[0] == "needs":
                found[-1].needs += words[1:]
            elif line[0].isspace():
                found[-1].files.append(tuple(words))
            elif words[0] in ("optional", "tool"):
                found.append(Library(*words[1:5], words[0], line.partition("#")[2].strip()))
            else:
                found.append(Library(*words))
    return found


def optional():
    """{name: Library} of those that no image has; the name is that of the module, such as umqtt.simple."""
    return {lib.files[0][1][len("libx/") : -len(".py")].replace("/", "."): lib for lib in locked() if lib.optional}


def tool(name):
    """The directory of a package for this computer: what the lock file names of it, or all. LibraryError without it."""
    library = next(lib for lib in locked() if lib.tool and lib.name == name)
    if not os.path.isdir(library.directory):
        _fetch(library)
    return library.directory


def fetched(library):
    """[(path here, name on the board)] of one library. LibraryError where it cannot be had."""
    if not os.path.isdir(library.directory):
        _fetch(library)
    return [(_repaired(library, os.path.join(library.directory, os.path.basename(n)), n), n) for _, n in library.files]


def files(strict=False):
    """What the board gets of all libraries: [(path here, name on the board)], compiled where this computer can.

    Nobody edits them there, and a board has not the memory to compile what is large itself.

    One that cannot be fetched is left out, with a message; strict: LibraryError.
    """
    found = sources(strict)
    return compiled.compile_files(found, {}) if compiled.has_compiler() else found


def sources(strict=False):
    """The same before anything is compiled."""
    found = []
    for library in [library for library in locked() if not library.optional and not library.tool]:
        try:
            found += fetched(library)
        except LibraryError as e:
            if strict:
                raise
            print("sim: %s %s: %s; the board goes without it" % (library.name, library.version, e), file=sys.stderr)
    return found


def missing():
    """The Libraries that boards should get and that could not be fetched."""
    wanted = [library for library in locked() if not library.optional and not library.tool]
    return [library for library in wanted if not os.path.isdir(library.directory)]


def packed(entries):
    """[(path, name)] with the texts of www/ compressed: NAME.gz instead of NAME."""
    return [
        _pack(path, name) if name.startswith("www/") and name.endswith(TEXTS) else (path, name)
        for path, name in entries
    ]


def _pack(path, name):
    import gzip

    with open(path, "rb") as file:
        data = file.read()
    return compiled.kept(data, ".gz", lambda: gzip.compress(data, 9, mtime=0)), name + ".gz"


def _repaired(library, path, name):
    """The path of a file in which what the lock file says stands instead of what does not work."""
    repairs = library.repairs.get(name)
    if not repairs:
        return path
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    for old, new in repairs:
        if old not in text:
            raise LibraryError("there is no %r in %s" % (old, path))
        text = text.replace(old, new)
    return compiled.kept(text.encode(), ".py", text.encode)


def _fetch(library):
    """Fetch a library, check it and keep its files."""
    print("sim: fetching %s %s ..." % (library.name, library.version), file=sys.stderr, flush=True)
    temporary = "%s.%d" % (library.directory, os.getpid())
    os.makedirs(temporary)
    try:
        data = (_from_pypi if library.registry == "pypi" else _from_npm)(library, temporary)
        if hashlib.sha256(data).hexdigest() != library.digest:
            raise LibraryError("its SHA-256 is not that of " + LOCK)
        if library.tool and not library.files:
            _unpack(data, temporary)
        for inside, name in library.files:
            text = _member(data, inside)
            if name.endswith(".js"):
                text = b"\n".join(line for line in text.splitlines() if not line.startswith(b"//# sourceMappingURL"))
            with open(os.path.join(temporary, os.path.basename(name)), "wb") as file:
                file.write(text)
        try:
            os.rename(temporary, library.directory)
        except OSError:
            if not os.path.isdir(library.directory):  # else another start was quicker
                raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _unpack(data, directory):
    """All of an npm archive: in it everything is below package/."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member in archive:
            path = os.path.normpath(os.path.join(directory, member.name.partition("/")[2]))
            if member.isfile() and path.startswith(directory + os.sep):
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(archive.extractfile(member).read())


def _member(data, inside):
    """A file of an archive."""
    try:
        if data[:2] == b"PK":
            return zipfile.ZipFile(io.BytesIO(data)).read(inside)
        return tarfile.open(fileobj=io.BytesIO(data)).extractfile(inside).read()
    except (KeyError, AttributeError, zipfile.BadZipFile, tarfile.TarError):
        raise LibraryError("there is no %s in it" % inside) from None


def _from_pypi(library, directory):
    """The wheel, by pip; of what has none the source archive, from the same index (pip wants a setup.py in it)."""
    if library.optional:
        return _source_archive(library)
    pin = "%s==%s" % (library.name, library.version)
    command = [PYTHON, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    return _downloaded(command + ["--only-binary", ":all:", "--dest", directory, pin], directory)


def _source_archive(library):
    """The archive whose SHA-256 the index gives as that of the lock file."""
    import re
    import urllib.error
    import urllib.parse
    import urllib.request

    page = PYPI % re.sub(r"[-_.]+", "-", library.name).lower()
    try:
        with urllib.request.urlopen(page, timeout=30) as answer:
            found = re.search(r'href="([^"#]+)#sha256=%s' % library.digest, answer.read().decode())
        if not found:
            raise LibraryError("the index has no file with the SHA-256 of " + LOCK)
        with urllib.request.urlopen(urllib.parse.urljoin(page, found[1]), timeout=30) as answer:
            return answer.read()
    except (urllib.error.URLError, OSError, ValueError) as e:
        raise LibraryError("it cannot be fetched: %s" % getattr(e, "reason", e)) from None


def _from_npm(library, directory):
    """The package, by npm where the host has it."""
    if shutil.which("npm"):
        return _downloaded(["npm", "pack", "--silent", "%s@%s" % (library.name, library.version)], directory)
    import urllib.error
    import urllib.request

    url = NPM % (library.name, library.name.rpartition("/")[2], library.version)
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return answer.read()
    except (urllib.error.URLError, OSError) as e:
        raise LibraryError(str(e)) from None


def _downloaded(command, directory):
    """What a command puts into an empty directory."""
    import subprocess

    run = subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    names = os.listdir(directory)
    if run.returncode or len(names) != 1:
        raise LibraryError("it cannot be fetched: " + (run.stderr.strip().splitlines() or ["?"])[-1])
    path = os.path.join(directory, names[0])
    with open(path, "rb") as file:
        data = file.read()
    os.remove(path)
    return data
