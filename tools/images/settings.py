"""The owner's settings in an image: Wi-Fi, passwords, name, time zone, services; stored as the system itself stores them.

Each file has the form of the module that reads it on the board: /local/wifi that of lib/net/networks.py, /etc/shadow that of
lib/base/users.py with the hashes of lib/base/passwords.py, /etc/system.conf that of lib/base/config.py, /local/services
that of lib/services/definitions.py. Secrets other than the key of Wi-Fi are kept as salted hashes.
"""

import hashlib
import json
import os
import re
from dataclasses import dataclass, field

from remote.errors import RemoteError

WIFI, SHADOW, CONFIG, SERVICES = "local/wifi", "etc/shadow", "etc/system.conf", "etc/services/"
OWN_SERVICES = "local/services/"
SECRET = (WIFI, SHADOW)
USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}\Z")
HOSTNAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?\Z")
HOURS = re.compile(r"[+-]?\d{1,2}(\.\d+|:[0-5]\d)?\Z")
_NAME, _TIME = r"([A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)", r"\d{1,3}(:[0-5]\d){0,2}"
_DAY = r"(J?\d{1,3}|M(1[0-2]|[1-9])\.[1-5]\.[0-6])(/-?%s)?" % _TIME
POSIX = re.compile(r"%s[+-]?%s(%s([+-]?%s)?,%s,%s)?\Z" % (_NAME, _TIME, _NAME, _TIME, _DAY, _DAY))
SALT = 16  # bytes
PASSWORD_MAX = 128  # bytes
# How often PBKDF2 hashes, so that a login takes about half a second on the chip: 790 to 1,230 were measured on an emulated
# RP2040. The others are quicker, how much nobody has measured; `passwd` on the board does, and sets its own.
ITERATIONS = {"rp2040": 1000}
ITERATIONS_ELSEWHERE = 2000


@dataclass
class Settings:
    """The owner's settings; empty means the defaults."""

    wifi: list = field(default_factory=list)  # [(SSID, key)]; the key of an open network is ""
    passwords: dict = field(default_factory=dict)  # {user: password}
    hostname: str = ""
    timezone: str = ""
    board: str = ""  # its file in /etc/boards, where the firmware does not tell
    services: list = field(default_factory=list)  # that start at every boot

    def check(self):
        """Raise RemoteError for what the system would refuse."""
        for ssid, key in self.wifi:
            if not 0 < len(ssid.encode()) <= 32:
                raise RemoteError("%s: the name of a network has 1 to 32 bytes" % ssid)
            if key and not 8 <= len(key.encode()) <= 64:
                raise RemoteError("%s: a Wi-Fi password has 8 to 64 bytes" % ssid)
        for user, password in self.passwords.items():
            if not USER.match(user):
                raise RemoteError("%s: a user's name has 1 to 32 letters, digits and _ - ." % user)
            if not 0 < len(password.encode()) <= PASSWORD_MAX:
                raise RemoteError("%s: a password has 1 to %d bytes" % (user, PASSWORD_MAX))
        if self.hostname and not HOSTNAME.match(self.hostname):
            raise RemoteError("%s: a host name has 1 to 32 letters, digits and - inside" % self.hostname)

    def files(self, system, chip):
        """{path: bytes} that these settings add or replace; system is {path: bytes} of Diatom's own files."""
        self.check()
        found = {}
        if self.wifi:
            most = len(self.wifi) - 1  # the first is the one that is wanted most
            networks = [{"ssid": ssid, "key": key, "priority": most - i} for i, (ssid, key) in enumerate(self.wifi)]
            found[WIFI] = _json({"networks": networks})
        if self.passwords:
            found[SHADOW] = "".join(_shadow(user, self.passwords[user], chip) for user in self.passwords).encode()
        if self.hostname or self.timezone or self.board:
            found[CONFIG] = self._config(system)
        for name in dict.fromkeys([*(["wifi"] if self.wifi else []), *self.services]):
            if SERVICES + name not in system:
                known = sorted(path[len(SERVICES) :] for path in system if path.startswith(SERVICES))
                raise RemoteError("%s: no such service in this image (%s)" % (name, ", ".join(known)))
            found[OWN_SERVICES + name] = b"enabled=yes\n"
        return found

    def _config(self, system):
        content = json.loads(system[CONFIG])
        if self.hostname:
            content["hostname"] = self.hostname
        if self.board:
            content["board"] = self.board
        if self.timezone:
            content["env"]["TZ"] = self.timezone
        return _json(content)


def check_zone(zone, places):
    """Raise RemoteError for an invalid time zone; places is the text of lib/base/zones.txt."""
    region, _, place = zone.partition("/")
    known = any(line.split()[:1] == [region] and place in line.split()[2:] for line in places.splitlines())
    if not (known or zone in ("UTC", "GMT") or HOURS.match(zone) or POSIX.match(zone)):
        raise RemoteError("%s: no time zone; one is 1, -3.5, CET-1CEST,M3.5.0,M10.5.0/3 or Europe/Berlin" % zone)


def _json(content):
    return (json.dumps(content, ensure_ascii=False) + "\n").encode()


def _shadow(user, password, chip):
    """The user's line of /etc/shadow."""
    salt = os.urandom(SALT)
    count = ITERATIONS.get(chip, ITERATIONS_ELSEWHERE)
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, count)
    home = "/home" if user == "root" else "/home/" + user
    return "%s:pbkdf2-sha256$%d$%s$%s:%s:\n" % (user, count, salt.hex(), key.hex(), home)
