# Who asks, and may he: sessions of browsers, Basic authentication of programs, and pages of others that try to use them.
#
# A session is a random token in a cookie that no script can read and no other site sends (HttpOnly, SameSite=Strict).
# What changes something needs its second token, too, in X-CSRF-Token. For everybody holds: the Host is a name of this
# board, so that no foreign name can be pointed at it, and where there is an Origin, it is this host or one that
# system.conf allows. A login ends when it is unused for long, or when the password or the options of its user have
# changed. Who has none yet is looked at by services.http.authority, which only such requests load.

from micropython import const

from base import config, generation
from base.clock import uptime
from services.http.wire import Bad

COOKIE = "diatom"
SAFE = ("GET", "HEAD", "OPTIONS")
_PAGES = const("services.http.static")
_FILES = const("services.http.files")
_SHARED = const((_FILES, "services.http.circuitpython"))  # where system.conf may let pages of others in
_FORGEABLE = const("another site's page asks")


def touch(login):
    login.used = uptime()
    login.epoch = generation.count


def is_good(login):
    """Whether somebody who has logged in still is."""
    if uptime() - login.used > login.life:
        return False
    if login.epoch != generation.count:
        from base import users  # late: most requests come when nothing has changed

        user = users.find(login.name)
        if not user or user.hash != login.hash or user.options != login.options:
            return False
    return True


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
    """Set request.g.login: who asks, None for nobody. False where services.http.authority has to look;
    Bad for what may not be."""
    g = request.g
    headers = request.headers
    g.login = None
    server = g.server
    host = headers.get("host", "localhost")
    if server.called != (host, generation.count):
        if not is_ours(host):
            raise Bad(421, "this board has another name; see `hosts` in docs/http.md")
        server.called = (host, generation.count)
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
    if not g.login:
        return g.room == _PAGES or request.method == "OPTIONS"
    g.connection.admitted = True
    limited(request)
    return True


def limited(request):
    """Bad where the options of a user forbid what he asks for."""
    login = request.g.login
    if login.options:
        from services import policy  # late: few users have any

        why = policy.route(login, request.path, request.g.unsafe)
        if why:
            raise Bad(403, why)
