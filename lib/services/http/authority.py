# Who asks, where no session tells: a name and a password that come with a request, or nobody at all.

import asyncio
import os
from binascii import a2b_base64, hexlify
from hashlib import sha256

from micropython import const

from base import users
from services.http import access
from services.http.wire import Bad

_LOGINS_MAX = const(24)
_UNUSED_S = const(43_200)  # after so long a login ends
_STEP_MS = const(20)
_BASIC_S = const(600)  # a password that came with a request need not be looked at again for so long
_OPEN = ("/api/login", "/api/session", "/api/openapi.json", "/cp/version.json", "/cp/devices.json")  # for everybody


def add(server, token, user, life=_UNUSED_S):
    """Keep a login under its token; the one that has been unused for longest makes room."""
    logins = server.logins
    for old in list(logins):
        if not access.is_good(logins[old]):
            del logins[old]
    if len(logins) >= _LOGINS_MAX:
        del logins[min(logins, key=lambda name: logins[name].used)]
    login = server.enter(token, user, life, hexlify(os.urandom(16)).decode())
    access.touch(login)
    return login


async def authorize(request):
    """Let only those go on who have logged in, or do so with this request; Bad for all others."""
    g = request.g
    headers = request.headers
    server = g.server
    if not g.login and headers.get("authorization", "")[:6].lower() == "basic ":
        g.login = await basic(request, headers["authorization"][6:])
    if not g.login and users.is_open():
        g.login = access.known(server, "") or add(server, "", users.find(users.ROOT) or users.User(users.ROOT))
    if g.login:
        g.connection.admitted = True
        access.limited(request)
    elif request.path not in _OPEN:
        fields = {}
        if (
            headers.get("sec-fetch-mode", "navigate") == "navigate"
        ):  # a page asks by itself, without the browser's window
            fields = {"WWW-Authenticate": 'Basic realm="Diatom", charset="UTF-8"'}
        raise Bad(401, "log in first", fields)


async def basic(request, text):
    """The Login for a name and password that come with the request; Bad where they are wrong."""
    server = request.g.server
    digest = hexlify(sha256(server.key + text.encode()).digest()).decode()
    while True:  # of several requests at once, one password is looked at once
        login = access.known(server, digest)
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
