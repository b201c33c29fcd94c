# Logins: Basic authentication, the login form, boards without a password; and the API's logins and users.
#
# Loaded by requests without a session.

import asyncio
import os
from binascii import a2b_base64, hexlify
from hashlib import sha256

from micropython import const

from base import users
from services.http import access
from services.http.protocol import HTTPError

_LOGINS_MAX = const(24)
_UNUSED_S = const(43_200)  # a login that is unused for so long expires
_STEP_MS = const(20)
BASIC_S = const(600)  # a password sent with a request is not hashed again for so long
_OPEN = ("/api/login", "/api/session", "/api/openapi.json", "/cp/version.json", "/cp/devices.json")  # for everybody


def add(server, token, user, life=_UNUSED_S):
    """Store a login under its token, and evict the least recently used one if there are too many."""
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
    """Require a login, or Basic authentication in this request; HTTPError otherwise."""
    headers = request.headers
    server = request.server
    if not request.login and headers.get("authorization", "")[:6].lower() == "basic ":
        request.login = await basic(request, headers["authorization"][6:])
    if not request.login and users.is_open():
        request.login = access.known(server, "") or add(server, "", users.find(users.ROOT) or users.User(users.ROOT))
    if request.login:
        request.connection.admitted = True
        access.limited(request)
    elif request.path not in _OPEN and not await may_call(request):
        fields = {}
        if (
            headers.get("sec-fetch-mode", "navigate") == "navigate"
        ):  # a script of the page asks: without this field the browser shows no login dialog
            fields = {"WWW-Authenticate": 'Basic realm="Diatom", charset="UTF-8"'}
        raise HTTPError(401, "login required", fields)


async def may_call(request):
    """Whether the request calls a Load Module of micrOS, or has a token for the camera, and needs no login for that."""
    if request.route == access.CAMERA:
        from services.http import camera  # late: rare

        if camera.admits(request):
            return True
        if not request.path.startswith(camera.MICROS):
            return False
    elif request.route not in access.CALLS:
        return False
    from services.http import rest  # late: rare

    return await rest.admits(request)


def digest_of(server, text):
    """What a login by a name and a password is remembered by: nobody else can find it."""
    return hexlify(sha256(server.key + text.encode()).digest()).decode()


async def basic(request, text):
    """The Login for the name and password sent with the request; HTTPError if they are wrong."""
    server = request.server
    digest = digest_of(server, text)
    while True:  # the password of simultaneous requests is checked once
        login = access.known(server, digest)
        if login:
            return login
        if digest not in server.checking:
            break
        await asyncio.sleep_ms(_STEP_MS)
    try:
        name, colon, password = a2b_base64(text).decode().partition(":")
    except (ValueError, UnicodeError):
        raise HTTPError(400)
    server.checking.add(digest)
    try:
        return add(server, digest, await password_of(request, name or users.ROOT, password), BASIC_S)
    finally:
        server.checking.discard(digest)


async def password_of(request, name, password):
    """The User with that name and password; HTTPError if they are wrong."""
    from services.guard import LockedOut, authenticate  # late: only to log in

    try:
        user = await authenticate("httpd", name, password, request.connection.address)
    except LockedOut:
        raise HTTPError(429, "too many failures; try again later", {"Retry-After": "300"})
    if not user:
        raise HTTPError(401, "incorrect user name or password")
    return user


def cookie(request, token, age):
    secure = "; Secure" if request.server.tls else ""
    return f"{access.COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}"


async def post_login(request, rest):
    from services.http.api import body  # late: other requests have none

    found = body(request, user=str, password=str)
    user = await password_of(request, found.get("user") or users.ROOT, found.get("password", ""))
    token = hexlify(os.urandom(32)).decode()
    login = add(request.server, token, user)
    request.connection.admitted = True
    return (
        {"user": login.name, "csrf": login.csrf, "open": False, "camera": has_camera()},
        200,
        {"Set-Cookie": cookie(request, token, 43200)},
    )


def post_logout(request, rest):
    login = request.server.logins.pop(request.cookie(access.COOKIE), None)
    if login:
        login.life = -1  # its terminals end as well
    return "", 204, {"Set-Cookie": cookie(request, "", 0), "Clear-Site-Data": '"cache"'}


def get_session(request, rest):
    login = request.login
    if not login:
        raise HTTPError(401, "login required")
    return {"user": login.name, "csrf": login.csrf, "open": users.is_open(), "camera": has_camera()}


def has_camera():
    """Whether the desktop shows a camera: one is in the board file."""
    from base import board  # late: only for a page

    return bool(board.get("camera"))


def get_users(request, rest):
    return [{"name": user.name, "home": user.home, "password": user.hash[:1] != "!"} for user in users.users()]


async def put_users(request, rest):
    """Set a password: {"password": "new", "current": "that of the user who is logged in"}."""
    from base import passwords  # late: only to change one
    from services.http.api import body  # late: other requests have none

    found = body(request, password=str, current=str)
    login = request.login
    if not users.is_open():
        await password_of(request, login.name, found.get("current", ""))
    if rest != login.name and login.name != users.ROOT:
        raise HTTPError(403, "must be root")
    user = users.find(rest)
    if not user:
        users.check_name(rest)
        user = users.User(rest)
    user.hash = await passwords.hash_of(found.get("password", ""))
    users.save(user)
    if login.name == user.name:
        login.hash = user.hash
    return "", 204
