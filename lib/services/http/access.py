# Authentication, CSRF and origin checks: sessions of browsers, and pages of other sites that try to use them.
#
# A session is a random token in a cookie that no script can read and no other site sends (HttpOnly, SameSite=Strict).
# A request that changes something must also carry the CSRF token, in X-CSRF-Token. In any case the Host is a name of this
# board, so that no foreign name can be pointed at it, and where there is an Origin, it is this host or one that
# system.conf allows. A login ends when it is unused for long, or when the password or the options of its user have
# changed. Requests without a session go to services.http.auth, which only they load.

from micropython import const

from base import config, generation
from base.clock import uptime
from services.http.protocol import HTTPError

COOKIE = "diatom"
SAFE = ("GET", "HEAD", "OPTIONS")
_PAGES = const("services.http.static")
_FILES = const("services.http.files")  # where system.conf may let pages of others in
ENDPOINTS = const("services.http.pages")  # of Load Modules
_CONFIG = const("services.http.config")  # settings of micrOS
CAMERA = const("services.http.camera")  # takes a token, too
CALLS = ("services.http.rest", ENDPOINTS, _CONFIG)  # may change something with any method
_FORGEABLE = const("cross-site request")
_UNCLEAR = const("the browser does not say which page sends this; use /dashboard")


def touch(login):
    login.used = uptime()
    login.epoch = generation.count


def is_good(login):
    """True if a login is still valid."""
    if uptime() - login.used > login.life:
        return False
    if login.epoch != generation.count:
        from base import users  # late: needed only after a change of files

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
    """True if this is a name of the board: an address, its own name, or one that system.conf adds."""
    host = host_of(host).lower()
    if host[:1] == "[" or host == "localhost" or not host.strip("0123456789."):
        return True
    name = config.hostname().lower()
    return host in (name, name + ".local", name + ".lan", name + ".home") or host in option("hosts")


def option(name):
    """A list in the settings of httpd."""
    return config.section("httpd").get(name, ())


def foreign(request):
    """True if the browser says that the page of another site sends the request."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
    return origin.partition("://")[2].lower() != request.headers.get("host", "").lower()


def is_unclear(headers):
    """True for a browser that does not say which page sends a GET: over plain HTTP it sends neither Origin nor Sec-Fetch-Site.
    A field of its own proves that it is ours: other sites would have to ask before they send one."""
    for name in ("origin", "sec-fetch-site", "x-csrf-token", "x-micros-auth", "x-requested-with"):
        if name in headers:
            return False
    page = headers.get("referer", "").partition("://")[2].partition("/")[0]
    return headers.get("user-agent", "")[:8] == "Mozilla/" and page.lower() != headers.get("host", "").lower()


def is_allowed(origin):
    """True if system.conf lets pages of this origin use the files."""
    return origin in option("origins")


def check(request):
    """Set request.login, None without a session. False if services.http.auth must decide;
    HTTPError for a forbidden request."""
    headers = request.headers
    server = request.server
    request.login = None  # this may be another try
    host = headers.get("host", "localhost")
    if server.called != (host, generation.count):
        if not is_ours(host):
            raise HTTPError(421, "unknown host name; see `hosts` in docs/http.md")
        server.called = (host, generation.count)
    upgrade = "upgrade" in headers
    request.unsafe = unsafe = request.method not in SAFE or upgrade or request.route in CALLS
    if unsafe and foreign(request):
        allowed = request.route == _FILES and not upgrade and "authorization" in headers
        if not allowed or not is_allowed(headers.get("origin", "")):
            raise HTTPError(403, _FORGEABLE)
    token = request.cookie(COOKIE)
    if token:
        login = request.login = known(server, token)
        changes = unsafe and not upgrade and request.route != _PAGES and not is_page(request)
        if login and changes and headers.get("x-csrf-token") != login.csrf:
            raise HTTPError(403, "missing or invalid X-CSRF-Token")
    if unsafe and request.route in CALLS and request.route != _CONFIG and not request.login and is_unclear(headers):
        raise HTTPError(403, _UNCLEAR)
    if not request.login:
        return request.route == _PAGES or request.method == "OPTIONS"
    request.connection.admitted = True
    limited(request)
    return True


def is_page(request):
    """True for an endpoint of micrOS whose page cannot know the token, and need not: no other site sends the cookie of a
    session, and what is not a GET says which page sends it."""
    return request.route in (ENDPOINTS, _CONFIG) and (request.method in SAFE or "origin" in request.headers)


def limited(request):
    """HTTPError if the options of the user forbid the request."""
    login = request.login
    if login.options:
        from services import policy  # late: few users have any

        why = policy.route(login, request.path, request.unsafe)
        if why:
            raise HTTPError(403, why)
