# ftp - transfer files to and from an FTP server
# usage: ftp [-n] [-p PORT] [-u USER:PASSWORD] [-c COMMANDS] HOST
#        ftp ftp://[USER:PASSWORD@]HOST[:PORT]/PATH
#
# Asks for user and password, then reads commands from standard input, with a prompt at a terminal. With the URL of a file
# it downloads that file.
#   -u USER:PASSWORD  instead of asking      -n  anonymous      -c COMMANDS  run these, separated by ;
# Commands: ls [DIR]  nls [DIR]  cd DIR  cdup  pwd  lcd DIR  lpwd  get FILE [AS]  reget FILE [AS]  put FILE [AS]
#   mget PATTERN...  mput FILE...  rm FILE  mkdir DIR  rmdir DIR  mv OLD NEW  size FILE  quote WORDS  help  quit
# A downloaded file appears when it is complete. FTP is not encrypted.

from base.errors import Usage
from ftp.commands import Commands
from net.ftp import Session
from program import options

proc = None


async def __main__(args):
    opts, words = options(args, "np:u:c:")
    if len(words) != 1:
        raise Usage("missing HOST")
    path = ""
    host, port, user = words[0], opts.number("p", 21), opts["u"]
    if "://" in host:
        from net.url import Url

        url = Url(host, ("ftp",))
        host, port, path = url.host, url.port, url.path.strip("/")
        user = user or (f"{url.user}:{url.password}" if url.user is not None else "anonymous:diatom@")
    if opts["n"]:
        user = "anonymous:diatom@"
    session = await Session.open(host, port)
    try:
        commands = Commands(session, proc)
        await commands.login(user)
        if path:
            await commands.execute(f"get {path}")
        elif opts["c"]:
            for line in opts["c"].split(";"):
                await commands.execute(line)
        else:
            await commands.read(proc.stdin)
        await session.quit()
    finally:
        session.close()
    return commands.status
