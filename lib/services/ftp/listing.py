# FTP's directory listings: LIST and NLST for people, MLSD and MLST for programs (RFC 3659). Times are UTC.

import asyncio
import os
from time import gmtime

from micropython import const

from base import attributes
from base.clock import now
from base.files import SUFFIX, listed, pieces
from base.paths import basename, dirname, isdir, join, mode, normal
from base.users import secret
from services.ftp.data import start_transfer
from services.ftp.session import Reply
from text.modes import shown

FACTS = ("type", "size", "modify", "perm")  # bit i of session.facts selects FACTS[i]

_MONTHS = const("JanFebMarAprMayJunJulAugSepOctNovDec")
_PIECE = const(1024)  # bytes collected before sending
_HALF_YEAR = const(15_778_476)  # seconds


def stamp(seconds):
    """Format a time as YYYYMMDDHHMMSS."""
    t = gmtime(seconds)
    return f"{t[0]:04d}{t[1]:02d}{t[2]:02d}{t[3]:02d}{t[4]:02d}{t[5]:02d}"


def long_line(name, st, today):
    """A line in the format of `ls -l`."""
    t = gmtime(st[8])
    when = f"{t[3]:02d}:{t[4]:02d}" if -86400 < today - st[8] < _HALF_YEAR else f"{t[0]:>5}"
    size = 0 if st[0] & 0x4000 else st[6]
    return f"{shown(st[0])} 1 root root {size:>8} {_MONTHS[t[1] * 3 - 3 : t[1] * 3]} {t[2]:>2} {when} {name}"


def facts(session, name, st, kind=None):
    """A line of MLSD."""
    directory = st[0] & 0x4000
    out = ""
    wanted = session.facts
    if wanted & 1:
        out += f"type={kind or ('dir' if directory else 'file')};"
    if wanted & 2 and not directory:
        out += f"size={st[6]};"
    if wanted & 4:
        out += f"modify={stamp(st[8])};"
    if wanted & 8:
        if session.readonly:
            out += "perm=el;" if directory else "perm=r;"
        else:
            out += "perm=cdeflmp;" if directory else "perm=adfrw;"
    return f"{out} {name}"


def plain(argument):
    """The operand of LIST without the options that some clients send."""
    words = argument.split(" ")
    while words and (words[0][:1] == "-" or not words[0]):
        words.pop(0)
    return " ".join(words)


def names(session, argument):
    """Yield (name, path) for the operand of LIST or NLST: a directory, a file, or a pattern with * ?."""
    virtual = normal(argument, session.cwd) if argument else session.cwd
    path = session.visible(session.real(virtual))
    bits = mode(path)
    pattern = basename(virtual)
    if not bits and ("*" in pattern or "?" in pattern):
        before = argument[: len(argument) - len(pattern)]
        return matching(pattern, before, session.real(dirname(virtual)))
    os.stat(path)
    return inside(path) if bits & 0x4000 else ((argument, path),)


def inside(directory):
    for name, _ in listed(directory):
        path = join(directory, name)
        if not name.endswith(SUFFIX) and not secret(path):
            yield name, path


def matching(pattern, before, directory):
    from text.pattern import match  # late: only with a pattern

    for name, path in inside(directory):
        if match(pattern, name):
            yield before + name, path


async def send_lines(connection, lines):
    """Send an iterator of lines in pieces."""
    out = bytearray()
    for line in lines:
        out.extend(line.encode())
        out.extend(b"\r\n")
        if len(out) >= _PIECE:
            await connection.send(out)
            out = bytearray()
            await asyncio.sleep_ms(0)
    if out:
        await connection.send(out)
    return "Transfer complete."


def stats(entries):
    """Yield (name, stat) of the files that still exist."""
    for name, path in entries:
        try:
            st = attributes.stat(path)
        except OSError:
            continue
        yield name, st


async def LIST(session, argument):
    entries = names(session, plain(argument))
    lines = (long_line(name, st, now()) for name, st in stats(entries))
    start_transfer(session, lambda connection: send_lines(connection, lines), "List.")


async def NLST(session, argument):
    entries = names(session, plain(argument))
    start_transfer(session, lambda connection: send_lines(connection, (name for name, _ in entries)), "List.")


async def MLSD(session, argument):
    path = session.visible(session.path(argument or "."))
    if not isdir(path):
        os.stat(path)
        raise Reply(501, "Not a directory.")
    entries = stats(names(session, argument))

    def lines():
        yield facts(session, ".", attributes.stat(path), "cdir")
        for name, st in entries:
            yield facts(session, name, st)

    start_transfer(session, lambda connection: send_lines(connection, lines()), "List.")


async def MLST(session, argument):
    virtual = normal(argument, session.cwd) if argument else session.cwd
    st = attributes.stat(session.visible(session.real(virtual)))
    await session.reply(250, "Listing", " " + facts(session, virtual, st), "End")


async def SIZE(session, argument):
    path = session.readable(session.path(argument))
    st = os.stat(path)
    if st[0] & 0x4000:
        raise Reply(550, "Is a directory.")
    size = st[6]
    if not session.binary:  # the number of bytes that RETR would send
        size += await count_lines(path, size)
    raise Reply(213, str(size))


async def count_lines(path, size):
    count = 0

    def add(data):
        nonlocal count
        count += data.count(b"\n")

    await pieces(path, size, add)
    return count


async def MDTM(session, argument):
    st = attributes.stat(session.visible(session.path(argument)))
    if st[0] & 0x4000:
        raise Reply(550, "Is a directory.")
    raise Reply(213, stamp(st[8]))
