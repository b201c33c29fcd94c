# The API's logins and users.

import os
from binascii import hexlify

from base import users
from services.http import access, auth
from services.http.api import body
from services.http.protocol import HTTPError


def cookie(request, token, age):
    secure = "; Secure" if request.server.tls else ""
    return f"{access.COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}"


async def post_login(request, rest):
    found = body(request, user=str, password=str)
    user = await auth.password_of(request, found.get("user") or users.ROOT, found.get("password", ""))
    token = hexlify(os.urandom(32)).decode()
    login = auth.add(request.server, token, user)
    request.connection.admitted = True
    return {"user": login.name, "csrf": login.csrf, "open": False}, 200, {"Set-Cookie": cookie(request, token, 43200)}


def post_logout(request, rest):
    login = request.server.logins.pop(request.cookie(access.COOKIE), None)
    if login:
        login.life = -1  # its terminals end as well
    return "", 204, {"Set-Cookie": cookie(request, "", 0), "Clear-Site-Data": '"cache"'}


def get_session(request, rest):
    login = request.login
    if not login:
        raise HTTPError(401, "login required")
    return {"user": login.name, "csrf": login.csrf, "open": users.is_open()}


def get_users(request, rest):
    return [{"name": user.name, "home": user.home, "password": user.hash[:1] != "!"} for user in users.users()]


async def put_users(request, rest):
    """Set a password: {"password": "new", "current": "that of the user who is logged in"}."""
    from base import passwords

    found = body(request, password=str, current=str)
    login = request.login
    if not users.is_open():
        await auth.password_of(request, login.name, found.get("current", ""))
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
