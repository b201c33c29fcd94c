# URLs: SCHEME://[USER[:PASSWORD]@]HOST[:PORT]/PATH

from base.errors import Failure

PORTS = {"http": 80, "https": 443, "ftp": 21, "mqtt": 1883, "mqtts": 8883, "telnet": 23}


class Url:
    """scheme, user, password, host, port and path (with the query) of a URL; Failure if it is invalid."""

    def __init__(self, text, schemes=("http", "https")):
        scheme, found, rest = text.partition("://")
        if not found:
            scheme, rest = schemes[0], text
        rest = rest.partition("#")[0]
        cut = len(rest)
        for c in "/?":
            at = rest.find(c)
            cut = min(cut, at) if at >= 0 else cut
        place, path = rest[:cut], rest[cut:]
        login, at, place = place.rpartition("@")
        host, colon, port = place.partition(":")
        self.scheme = scheme.lower()
        if self.scheme not in schemes:
            raise Failure(text, f"{scheme}: unsupported scheme")
        if not host or (colon and not (port.isdigit() and 0 < int(port) < 65536)):
            raise Failure(text, "invalid URL, expected SCHEME://HOST[:PORT]/...")
        for c in host + path:
            if c <= " " or c > "~":
                raise Failure(text, "invalid URL, encode blanks and non-ASCII characters as %XX")
        user, _, password = login.partition(":")
        self.user = decoded(user) if at else None
        self.password = decoded(password)
        self.host = host.lower()
        self.port = int(port) if port else PORTS[self.scheme]
        self.path = path if path[:1] == "/" else "/" + path

    @property
    def secure(self):
        return self.scheme in ("https", "mqtts")

    @property
    def place(self):
        """HOST[:PORT], as in the header Host."""
        return self.host if self.port == PORTS[self.scheme] else f"{self.host}:{self.port}"

    def join(self, target):
        """Resolve target relative to this URL."""
        scheme = target.partition("://")[0]
        if scheme != target and "/" not in scheme:
            return target
        if target[:2] == "//":
            return f"{self.scheme}:{target}"
        if target[:1] != "/":
            target = self.path.partition("?")[0].rpartition("/")[0] + "/" + target
        return f"{self.scheme}://{self.place}{target}"

    @property
    def name(self):
        """The last part of the path as the name of a file."""
        name = decoded(self.path.partition("?")[0].rpartition("/")[2])
        name = "".join([c for c in name if c >= " " and c not in "/\\\x7f"])
        return name if name not in ("", ".", "..") else "index.html"


def decoded(text):
    """Decode the %XX of a text."""
    if "%" not in text:
        return text
    out = bytearray()
    parts = text.split("%")
    out.extend(parts[0].encode())
    for part in parts[1:]:
        try:
            out.append(int(part[:2], 16))
            out.extend(part[2:].encode())
        except ValueError:
            out.extend(b"%" + part.encode())
    try:
        return out.decode()
    except UnicodeError:
        return text
