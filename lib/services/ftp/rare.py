# FTP's rarely used commands: information, and commands without a function here.

import os
from binascii import hexlify

from base.clock import now
from base.errors import Failure, Usage
from base.files import pieces
from base.paths import basename, isdir, space
from services.ftp.listing import FACTS, long_line, names, stats
from services.ftp.session import _MODULES, Reply


async def SYST(session, argument):
    raise Reply(215, "UNIX Type: L8")


async def FEAT(session, argument):
    marks = [fact + ("*;" if session.facts >> i & 1 else ";") for i, fact in enumerate(FACTS)]
    features = "EPRT EPSV MDTM MFMT MLST REST SITE SIZE TVFS UTF8".split()
    more = {"MLST": "".join(marks), "REST": "STREAM", "SITE": "CHMOD;SHA256"}
    await session.reply(211, "Features:", *[f" {name} {more.get(name, '')}".rstrip() for name in features], "End")


async def OPTS(session, argument):
    words = argument.upper().split()
    if words[:1] == ["UTF8"] and words[1:] in ([], ["ON"]):
        raise Reply(200, "UTF-8 is always on.")
    if words[:1] == ["MLST"]:
        wanted = argument[4:].strip().lower().split(";")
        session.facts = 0
        for i in range(len(FACTS)):
            if FACTS[i] in wanted:
                session.facts |= 1 << i
        raise Reply(200, "MLST OPTS " + "".join([f + ";" for i, f in enumerate(FACTS) if session.facts >> i & 1]))
    raise Reply(501, "Unknown option.")


async def HELP(session, argument):
    words = " ".join([verbs for _, verbs in _MODULES]).split()
    words.sort()
    lines = [" " + " ".join(words[i : i + 10]) for i in range(0, len(words), 10)]
    await session.reply(214, "The commands:", *lines, "End")


async def STAT(session, argument):
    if argument:
        lines = [" " + long_line(name, st, now()) for name, st in stats(names(session, argument))]
        await session.reply(213, "Status:", *lines, "End")
        return
    state = "Transfer in progress." if session.transfer else "No transfer."
    kind = "I" if session.binary else "A"
    who = session.account.name if session.account else "nobody"
    await session.reply(211, "Diatom FTP server", f" User {who} at {session.address}, TYPE {kind}. {state}", "End")


async def ALLO(session, argument):
    number = argument.split(" ")[0]
    if not number.isdigit() or len(number) > 10:
        raise Reply(501, "Missing number.")
    if int(number) > space(session.real(session.cwd))[1]:
        raise Reply(452, "No space left on device.")
    session.expected = int(number)
    raise Reply(200, "OK.")


async def ACCT(session, argument):
    raise Reply(202, "No account needed.")


async def SMNT(session, argument):
    raise Reply(502, "Not implemented.")


async def REIN(session, argument):
    raise Reply(502, "Not implemented.")


async def AUTH(session, argument):
    raise Reply(502, "TLS not supported.")


async def SITE(session, argument):
    verb, _, argument = argument.partition(" ")
    verb = verb.upper()
    if verb == "HELP" or not verb:
        await session.reply(214, "SITE commands:", " CHMOD DF HELP SHA256", "End")
    elif verb == "CHMOD":
        chmod(session, argument)
    elif verb == "DF":
        total, free = space(session.path(argument or "."))
        raise Reply(200, f"{free} of {total} bytes free.")
    elif verb == "SHA256":
        await sha256(session, argument)
    else:
        raise Reply(504, "Unknown SITE command.")


def chmod(session, argument):
    """Give a file another mode: it goes into the table that chmod uses."""
    from base import attributes  # late: only for MFMT and SITE CHMOD
    from text.modes import changed

    mode, _, name = argument.partition(" ")
    path = session.writable(session.path(name))
    old = attributes.stat(path)[0]
    try:
        attributes.set_mode(path, changed(old & 0o7777, mode, old & 0x4000 != 0))
    except Usage:
        raise Reply(501, "Invalid mode.")
    except Failure as e:
        raise Reply(452, str(e.reason))
    raise Reply(200, "Mode changed.")


async def sha256(session, argument):
    from hashlib import sha256  # late: only for HASH

    path = session.readable(session.path(argument))
    if isdir(path):
        raise Reply(550, "Is a directory.")
    digest = sha256()
    await pieces(path, os.stat(path)[6], digest.update)
    raise Reply(213, f"{hexlify(digest.digest()).decode()} {basename(path)}")
