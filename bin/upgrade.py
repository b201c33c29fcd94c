# upgrade - install another version of this system
# usage: upgrade [-fviorsty] [--json] [--unsigned] [--downgrade] [SOURCE]
# usage: upgrade --factory [-fr] [SOURCE]
# usage: upgrade --firmware [-fr] [--unsigned] IMAGE
# usage: upgrade --status [--json] | --rollback | --confirm | --cancel | --clean
# usage: upgrade --trust [-f] [SOURCE]
#
# Find a release at SOURCE, verify its signature, download what differs, and install it at the next restart.
# SOURCE is an http(s) address, a directory, or `lan` for what `diatom serve` offers in this network (one that ends in
# etc/upgrade.inf: programs of upyOS that are missing here, see docs/updates.md); without it the
# releases of the project, or the url under `upgrade` in system.conf.
# The new system must then run for a while with its services; otherwise the old one comes back by itself.
#   -f, -y  no questions         -r  restart at once when complete      -v  list the files that change
#   -t  the release for tests    -i  go on after a file that cannot be downloaded; nothing is switched then
#   -o  download unchanged files, too            -s  stop the other processes first
#   --status    the status of an update          --rollback  roll back the last update, with a restart
#   --confirm   keep the new system now          --cancel    cancel an update that waits for its restart
#   --clean     free the space of what --rollback needs
#   --unsigned  accept an unsigned release       --downgrade  accept an older version, or other files of
#               the same version; both on the console only
#   --factory   reset the settings, too: those in /etc are replaced, and --rollback restores them (without SOURCE: /factory)
#   --firmware  write IMAGE (a file or an address) to the other firmware partition of an ESP32, for a trial
#   --trust     accept releases of another maker, too: add the keys in SOURCE (release.pub, an address, a directory or a file)
#               to /etc/release.pub, on the console only; without SOURCE list the keys that are trusted
#   --json      the last line, or all of --status, is JSON; then status 0 means: ready, or nothing to do
# Keys: a release must be signed with a key in /etc/release.pub. On the computer `diatom keygen` makes one, and
# `diatom deploy` installs it; a release signed with the old key may bring a new one; else see --trust and --unsigned.
# Your files are kept: a new default for a file in /etc that you have changed is saved as FILE.new.

import sys

from base.errors import Failure, Usage
from base.units import human
from process import memory
from program import complain, confirm, options

proc = None

LETTERS = "fviorsty"
LONG = (
    "status",
    "rollback",
    "confirm",
    "cancel",
    "clean",
    "unsigned",
    "downgrade",
    "factory",
    "firmware",
    ("yes", "y"),
    "json",
    "trust",
)


async def __main__(args):
    opts, places = options(args, LETTERS, LONG)
    if "y" in opts:
        opts.given["f"] = True
    try:
        if "json" in opts and "status" not in opts:
            from update import status  # late: a step of its own

            return await status.run_as_json(upgrade(opts, places))
        return await upgrade(opts, places)
    finally:
        memory.unload_all(" ".join([name for name in sys.modules if name.startswith("update")]))


async def upgrade(opts, places):
    """Do what the options ask for."""
    if len(places) > 1:
        raise Usage("extra operand", places[1])
    for action in ("status", "rollback", "confirm", "cancel", "clean"):
        if action in opts:
            return await manage(action, "f" in opts, "json" in opts)
    for name in ("unsigned", "downgrade", "factory", "trust"):
        if name in opts and (places or name != "trust") and proc.session and proc.session.name != "console":
            raise Failure("", "allowed on the console only")
    if "trust" in opts:
        from update import trust  # late: a step of its own

        return await trust.run(proc, places[0] if places else "", "f" in opts)
    if "firmware" in opts:
        if not places:
            raise Usage("missing image")
        return await install_firmware(places[0], opts)
    if places == ["lan"]:
        from repository import source  # late: only for lan

        places = [await source.find_in_network()]
        print("from " + places[0])
    from update import session  # late: a step of its own

    place = places[0] if places else "/factory" if "factory" in opts else None
    job = session.Session(proc, opts, place, services_now())
    if not await job.check():
        return 0
    if "f" not in opts and not await confirm("Go on? [y/N] "):
        return 1
    if "s" in opts:
        session.stop_others(proc)
    if not await job.get(complain):
        print("The download is incomplete, and nothing has changed. Another `upgrade` continues it.")
        return 1
    await job.switch()
    print(f"{job.version} is ready ({human(job.bytes)}). It will be installed at the restart.")
    if "r" in opts or ("f" not in opts and await confirm("Restart now? [y/N] ")):
        restart()
    return 0


def services_now():
    """Return the names of the running services. If there are none, unload the modules that know."""
    from services import states  # late: a step of its own

    found = states.running()
    if not states.known():
        del states
        memory.unload_all("services.states services.definitions services")
    return found


def restart():
    from kernel import reboot  # late: a step of its own

    reboot()


async def install_firmware(place, opts):
    """Write a firmware image to the other partition."""
    from update import firmware  # late: a step of its own

    firmware.partitions()
    if "f" not in opts and not await confirm(f"Write {place} to the other firmware partition? [y/N] "):
        return 1
    size = await firmware.install(place, proc, "unsigned" in opts)
    print(f"The firmware is written ({human(size)}). Its trial begins at the restart.")
    if "r" in opts or ("f" not in opts and await confirm("Restart now? [y/N] ")):
        restart()
    return 0


async def manage(action, sure, as_json):
    """Run the options that need no release."""
    from update import status  # late: a step of its own

    if action == "status" and as_json:
        print(status.as_json())
    elif action == "status":
        print("installed: " + status.version())
        for line in status.lines():
            print(line)
    elif action == "confirm":
        status.confirm()
    elif action == "cancel":
        status.cancel()
    elif action == "clean":
        status.discard()
    else:
        if not sure and not await confirm("Restart with the previous version? [y/N] "):
            return 1
        status.back()
        restart()
    return 0
