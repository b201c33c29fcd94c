# upgrade - bring this system to another version
# usage: upgrade [-fviorsty] [--json] [--unsigned] [--downgrade] [SOURCE]
# usage: upgrade --factory [-fr] [SOURCE]
# usage: upgrade --firmware [-fr] [--unsigned] IMAGE
# usage: upgrade --status [--json] | --rollback | --confirm | --cancel | --clean
# usage: upgrade --trust [-f] [SOURCE]
#
# Get a release from SOURCE, check who has signed it, download what differs, and put it in place at the next restart.
# SOURCE is an http(s) address, a directory, or `lan` for what `diatom serve` offers in this network (one that ends in
# etc/upgrade.inf: programs of upyOS that are missing here, see docs/updates.md); without it the
# releases of the project, or the url under `upgrade` in system.conf.
# The new system must then run for a while with its services, or the old one comes back by itself.
#   -f, -y  no questions         -r  restart at once when all is there    -v  list the files that change
#   -t  the release for tests    -i  where a file cannot be had, go on with the others; nothing is switched then
#   -o  get also what is the same already        -s  stop the other processes first
#   --status    how an update stands             --rollback  take the last update back, with a restart
#   --confirm   keep the new system now          --cancel    forget an update that waits for its restart
#   --clean     free the space of what --rollback needs
#   --unsigned  also what nobody has signed      --downgrade  also an older version, or other files of
#               the same version; both on the console only
#   --factory   the settings as delivered, too: those in /etc go, and --rollback brings them back (without SOURCE: /factory)
#   --firmware  bring IMAGE (a file or an address) into the other firmware partition of an ESP32, for a trial
#   --trust     take releases of another maker, too: add the keys in SOURCE (release.pub, an address, a directory or a file)
#               to /etc/release.pub, on the console only; without SOURCE list the keys that are trusted
#   --json      the last line, or all of --status, is JSON; then status 0 means: ready, or nothing to do
# Keys: a release is believed where a key in /etc/release.pub has signed it. On the computer `diatom keygen` makes one, and
# `diatom deploy` brings it; a release that the old key has signed brings another; else see --trust and --unsigned.
# Files of yours are kept: where a release has a new default for a file in /etc that you have changed, it is FILE.new.

from base.sizes import human
from program import complain, confirm, options

proc = None

LETTERS = "fviorsty?<!/=~_^+#&"  # the marks stand for names without a letter
LONG = (
    ("status", "?"),
    ("rollback", "<"),
    ("confirm", "!"),
    ("cancel", "/"),
    ("clean", "="),
    ("unsigned", "~"),
    ("downgrade", "_"),
    ("factory", "^"),
    ("firmware", "+"),
    ("yes", "y"),
    ("json", "#"),
    ("trust", "&"),
)


async def __main__(args):
    opts, places = options(args, LETTERS, LONG)
    if "y" in opts:
        opts.given["f"] = True
    try:
        if "#" in opts and "?" not in opts:
            from update import told

            return await told.run(upgrade(opts, places))
        return await upgrade(opts, places)
    finally:
        import sys

        from process import memory

        memory.unload_all(" ".join([name for name in sys.modules if name.startswith("update")]))


async def upgrade(opts, places):
    """Do what the options ask for."""
    from base.errors import Failure, Usage

    if len(places) > 1:
        raise Usage("one source", places[1])
    for letter in "?<!/=":
        if letter in opts:
            return await manage(letter, "f" in opts, "#" in opts)
    for letter in "~_^&":
        if letter in opts and (places or letter != "&") and proc.session and proc.session.name != "console":
            raise Failure("", "what can harm a board is done on its console only")
    if "&" in opts:
        from update import trust

        return await trust.run(proc, places[0] if places else "", "f" in opts)
    if "+" in opts:
        if not places:
            raise Usage("which image?")
        return await firmware(places[0], opts)
    if places == ["lan"]:
        from update import lan

        places = [await lan.find()]
        print("from " + places[0])
    from update import session

    job = session.Session(proc, opts, places[0] if places else "/factory" if "^" in opts else None)
    if not await job.look():
        return 0
    if "f" not in opts and not await confirm("Go on? [y/N] "):
        return 1
    if "s" in opts:
        session.stop_others(proc)
    if not await job.get(complain):
        print("Not everything is there: nothing has changed. Another `upgrade` goes on from here.")
        return 1
    await job.switch()
    print(f"{job.version} is ready ({human(job.bytes)}). It is put in place at the restart.")
    if "r" in opts or ("f" not in opts and await confirm("Restart now? [y/N] ")):
        session.restart()
    return 0


async def firmware(place, opts):
    """The other thing that can be replaced."""
    from update import firmware as room

    room.partitions()
    if "f" not in opts and not await confirm(f"Write {place} to the other firmware partition? [y/N] "):
        return 1
    size = await room.install(place, proc, "~" in opts)
    print(f"The firmware is there ({human(size)}). It is tried at the restart.")
    if "r" in opts or ("f" not in opts and await confirm("Restart now? [y/N] ")):
        from update import session

        session.restart()
    return 0


async def manage(letter, sure, as_json):
    """What needs no release."""
    from update import standing

    if letter == "?" and as_json:
        from update import told

        print(told.status())
    elif letter == "?":
        print("installed: " + standing.version())
        for line in standing.lines():
            print(line)
    elif letter == "!":
        standing.confirm()
    elif letter == "/":
        standing.cancel()
    elif letter == "=":
        standing.discard()
    else:
        if not sure and not await confirm("Restart with the version before? [y/N] "):
            return 1
        standing.back()
        from update import session

        session.restart()
    return 0
