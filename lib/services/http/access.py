# Who asks, and may he: sessions of browsers, Basic authentication of programs, and pages of others that try to use them.
#
# A session is a random token in a cookie that no script can read and no other site sends (HttpOnly, SameSite=Strict).
# What changes something needs its second token, too, in X-CSRF-Token. For everybody holds: the Host is a name of this
# board, so that no foreign name can be pointed at it, and where there is an Origin, it is this host or one that
# system.conf allows. A login ends when it is unused for long, or when the password of its user has changed.

import asyncio
import os
from binascii import a2b_base64, hexlify
from hashlib import sha256

from micropython import const

from base import changes, config, users
from base.clock import uptime
from services.http.wire import Bad

COOKIE = "diatom"
_LOGINS_MAX = const(24)
_UNUSED_S = const(43_200)  # after so long a login ends
_STEP_MS = const(20)
_BASIC_S = const(600)  # a password that came with a request need not be looked at again for so long
SAFE = ("GET", "HEAD", "OPTIONS")
_OPEN = ("/api/login", "/api/session", "/api/openapi.json", "/cp/version.json", "/cp/devices.json")  # for everybody
_PAGES = "services.http.static"
_SHARED = ("services.http.files", "services.http.circuitpython")  # where system.conf may let pages of others in
_FORGEABLE = "another site's page asks"


def touch(login):
    login.used = uptime()
    login.epoch = changes.count


def is_good(login):
    """Whether somebody who has logged in still is."""
    if uptime() - login.used > login.life:
        return False
    if login.epoch != changes.count:
        user = users.find(login.user)
        if not user or user.hash != login.hash:
            return False
        login.readonly = bool(user.option("ro"))
    return True


def add(server, token, user, life=_UNUSED_S):
    """Keep a login under its token; the one that has been unused for longest makes room."""
    logins = server.logins
    for old in list(logins):
        if not is_good(logins[old]):
            del logins[old]
    if len(logins) >= _LOGINS_MAX:
        del logins[min(logins, key=lambda name: logins[name].used)]
    login = server.enter(token, user, life, hexlify(os.urandom(16)).decode())
    login.readonly = bool(user.option("ro"))
    touch(login)
    return login


def known(server, token):
    """The Login for a token, or None."""
    login = server.logins.get(token)
    if login and not is_good(login):
        del server.logins[token]
        return None
    if login:
        touch(login)
    return login


def host_of(text):
    """The host in HOST:PORT."""
    return text.partition("]")[0] + "]" if text[:1] == "[" else text.partition(":")[0]


def is_ours(host):
    """Whether the board may be called by this name: an address, its own name, or one that system.conf adds."""
    host = host_of(host).lower()
    if host[:1] == "[" or host == "localhost" or not host.strip("0123456789."):
        return True
    name = config.hostname().lower()
    return host in (name, name + ".local", name + ".lan", name + ".home") or host in option("hosts")


def option(name):
    """A list in the settings of httpd."""
    found = (config.get("httpd") or {}).get(name)
    return found if isinstance(found, list) else ()


def foreign(request):
    """Whether the page of another site asks, as far as the browser tells."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
    return origin.partition("://")[2].lower() != request.headers.get("host", "").lower()


def is_allowed(origin):
    """Whether system.conf lets pages of this origin use the files."""
    return origin in option("origins")


def check(request):
    """Set request.g.login: who asks, None for nobody. False where authorize() has to follow; Bad for what may not be."""
    g = request.g
    headers = request.headers
    g.login = None
    server = g.server
    host = headers.get("host", "localhost")
    if server.called != (host, changes.count):
        if not is_ours(host):
            raise Bad(421, "this board has another name; see `hosts` in docs/http.md")
        server.called = (host, changes.count)
    upgrade = "upgrade" in headers
    g.unsafe = unsafe = request.method not in SAFE or upgrade
    if unsafe and foreign(request):
        allowed = g.room in _SHARED and not upgrade and "authorization" in headers
        if not allowed or not is_allowed(headers.get("origin", "")):
            raise Bad(403, _FORGEABLE)
    token = request.cookies.get(COOKIE)
    if token:
        g.login = known(server, token)
        if g.login and unsafe and not upgrade and headers.get("x-csrf-token") != g.login.csrf and g.room != _PAGES:
            raise Bad(403, "X-CSRF-Token is missing or wrong")
    if g.room == _PAGES or request.method == "OPTIONS":
        g.connection.admitted = g.connection.admitted or bool(g.login)
        return True
    return False


async def authorize(request):
    """Let only those go on who have logged in, or do so with this request; Bad for all others."""
    g = request.g
    headers = request.headers
    server = g.server
    if not g.login and headers.get("authorization", "")[:6].lower() == "basic ":
        g.login = await basic(request, headers["authorization"][6:])
    if not g.login and users.is_open():
        g.login = known(server, "") or add(server, "", users.find(users.ROOT) or users.User(users.ROOT))
    if g.login:
        g.connection.admitted = True
    elif request.path not in _OPEN:
        fields = {}
        if (
            headers.get("sec-fetch-mode", "navigate") == "navigate"
        ):  # a page asks by itself, without the browser's window
            fields = {"WWW-Authenticate": 'Basic realm="Diatom", charset="UTF-8"'}
        raise Bad(401, "log in first", fields)
    if g.unsafe and g.login and g.login.readonly and g.room == "services.http.files":
        raise Bad(403, "read-only")


async def basic(request, text):
    """The Login for a name and password that come with the request; Bad where they are wrong."""
    server = request.g.server
    digest = hexlify(sha256(server.key + text.encode()).digest()).decode()
    while True:  # of several requests at once, one password is looked at once
        login = known(server, digest)
        if login:
            return login
        if digest not in server.checking:
            break
        await asyncio.sleep_ms(_STEP_MS)
    try:
        name, colon, password = a2b_base64(text).decode().partition(":")
    except (ValueError, UnicodeError):
        raise Bad(400)
    server.checking.add(digest)
    try:
        return add(server, digest, await password_of(request, name or users.ROOT, password), _BASIC_S)
    finally:
        server.checking.discard(digest)


async def password_of(request, name, password):
    """The User with that name and password; Bad where they are wrong."""
    from services.guard import LockedOut, authenticate

    try:
        user = await authenticate("httpd", name, password, request.g.connection.address)
    except LockedOut:
        raise Bad(429, "too many failures; try again later", {"Retry-After": "300"})
    if not user:
        raise Bad(401, "the name or the password is wrong")
    return user
