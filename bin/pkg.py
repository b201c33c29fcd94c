# pkg - install packages
# usage: pkg install|remove NAME...
#        pkg update [NAME...]
#        pkg list | search [WORD]
#
# install  install packages with their dependencies      update  install newer versions (of all packages)
# remove   remove packages                               list    list installed packages
# search   list available packages with WORD in their name or description
# The source is "pkg": {"url": ...} in /etc/system.conf, a URL or a directory; without it, that of releases (upgrade). Its
# index is signed with a key in /etc/release.pub ("unsigned": true disables the check), every file verified against it.
# Files that you have changed are kept. /local/packages records the installed packages. More: docs/packages.md

from base.errors import Failure, Usage
from program import complain, options, status

proc = None


async def __main__(args):
    _, words = options(args, "")
    if not words:
        raise Usage("missing operand")
    verb, names = words[0], words[1:]
    if verb == "list" and not names:
        show()
    elif verb == "remove" and names:
        from packages import change  # late: only to change something

        for name in names:
            try:
                change.remove(name, print)
            except Failure as e:
                complain(e.obj, e)
    elif (verb == "install" and names) or verb == "update" or (verb == "search" and len(names) < 2):
        from packages import index  # late: only for packages of a server

        try:
            await online(verb, names, await index.refresh(proc.cwd))
        finally:
            index.discard()
    else:
        raise Usage("unknown command", verb)
    return status()


def show():
    """List the installed packages."""
    from packages import record  # late: only for list

    for name in record.names():
        found = record.read(name)
        print(name, found["version"], "" if found["whole"] else "(not complete)")


async def online(verb, names, source):
    from packages import index, record  # late: only for packages of a server

    if verb == "search":
        word = names[0].lower() if names else ""
        for entry in index.entries():
            if word in entry["name"].lower() or word in entry["about"].lower():
                print(f"{entry['name']} {entry['version']}  {entry['about']}")
        return
    from packages import change  # late: only to change something
    from repository.manifest import numbers

    installed = {}
    for name in record.names():
        found = record.read(name)
        installed[name] = (numbers(found["version"]), found["whole"])
    for name in names:
        if verb == "update" and name not in installed:
            raise Failure(name, "not installed")
    if verb == "update" and not names:
        names = list(index.find(installed))  # packages no longer in the index stay
    todo = []
    for entry in index.with_needs(names):
        old, whole = installed.get(entry["name"], (None, False))
        if not whole or old < numbers(entry["version"]):
            todo.append(entry)
    change.check(todo)
    for entry in todo:
        change.check([entry])  # again: an entry just installed may have the same file
        await change.install(entry, source, print)
        print(entry["name"], entry["version"])
