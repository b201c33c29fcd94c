# photoq - keep photos until a server has them
# usage: photoq add [-d DIR] [-Q BYTES] [FILE...]
#        photoq list [-d DIR]
#        photoq to [URL]
#        photoq send [-d DIR] [URL]
#        photoq run [-d DIR] [URL]
#        photoq rm [-d DIR] NAME...
#
# add copies the FILEs, or standard input, into the spool (/var/spool/photos). When it has returned, the photo stays until a
# server has confirmed it, whatever happens to the power or the network. send sends all, oldest first, and run does so for
# ever: as a service, `service enable photoq; service start photoq`. Files that others write into DIR are sent, too, if they
# appear complete: photo -o /var/spool/photos.
#   -d DIR  another spool, for example on an SD card       -Q BYTES  refuse what would make it larger (1000000)
# URL, or what `photoq to URL` has stored:
#   ftp://USER:PASSWORD@HOST/DIR  under another name until it is complete; never twice
#   http://HOST/DIR/              PUT to DIR/NAME, because of the slash; never twice
#   http://HOST/PATH              POST with the headers X-Photo-Id and Idempotency-Key
#   mqtt://USER:PASSWORD@HOST/TOPIC     to TOPIC/NAME, QoS 1; also mqtts       telegram:TOKEN/CHAT  a bot's message
# With the last three, a photo comes twice if the power fails between the server's confirmation and the removal: the same
# NAME tells. A refused photo stays, is logged, and holds up no other. Pauses after a failure: 1 s, 2 s ... 10 min.
# Examples: photo | photoq add      photoq to ftp://cam:secret@nas/garden; photoq send

import os

from base.errors import Failure, Usage
from base.files import Replacement, opened
from base.paths import join
from program import complain, options, status

proc = None

VERBS = ("add", "list", "to", "send", "run", "rm")
QUOTA = 1_000_000
PHOTO_MAX = 4 * 1024 * 1024


async def __main__(args):
    opts, words = options(args, "d:Q:")
    verb = words.pop(0) if words else ""
    if verb not in VERBS:
        raise Usage("unknown command" if verb else "missing command", verb)
    from photo import spool  # late: not for --help

    if verb == "to":
        return remember(spool, words)
    photos = spool.Spool(join(proc.cwd, opts["d"] or spool.DIRECTORY), opts.number("Q", QUOTA))
    if verb == "add":
        for name in words or ["-"]:
            try:
                await add(photos, name)
            except (Failure, OSError) as e:
                complain(name, e)
    elif verb == "list":
        proc.value = photos.waiting()
        for name, size in proc.value:
            proc.stdout.write(f"{size:>8} {name}\n")
    elif verb == "rm":
        for name in words:
            try:
                photos.discard(name)
            except OSError as e:
                complain(name, e)
    else:
        return await send(photos, verb, words, spool.target())
    return status()


async def add(photos, name):
    """Put one photo into the spool."""
    if name == "-":
        await add_stream(photos)
        return
    path = join(proc.cwd, name)
    with opened(path, "rb", name) as source, photos.accept(os.stat(path)[6]) as file:
        buffer = bytearray(1024)
        while count := source.readinto(buffer):
            file.write(memoryview(buffer)[:count])


async def add_stream(photos):
    """As add(), from standard input: its length is only known at the end."""
    total = 0
    with photos.accept(0) as file:
        while data := await proc.stdin.read():
            total += len(data)
            if total > PHOTO_MAX:
                raise Failure("-", f"a photo has at most {PHOTO_MAX} bytes")
            file.write(data)
        if not total:
            raise Failure("-", "no photo")
        photos.check(total)


async def send(photos, verb, words, stored):
    """Send once or for ever; returns the status."""
    from photo import upload  # late: what it imports is large

    if len(words) > 1:
        raise Usage("extra operand", words[1])
    target = upload.sender(words[0] if words else required(stored), proc.getenv("TELEGRAM_API") or upload.TELEGRAM)
    if verb == "run":
        await upload.run(photos, target)
    sent, left, why = await upload.send_all(photos, target, lambda name, error: complain(name, error))
    proc.stdout.write(f"{sent} sent, {left} wait\n")
    if left and not status():
        complain("", why)
    return status()


def remember(spool, words):
    """Store the URL, or show the stored one without its password."""
    if len(words) > 1:
        raise Usage("extra operand", words[1])
    if words:
        from photo import upload  # late: as above

        upload.sender(words[0])
        with Replacement(spool.TARGET) as file:
            file.write(words[0] + "\n")
    else:
        proc.stdout.write(shown(required(spool.target())) + "\n")
    return 0


def shown(url):
    """A URL without its secrets."""
    scheme, found, rest = url.partition("://")
    return scheme + found + rest.rpartition("@")[2] if found else url.partition(":")[0] + ":"


def required(url):
    """The stored URL; Failure if there is none."""
    if not url:
        raise Failure("", "no server; store one with `photoq to URL`")
    return url
