# micros - the clients and Load Modules of micrOS
# usage: micros start | stop | restart | status
#        micros import FILE
#
# Runs Load Modules (LM_NAME.py in /local/modules), and serves the clients of micrOS on port 9008: its app, devToolKit and
# other nodes. They log in with a password of their own: `passwd micros`. Their protocol is not encrypted: the password can be
# intercepted. `lm` calls a Load Module from this shell. import takes over the node_config.json of a micrOS node: its name,
# networks, password and settings, and says what it did with each. More: docs/micros.md

from base.errors import Usage
from services import daemon, micros

proc = None


async def __main__(args):
    if args[:1] == ["import"]:
        if len(args) != 2:
            raise Usage("expected one file")
        from services.micros import takeover  # late: once in the life of a board

        return await takeover.run(args[1])
    return await daemon.command(args, micros.NAME, micros.begin)
