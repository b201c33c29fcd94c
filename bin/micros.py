# micros - the clients and Load Modules of micrOS
# usage: micros start | stop | restart | status
#        micros import FILE
#        micros key [new | set | remove]
#
# Runs Load Modules (LM_NAME.py in /local/modules), and serves the clients of micrOS on port 9008: its app, devToolKit and
# other nodes. They log in with a password of their own: `passwd micros`. Their protocol is not encrypted: the password can be
# intercepted. `lm` calls a Load Module from this shell. import takes over the node_config.json of a micrOS node: its name,
# networks, password and settings, and says what it did with each.
#
# Nodes with the same key call each other encrypted: COMMAND >>HOST. `key new` makes one and shows it, once; `key set` asks
# for it on the other nodes, and `key` prints its fingerprint, by which nodes are compared. More: docs/micros.md

from base.errors import Usage
from services import daemon, micros

proc = None


async def __main__(args):
    if args[:1] == ["import"]:
        if len(args) != 2:
            raise Usage("expected one file")
        from services.micros import takeover  # late: once in the life of a board

        return await takeover.run(args[1])
    if args[:1] == ["key"]:
        return await key(args[1:])
    return await daemon.command(args, micros.NAME, micros.begin)


async def key(args):
    """The fleet key."""
    from base.users import require_root  # late: all of it for this command alone
    from process.ask import ask
    from services.micros import fleet_key

    require_root(proc)
    if args == ["new"]:
        print(fleet_key.make())
        return 0
    if args == ["remove"]:
        fleet_key.remove()
        return 0
    if args == ["set"]:
        fleet_key.save(await ask("Key: "))
    elif args:
        raise Usage("expected new, set or remove")
    found = fleet_key.read()
    print(fleet_key.fingerprint(found) if found else "no key")
    return 0 if found else 1
