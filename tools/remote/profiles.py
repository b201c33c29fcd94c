"""What smaller boards omit: the profiles of `diatom deploy --profile`.

A file of littlefs takes at least one block of 4 kB, so it is the number of files that fills the flash of a small board.
"""

import ast
import os
import posixpath

NAMES = ("full", "small", "minimal")  # the largest first
RESERVE = 80 * 1024  # bytes that the one which is chosen for a board leaves for the owner's files

# What "small" leaves out: beginnings of paths. The web server, WebREPL, which uses it, micrOS's service, and cameras, which
# no small board has; it can still fetch photos from one that has (i2cphoto).
NOT_SMALL = ("www/", "libx/", "lib/services/http/", "bin/uhttpd.", "etc/services/httpd", "opt/")
NOT_SMALL += ("lib/services/micros/", "bin/micros.", "bin/lm.", "etc/services/micros")
NOT_SMALL += ("lib/services/webrepl/", "bin/uwebrepld.", "etc/services/webrepld")
NOT_SMALL += ("lib/cameras/", "bin/camctl.", "bin/motion.", "bin/photo.", "bin/timelapse.")
NOT_SMALL += (
    "lib/photo/slaves.",
    "lib/photo/spool.",
    "lib/photo/upload.",
    "bin/i2cphotod.",
    "bin/photoq.",
    "bin/snapshot.",
)
NOT_SMALL += ("etc/services/i2cphotod", "etc/services/photoq", "etc/services/snapshot", "bin/esplog.", "bin/heapinfo.")

# What "minimal" has: these programs, the floors of the system as a whole, and what of the rest they import.
PROGRAMS = (
    "cat clear cp crontab crond date df dmesg du echo env false find free grep head help hostname ifconfig kill led less ls "
    "login man mkdir mount mv passwd ping printenv ps pwd python reboot rm rmdir sed seq service setauth sh sleep sort stat su "
    "tail tee test time touch tr true umount uname upgrade uptime useradd users utelnetd wc which whoami wifi"
).split()
ROOTS = ("boot.py", "startup.py", "main.py", "recovery.py", "rescue.py", "spare.py", "lib/spare.py")
FLOORS = (
    "base",
    "kernel",
    "process",
    "shell",
    "shell/builtins",
    "services",
    "services/telnet",
    "update",
    "repository",
)  # some of it is loaded by its name
FACES = ("lib/program", "lib/sdata", "lib/utls", "lib/upyos")
SERVICES = ("httpd", "ftpd", "i2cphotod", "mdns", "ntpd", "photoq", "snapshot", "webrepld")  # without their programs
LEFT_OUT = (
    "lib/services/http/",
    "lib/services/ftp/",
    "lib/jq/definitions",
    "lib/pages/",
    "lib/base/power.",  # what only programs and services that are not there import
    "lib/base/task_group.",
    "lib/base/watchdog.",
    "lib/services/protected.",
    *["etc/services/" + name for name in SERVICES],
)


def chosen(items, tree, profile):
    """Those of [release.contents.Item], or of what has path, data and with_data as they have, that are in a profile."""
    if profile == "small":
        return [item for item in items if not item.path.startswith(NOT_SMALL)]
    if profile == "minimal":
        return minimal(items, tree)
    return items


def minimal(items, tree):
    known = {posixpath.splitext(item.path)[0]: item.path for item in items if item.path.endswith((".py", ".mpy"))}
    roots = [posixpath.splitext(name)[0] for name in ROOTS] + ["bin/" + name for name in PROGRAMS] + list(FACES)
    roots += [stem for stem in known if stem.startswith("lib/") and posixpath.dirname(stem)[4:] in FLOORS]
    wanted = {known[stem] for stem in closure(roots, known, tree)}
    found = []
    for item in items:
        code = item.path.endswith((".py", ".mpy"))
        data = item.path.startswith(("etc/", "lib/")) and not code
        if (item.path in wanted or data) and not item.path.startswith(LEFT_OUT):
            found.append(item if item.path != "lib/heads.txt" else item.with_data(heads(item.data)))
    return found


def closure(roots, known, tree):
    """The modules (paths without their ending) that are imported from roots on, wherever the import stands."""
    seen = set()
    waiting = [stem for stem in roots if stem in known]
    while waiting:
        stem = waiting.pop()
        if stem in seen:
            continue
        seen.add(stem)
        path = os.path.join(tree, stem + ".py")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                waiting += [place for name in imports(file.read()) for place in places(name) if place in known]
    return seen


def imports(source):
    """Yield the dotted names of a source's imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module + "." + alias.name for alias in node.names)


def places(name):
    """Where the modules of a dotted name may be."""
    parts = name.split(".")
    for i in range(1, len(parts) + 1):
        stem = "lib/" + "/".join(parts[:i])
        yield stem
        yield stem + "/__init__"


def heads(text):
    """Of the manuals (simulator.compiled.heads: each begins with NAME - PURPOSE) those of the programs that are there."""
    found = []
    wanted = False
    for line in text.splitlines(keepends=True):
        name, dash, _ = line.partition(b" - ")
        if dash and b" " not in name:
            wanted = name.decode() in PROGRAMS
        if wanted:
            found.append(line)
    return b"".join(found)
