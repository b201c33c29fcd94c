# micros - the clients and Load Modules of micrOS
# usage: micros start | stop | restart | status
#
# Runs Load Modules (LM_NAME.py in /local/modules), and serves the clients of micrOS on port 9008: its app, devToolKit and
# other nodes. They log in with a password of their own: `passwd micros`. Their protocol is not encrypted: the password can be
# intercepted. `lm` calls a Load Module from this shell. More: docs/micros.md

from services import daemon, micros

proc = None


async def __main__(args):
    return await daemon.command(args, micros.NAME, micros.begin)
