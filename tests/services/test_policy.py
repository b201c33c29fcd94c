"""Permissions of restricted users: every route of the server with every verb, and every FTP command, for every kind of
user. The server itself lists its routes, so a new one that is not classified here fails."""

import base64
import contextlib
import ftplib
import hashlib
import json

import pytest
from harness import PATIENCE

from services.clients import receive
from services.ftp.talk import client, get
from services.web import statuses

PASSWORD = "pw-12345"

# Each kind of user, with its options, and the kinds of actions that it may perform.
USERS = {
    "plain": ("", "everybody read write system change shell own others"),
    "viewer": ("ro", "everybody read system"),
    "jailed": ("root=/home/jail", "everybody read write own"),
    "reader": ("ro,root=/home/jail", "everybody read"),
    "worker": ("noshell", "everybody read write system change own"),
    "robot": ("command=echo only this", "everybody shell own"),
    "caged": ("command=echo only this,root=/home/jail", "everybody read write shell own"),
    "local": ("from=127.0.0.*,from=10.*", "everybody read write system change shell own"),
}
STRANGERS = {"remote": "from=10.*", "newer": "chroot=/home", "rootless": "root", "empty": "root="}

# The kind of action of each route, and the body of a harmless request.
ROUTES = {
    "GET /": ("everybody", None),
    "GET /edit/": ("everybody", None),
    "GET /metrics": ("everybody", None),
    "GET /cp/version.json": ("everybody", None),
    "GET /cp/devices.json": ("everybody", None),
    "GET /cp/diskinfo.json": ("everybody", None),
    "GET /cp/serial": ("shell", "upgrade"),
    "GET /api/openapi.json": ("everybody", None),
    "GET /api/session": ("everybody", None),
    "GET /api/status": ("everybody", None),
    "POST /api/login": ("everybody", {"password": 1}),
    "POST /api/logout": ("everybody", {}),
    "GET /api/users": ("system", None),
    "PUT /api/users": ("own", {"password": PASSWORD, "current": PASSWORD}),
    "GET /api/log": ("system", None),
    "GET /api/config": ("system", None),
    "PATCH /api/config": ("change", {}),
    "POST /api/power": ("change", {"action": "none"}),
    "GET /api/processes": ("system", None),
    "POST /api/processes": ("change", {"signal": "TERM"}),
    "GET /api/jobs": ("system", None),
    "GET /api/services": ("system", None),
    "POST /api/services": ("change", {"action": "none"}),
    "GET /api/camera": ("system", None),
    "PATCH /api/camera": ("change", {}),
    "GET /stream": ("system", None),
    "GET /capture.jpg": ("system", None),
    "GET /cam": ("system", None),
    "GET /rest": ("change", None),
    "GET /config": ("change", None),
    "GET /api/gpio": ("system", None),
    "PUT /api/gpio": ("change", {"value": 1}),
    "POST /api/run": ("shell", {"command": "true"}),
    "GET /api/terminal": ("shell", "upgrade"),
    "DELETE /api/terminal": ("shell", None),
    "GET /fs": ("read", None),
    "HEAD /fs": ("read", None),
    "PUT /fs": ("write", b"x"),
    "DELETE /fs": ("write", None),
    "MOVE /fs": ("write", None),
}
# Verbs that no route of ROUTES has must be refused; HEAD is a GET, and OPTIONS tells what there is.
VERBS = "GET POST PUT PATCH DELETE MOVE COPY MKCOL PROPFIND LOCK TRACE".split()
PARTS = {"users": "%s", "processes": "99999", "services": "crond", "gpio": "4", "terminal": "none"}

# FTP commands that read or change files, each with an operand. All others do neither.
FILES = {
    "read": "RETR LIST NLST MLSD MLST SIZE MDTM STAT CWD XCWD",
    "write": "STOR APPE STOU DELE RMD XRMD MKD XMKD RNFR RNTO MFMT",
    "neither": "USER PASS QUIT NOOP TYPE STRU MODE PWD XPWD CDUP XCUP REST ABOR PASV EPSV PORT EPRT SYST FEAT OPTS HELP "
    "SITE ALLO ACCT AUTH SMNT REIN",
}

TABLES = """
import json
from services.http import api, files, session
from services.ftp import session as ftp
def __main__(args):
  found = ["GET /", "GET /edit/", "GET /api/openapi.json"]
  for word, name in session._ROUTES.items():
    if name not in ("api", "files"):
      found.append("GET /" + word)
    elif word not in ("api", "cp", "edit", "fs"):
      found.append("? /" + word)
  for word in files._ANSWERS:
    found.append("GET /cp/" + word)
  for method in files._METHODS:
    found.append(method + " /fs")
  for name, module in api._ROUTES.items():
    module = getattr(getattr(__import__("services.http." + module), "http"), module)
    verbs = set(api.verbs(module, name, "")) | (set(api.verbs(module, name, "x")) if name in api._PARTS else set())
    for function in dir(module):
      verb = function.split("_")[0].upper()
      if function[len(verb):] == "_" + name and verb in ("GET", "PUT", "POST", "PATCH", "DELETE", "HEAD", "MOVE"):
        verbs.add(verb)
    for verb in verbs:
      found.append(verb + " /api/" + name)
  print(json.dumps([found, " ".join([verbs for _, verbs in ftp._MODULES]).split()]))
"""


def basic(name):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()}


@pytest.fixture
def served(web):
    """A board with all servers, a directory for confined users, and a user of each kind."""
    web = web(settings={"httpd": {"clients": 24}}, set={"camera.module": "none"})  # a stream would have no end
    run = web.board.run
    assert run("mkdir -p /home/jail/etc; echo in > /home/jail/etc/profile; uftpd start; utelnetd start")[1] == 0
    key = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), bytes(16), 200).hex()
    lines = [f"{name}:pbkdf2-sha256$200${'00' * 16}${key}:/home:{options}\\n" for name, (options, _) in USERS.items()]
    assert run(f"printf '{''.join(lines)}' >> /etc/shadow")[1] == 0
    return web


def asked(web, name, line):
    """The reply to a route of ROUTES, for a user."""
    method, _, path = line.partition(" ")
    kind, body = ROUTES[line]
    fields = basic(name)
    word = path[5:]
    if word in PARTS and method != "GET":
        path += "/" + (PARTS[word] % name if "%s" in PARTS[word] else PARTS[word])
    if path == "/fs":
        path = "/fs/etc/profile" if kind == "read" else "/fs/etc/new"
        fields["X-Destination"] = "/fs/etc/newer"
    if body == "upgrade":
        text = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        text += f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGVzdA==\r\nAuthorization: {fields['Authorization']}\r\n\r\n"
        return statuses(web.raw(text.encode()))[0]
    return web.ask(method, path, body, fields, auth=False).status


def tables(web):
    """The routes of the server, and the commands of FTP."""
    assert web.ask("PUT", "/fs/tmp/tables.py", TABLES.encode()).status == 201
    output, status = web.board.run("/tmp/tables > /tmp/out; echo $?")
    assert output == "0\n" and status == 0, output
    return json.loads(web.get("/fs/tmp/out").text)


def test_every_route_and_every_command_is_in_these_tables(web):
    web = web(image="source", heap="1M")  # whose names are those of the sources
    web.board.run("uftpd start")
    routes, commands = tables(web)
    assert set(routes) - {"OPTIONS /fs"} == set(ROUTES)
    assert sorted(commands) == sorted(" ".join(FILES.values()).split())


@pytest.mark.parametrize("name", USERS)
def test_each_user_may_do_what_his_options_leave_and_nothing_else(served, name):
    allowed = USERS[name][1].split()
    wrong = []
    for line, (kind, _) in ROUTES.items():
        status = asked(served, name, line)
        if (status == 403) == (kind in allowed) or status in (401, 500):
            wrong.append((line, status))
    assert not wrong
    assert (served.get("/fs/home/jail/etc/new").status == 200) is False


@pytest.mark.parametrize("name", USERS)
def test_a_verb_that_a_route_does_not_have_is_refused_to_everybody(served, name):
    """Whatever a user may do, what is in no table changes nothing."""
    paths = {line.partition(" ")[2] for line in ROUTES}
    wrong = []
    with contextlib.closing(served.connect()) as connection:
        for path in sorted(paths):
            for verb in VERBS:
                if f"{verb} {path}" in ROUTES:
                    continue
                target = "/fs/etc/profile" if path == "/fs" else path
                answer = served.ask(
                    verb, target, b"{}", {**basic(name), "Content-Type": "application/json"}, False, connection
                )
                if answer.status not in (403, 405):
                    wrong.append((verb, path, answer.status))
    assert not wrong


@pytest.mark.parametrize("options", STRANGERS.values(), ids=STRANGERS)
def test_who_comes_from_elsewhere_or_has_unknown_options_comes_in_nowhere(served, options):
    """Options that only a newer system knows keep a user out, too."""
    served.board.run(f"sed -i 's,^worker:\\(.*\\):noshell,worker:\\1:{options},' /etc/shadow")
    assert options in served.board.run("useradd")[0]
    assert served.get("/api/session", basic("worker"), auth=False).status == 401
    with pytest.raises(ftplib.error_perm, match="530"):
        client(served.board, "worker", PASSWORD)
    if not options.startswith("from"):  # which is about networks
        output, status = served.board.run("su -c 'echo in' worker")
        assert status == 1 and options.split("=")[0] in output


def test_useradd_refuses_options_that_nobody_knows(board):
    board = board()
    for options in ("rw", "ro,chroot=/x", "root", "root=", "root=home", "from", "command=", "ro=1,x", "noshell,,y"):
        output, status = board.run(f"useradd -o '{options}' bob")
        assert status == 1 and "useradd: " in output, options
    assert "bob" not in board.run("useradd")[0]
    assert board.run("useradd -o 'ro,root=/home/x,noshell,from=10.*,command=echo a b' bob")[1] == 0


@pytest.mark.parametrize("name", ["jailed", "reader", "caged"])
def test_who_is_confined_sees_and_changes_nothing_outside_over_http(served, name):
    fields = basic(name)
    json_fields = {**fields, "Accept": "application/json"}
    outside = [
        "/../../etc/motd",
        "/etc/motd",
        "//etc/motd",
        "/%2e%2e/%2e%2e/etc/motd",
        "/..%2f..%2fetc/motd",
        "/lib/",
        "/../",
    ]
    listed = served.get("/fs/", json_fields, auth=False).json
    assert [entry["name"] for entry in listed["files"]] == ["etc"]
    assert listed["writable"] is (name != "reader")
    assert served.get("/fs/../../../", json_fields, auth=False).json == listed
    assert served.get("/fs/etc/../../etc/profile", fields, auth=False).text == "in\n"
    for path in outside[:-1]:
        assert served.get("/fs" + path, fields, auth=False).status == 404, path
        assert served.ask("DELETE", "/fs" + path, headers=fields, auth=False).status in (403, 404), path
    for path in ("/", "/../", "/../../", "/.", "/x/.."):
        for method in ("PUT", "DELETE", "MOVE"):
            answer = served.ask(method, "/fs" + path, b"", {**fields, "X-Destination": "/fs/etc/x"}, auth=False)
            assert answer.status == 403, (method, path)
    if name != "reader":
        assert served.ask("PUT", "/fs/../../x", b"x", fields, auth=False).status == 201
        target = {**fields, "X-Destination": "/fs/../../../home/y"}
        assert served.ask("MOVE", "/fs/x", headers=target, auth=False).status == 404
        target = {**fields, "X-Destination": "/fs/../y"}
        assert served.ask("MOVE", "/fs/x", headers=target, auth=False).status == 201
        assert served.board.run("cat /home/jail/y; ls /home")[0] == "xjail\n"
    assert served.get("/fs/etc", fields, auth=False).headers["Location"] == "/fs/etc/"
    assert served.get("/fs/etc/", fields, auth=False).headers["Location"] == "/#files/etc"


@pytest.mark.parametrize("name", USERS)
def test_each_user_does_over_ftp_what_his_options_leave(served, name):
    allowed = USERS[name][1].split()
    if "read" not in allowed:
        with pytest.raises(ftplib.error_perm, match="530 No files"):
            client(served.board, name, PASSWORD)
        return
    jailed = "/home/jail" in USERS[name][0]
    with client(served.board, name, PASSWORD) as ftp:
        assert get(ftp, "/etc/profile") == b"in\n" if jailed else get(ftp, "/etc/profile") != b"in\n"
        for verb in FILES["write"].split():  # without a data connection: 425 is the answer to what is allowed
            ftp.putcmd(f"{verb} {'20200101000000 ' if verb == 'MFMT' else ''}/home/none/x")
            found = ftp.getmultiline()
            assert ("Read-only" in found) is ("write" not in allowed), (verb, found)
        for verb in FILES["read"].split():
            path = "/home/jail" if "CWD" in verb or verb == "MLSD" else "/home/jail/etc/profile"
            ftp.putcmd(f"{verb} {path}")
            found = ftp.getmultiline()
            assert (found[:3] == "550") is jailed, (verb, found)


def shell_of(board, name):
    """What a terminal shows to a user after the password, up to a prompt or the end."""
    with board.connect(23) as sock:
        receive(sock, b"login: ")
        sock.sendall(name.encode() + b"\r\n")
        receive(sock, b"Password: ")
        sock.sendall(PASSWORD.encode() + b"\r\n")
        sock.settimeout(PATIENCE)
        found = b""
        while b"$: " not in found and b"login: " not in found[-8:]:
            data = sock.recv(4096)
            if not data:
                break
            found += data
        return found.decode(errors="replace")


@pytest.mark.parametrize("name", USERS)
def test_a_terminal_is_no_shell_for_who_has_none(served, name):
    options, allowed = USERS[name]
    text = shell_of(served.board, name)
    su, status = served.board.run(f"su -c 'echo a shell; echo $SSH_ORIGINAL_COMMAND' {name}")
    run = served.ask("POST", "/api/run", {"command": "echo a shell"}, basic(name), auth=False)
    if "command=" in options:
        assert "only this\r\n" in text and "$: " not in text
        assert su == "only this\n"
        assert "only this" in run.text and "a shell" not in run.text
    elif "shell" in allowed:
        assert "$: " in text and "a shell" in su and "a shell" in run.text
    else:
        assert "no shell for this user" in text and "$: " not in text
        assert status == 1 and "no shell for this user" in su and run.status == 403


def test_a_command_learns_what_was_asked_for(served):
    assert served.board.run("useradd -o 'command=echo wanted $SSH_ORIGINAL_COMMAND' robot")[1] == 0
    run = served.ask("POST", "/api/run", {"command": "rm -r /", "cwd": "/none"}, basic("robot"), auth=False)
    assert "wanted rm -r /" in run.text


def test_new_options_end_the_logins_of_a_user(served):
    _, fields = served.login(PASSWORD, "plain")
    assert served.get("/api/log", fields, auth=False).status == 200
    served.board.run("useradd -o ro plain")
    assert served.get("/api/log", fields, auth=False).status == 401


def test_a_user_of_the_console_without_a_shell_is_asked_again(served):
    console = served.board.console
    console.child.send("login viewer\r")
    console.expect("Password: ")
    console.child.send(PASSWORD + "\r")
    console.expect("no shell for this user")
    console.expect("$: ")


def test_no_one_with_options_makes_a_user_without(served):
    """Root can be restricted, too."""
    served.board.run("useradd -o noshell root")
    fields = served.login("geheim")[1]
    body = {"password": "x12345", "current": "geheim"}
    assert served.ask("PUT", "/api/users/free", body, fields, auth=False).status == 403
    assert served.ask("PUT", "/api/users/plain", body, fields, auth=False).status == 403
    assert served.ask("PUT", "/api/users/root", {**body, "password": "geheim"}, fields, auth=False).status == 204


def test_a_route_that_the_policy_does_not_know_is_for_users_without_options(served):
    served.board.run(
        "printf 'from base import users\\nfrom services import policy\\ndef __main__(args):\\n"
        '  for options in ("ro", "root=/x", "noshell", "from=1.*"):\\n'
        '    for path in ("/api/new", "/cp/new", "/api", "/api/run=x api/log"):\\n'
        '      print(policy.route(users.User("x", "!", "/", options), path, False))\\n\' > /tmp/p.py'
    )
    assert set(served.board.run("/tmp/p")[0].splitlines()) == {"not allowed for this user"}
