# service - start, stop and watch services
# usage: service [list]
#        service start|stop|restart|enable [--now]|disable [--now]|status|logs NAME...
#
# list     all services and their states      status   details of some; exit status 1 if one is not running
# start    start it now                       enable   start it at boot
# stop     stop it now                        disable  do not start it at boot
# restart  stop and start it                  logs     its lines in the log
# --now    enable: start it, too; disable: stop it, too
# start and status print the URLs of a server; status says in red what its settings allow to everybody.
# `service NAME start` works, too. A service is a file in /etc/services or /local/services: see services.

from time import ticks_diff, ticks_ms

from base.clock import hms
from base.errors import Failure, Usage
from program import complain, options, status
from services import definitions
from services.states import find_daemon, state_of, urls

proc = None

_RED = "\x1b[31m%s\x1b[m"
VERBS = ("start", "stop", "restart", "enable", "disable", "status", "logs")
NOW = {"enable": "start", "disable": "stop"}


async def __main__(args):
    opts, words = options(args, "", ("now",))
    if not words or words == ["list"]:
        return show_list()
    verb = words.pop(0)
    if verb not in VERBS and len(words) == 1 and words[0] in VERBS:
        verb, words = words[0], [verb]
    if verb not in VERBS:
        raise Usage("unknown command", verb)
    if not words:
        raise Usage("missing NAME", verb)
    verbs = [verb]
    if "now" in opts:
        if verb not in NOW:
            raise Usage("only for enable and disable", "--now")
        verbs.append(NOW[verb])
    for name in words:
        try:
            for verb in verbs:
                await perform(verb, name)
        except (Failure, OSError) as e:
            complain(name, e)
    return status()


async def perform(verb, name):
    """Run one command for one service."""
    if verb in ("enable", "disable"):
        definitions.enable(name, verb == "enable")
        proc.stdout.write(f"{name}: {'starts' if verb == 'enable' else 'does not start'} at boot\n")
    elif verb == "logs":
        definitions.read(name)
        show_logs(name)
    elif verb == "status":
        show_status(definitions.read(name))
    else:
        from services import supervisor  # late: not for status and logs

        running = name in supervisor.services and supervisor.services[name].task
        if verb == "stop" or (verb == "restart" and running):
            if name not in supervisor.services:
                definition = definitions.read(name)
                await dismiss(supervisor, definition)
            else:
                await supervisor.stop(name)
        if verb != "stop":
            definition = definitions.read(name)
            await supervisor.started(supervisor.start(definition))
            if addresses := urls(state_of(definition)[1]):
                proc.stdout.write(f"{name}: {' '.join(addresses)}\n")


async def dismiss(supervisor, definition):
    """Stop a daemon that was started as a program: the supervisor adopts it first."""
    if not definition.daemon or not find_daemon(definition.daemon):
        raise Failure(definition.name, "not running")
    await supervisor.started(supervisor.start(definition))
    await supervisor.stop(definition.name)


def show_list():
    write = proc.stdout.write
    write(f"{'NAME':<12} {'STATE':<8} {'PID':>5} {'BOOT':<4} {'UP':>9} COMMAND\n")
    for name in definitions.names():
        try:
            definition = definitions.read(name)
        except Failure as e:
            complain("", e)
            continue
        state, process, service = state_of(definition)
        pid = process.pid if process else "-"
        up = elapsed(process) if process else "-"
        boot = "yes" if definition.enabled else "no"
        write(f"{name:<12} {state:<8} {pid:>5} {boot:<4} {up:>9} {definition.command}\n")
    return status()


def elapsed(process):
    return hms(ticks_diff(ticks_ms(), process.started) // 1000)


def show_status(definition):
    write = proc.stdout.write
    state, process, service = state_of(definition)
    write(f"{definition.name}: {state}")
    if process:
        write(f", process {process.pid}, up {elapsed(process)}")
    elif service and service.status is not None:
        write(f", last exit status {service.status}")
    write("\n")
    if definition.about:
        write(f"  {definition.about}\n")
    write(f"  command: {definition.command}\n  at boot: {'yes' if definition.enabled else 'no'}")
    write(f", restart: {definition.restart}, limit: {definition.limit}")
    write(f", restarts: {service.restarts if service else 0}\n")
    for url in urls(process):
        write(f"  {url}\n")
    for line in warnings(process):
        write(f"  {_RED % line if proc.stdout.isatty() else line}\n")
    if state != "running":
        proc.failed = 1
        if service and service.why:
            write(f"  {service.why}\n")


def warnings(process):
    """What the server of a process says of its settings that is dangerous."""
    from services.server import running  # late: only for the status

    for server in running:
        if process and server.process is process and hasattr(server, "warnings"):
            return server.warnings()
    return ()


def show_logs(name):
    from base import log  # late: only for logs
    from base.logfile import show

    for line in log.entries():
        if line[2] == name:
            proc.stdout.write(show(line, proc.getenv("TZ") or "") + "\n")
