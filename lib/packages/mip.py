# Packages in MicroPython's own format (mip): package.json names files, by an address or by the beginning of their
# SHA-256 in an index, and other packages. Their files go to /libx, with a record as pkg keeps it.

import asyncio
import json
import sys

from micropython import const

from base.errors import Failure
from base.files import Replacement, make_directories
from base.paths import dirname, exists, join
from packages import change, record
from repository import source
from repository.manifest import valid_name

INDEX = "https://micropython.org/pi/v2"
_ADDRESSES = ("http://", "https://", "github:", "gitlab:")
_RAW = {"github:": "https://raw.githubusercontent.com/{}/{}/{}/{}", "gitlab:": "https://gitlab.com/{}/{}/-/raw/{}/{}"}
_PACKAGES_MAX = const(32)  # that one of them may need
_JSON_MAX = const(16384)  # bytes
_FILES_MAX = const(64)
_FILE_MAX = const(1048576)
_HASH_MIN = const(8)  # digits of a hash
_IDLE_MS = const(15_000)
_BUFFER = const(512)


def address(place, version):
    """The http address for github:USER/REPOSITORY/PATH and gitlab:..., and for an http address itself."""
    raw = _RAW.get(place[:7])
    if not raw:
        return place
    parts = place[7:].split("/", 2)
    if len(parts) < 3:
        raise Failure(place, "expected github:USER/REPOSITORY")
    return raw.format(parts[0], parts[1], version or "HEAD", parts[2])


class Installer:
    """What `mip install` does; installed are the names of the packages that it has brought."""

    def __init__(self, index, target, mpy, say):
        self.index = index.rstrip("/")
        self.target = target
        self.kind = sys.implementation._mpy & 0xFF if mpy and hasattr(sys.implementation, "_mpy") else "py"
        self.say = say
        self.warn = source.warner()
        self.installed = []

    def place(self, path):
        """Where a file goes."""
        return join(self.target, path)

    async def install(self, package, version):
        """Bring a package, and what it needs."""
        waiting = [(package, version)]
        while waiting:
            package, version = waiting.pop()
            found = await self.bring_package(package, version)
            for need in found:
                if need[0] not in self.installed:
                    waiting.append(need)
            if len(self.installed) > _PACKAGES_MAX:
                raise Failure(package, "too many dependencies")

    async def bring_package(self, package, version):
        """Bring the files of one package; returns [(package, version)] that it needs."""
        self.installed.append(package)
        name = package
        place = None
        for prefix in _ADDRESSES:
            if package.startswith(prefix):
                place = package
        if not place:
            if not valid_name(package) or "/" in package:
                raise Failure(package, "invalid package name")
            version = version or "latest"
            place = f"{self.index}/package/{self.kind}/{package}/{version}.json"
        elif place.endswith((".py", ".mpy")):
            file = place.rpartition("/")[2]
            await self.bring(file.rpartition(".")[0], version, [], [(file, address(place, version), "")])
            return []
        else:
            place = place if place.endswith(".json") else place.rstrip("/") + "/package.json"
            name = place.split("/")[-2].partition("@")[0]
        found = await self.description(place, version, package)
        needs = [(need[0], need[1]) for need in found.get("deps", ())]
        files = [(path, f"{self.index}/file/{sha[:2]}/{sha}", sha) for path, sha in found.get("hashes", ())]
        base = place.rpartition("/")[0]
        for path, url in found.get("urls", ()):
            if not url.startswith(_ADDRESSES):
                url = base + "/" + url
            files.append((path, address(url, version), ""))
        await self.bring(name, found.get("version") or version, [need[0] for need in needs], files)
        return needs

    async def description(self, place, version, package):
        """The content of a package.json, with values of the right kinds."""
        try:
            stream = await source.get(address(place, version), 0, _IDLE_MS, self.warn)
        except Failure as e:
            if "404" in str(e):
                raise Failure(package, "no such package")
            raise
        text = b""
        try:
            buffer = bytearray(_BUFFER)
            while n := await stream.readinto(buffer):
                text += buffer[:n]
                if len(text) > _JSON_MAX:
                    raise Failure(place, f"longer than {_JSON_MAX} bytes")
        finally:
            await stream.close()
        try:
            found = json.loads(text)
            files = list(found.get("hashes", ())) + list(found.get("urls", ()))
            for path, origin in files:
                if not valid_name(path) or not isinstance(origin, str):
                    raise ValueError
            for _, sha in found.get("hashes", ()):
                if len(sha) < _HASH_MIN or not valid_name(sha) or "/" in sha:
                    raise ValueError
            for need in found.get("deps", ()):
                if not isinstance(need[0], str) or not isinstance(need[1], str):
                    raise ValueError
            if not isinstance(found.get("version") or "", str) or len(files) > _FILES_MAX:
                raise ValueError
        except (ValueError, TypeError, IndexError, AttributeError):
            raise Failure(place, "not a package description")
        return found

    async def bring(self, name, version, needs, files):
        """Download [(path below the target, address, beginning of the hash or "")], and keep a record of them."""
        if not valid_name(name) or "/" in name:
            raise Failure(name, "invalid package name")
        entry = {"name": name, "version": version or "-", "needs": needs}
        old = record.read(name)
        own = old["files"] if old else {}
        coming = old.get("coming", {}) if old else {}  # where the power has cut this short
        files = [(self.place(path), url, sha) for path, url, sha in files]
        for path, _, _ in files:
            change.check_free(path, own)
        now = dict(own)
        for path, url, sha in files:
            there = change.hash_of(path)
            if there and there not in (own[path], coming.get(path)):
                self.say(path + ": modified locally, not replaced")
            elif not sha or not (there or "").startswith(sha):
                await self.fetch(url, path, sha, entry, now, coming)
            else:
                now[path] = there
        paths = [path for path, _, _ in files]
        for path in own:
            if path not in paths and change.hash_of(path) in (own[path], coming.get(path)) and exists(path):
                change.unlink(path)
                change.tidy(dirname(path))
        record.write(entry, {path: now[path] for path in paths}, True)
        self.say(name + " " + entry["version"])

    async def fetch(self, url, path, sha, entry, now, coming):
        """Put a file into place; its hash, as read back, is in the record first."""
        make_directories(dirname(path))
        stream = await source.get(url, 0, _IDLE_MS, self.warn)
        have = 0
        try:
            buffer = bytearray(_BUFFER)
            with Replacement(path) as new:
                while n := await stream.readinto(buffer):
                    have += n
                    if have > _FILE_MAX:
                        raise Failure(url, f"longer than {_FILE_MAX} bytes")
                    new.write(memoryview(buffer)[:n])
                    await asyncio.sleep_ms(0)
                new.file.flush()
                found = change.hash_of(new.temporary)
                if not found.startswith(sha):
                    raise Failure(url, "checksum mismatch")
                coming[path] = found
                known = dict(coming)
                known.update(now)
                record.write(entry, known, False, coming)
                now[path] = found
        finally:
            await stream.close()
