# The supervisor: keeps services running. Loaded with the first service.
#
# A service is a child process of the kernel. When it ends it is restarted, after a pause that doubles each time, up to
# a limit of consecutive restarts; a run of some length resets their count. Its output goes to the log under its name.
# Each service has one task, supervise(), which runs until the service is stopped.

import asyncio
from time import ticks_diff, ticks_ms

from micropython import const

from base import lazyfs, log
from base.errors import Failure, reason
from process import cpu, find
from process import process as processes
from process.session import signal_tree
from process.stream import Stream
from services.states import find_daemon

_WELL_MS = const(60_000)  # a run of this length resets the count of restarts
_PAUSE_MAX = const(300)  # seconds before a restart
_STOP_MS = const(3000)  # what a service may take to end after TERM
_START_MS = const(3000)  # how long started() waits for a command that leaves a daemon behind
_EARLY_MS = const(100)  # started() reports an end within this time
_STEP_MS = const(10)
_LINE_MAX = const(160)  # bytes of a line for the log

services = {}  # name: Service, in the order in which they were started


class Service:
    """A service that has been started at least once."""

    state = "starting"  # then: running waiting ended failed stopping stopped
    process = None  # the current or last one
    status = None  # the last exit status
    why = ""  # the last line that it wrote to stderr, or why it cannot start
    ends = 0  # consecutive ones
    restarts = 0  # in all
    since = 0  # ticks_ms of the last start
    task = None

    def __init__(self, definition):
        """Copy the fields of a Definition: the instance would keep its module in memory."""
        self.name = definition.name
        self.command = definition.command
        self.daemon = definition.daemon
        self.restart = definition.restart
        self.limit = definition.limit
        self.delay = definition.delay


class Output(Stream):
    """The stdout or stderr of a service: its lines go to the log."""

    def __init__(self, service, level):
        super().__init__()
        self.service = service
        self.level = level

    def write(self, data):
        if isinstance(data, str):
            data = data.encode()
        lines = (self.rest + data).split(b"\n")
        self.rest = lines.pop()
        if len(self.rest) > _LINE_MAX:
            lines.append(self.rest)
            self.rest = b""
        for line in lines:
            self.note(line)

    def note(self, line):
        text = log.text_of(line)
        if not text.strip():
            return
        log.note(self.service.name, text, self.level)
        if self.level < log.INFO:
            self.service.why = text

    def release(self):
        self.note(self.rest)


def start(definition):
    """Start a service; Failure if it is running. Returns the Service; started() waits until it runs.

    One that waits for its restart is started now: its owner may have just mended what it failed for.
    """
    service = services.get(definition.name)
    if service and service.task:
        if service.state != "waiting":
            raise Failure(definition.name, "already running" if service.state == "running" else "is " + service.state)
        service.task.cancel()
    services.pop(definition.name, None)
    service = services[definition.name] = Service(definition)
    service.task = cpu.schedule(supervise(service))
    return service


async def started(service):
    """Wait until a service runs; if it ends at once, Failure with its last error message."""
    waited = 0
    while service.state == "starting" and waited < _START_MS or service.state == "running" and waited < _EARLY_MS:
        await asyncio.sleep_ms(_STEP_MS)
        waited += _STEP_MS
    if service.state in ("failed", "waiting"):
        raise Failure(service.name, service.why or f"exited with status {service.status}")


async def supervise(service):
    """The task of a Service: start it, and restart it whenever it ends, up to its limit."""
    while True:
        service.state = "starting"
        service.since = ticks_ms()
        try:
            service.status = await run(service)
        except (Failure, OSError, MemoryError) as e:
            service.status = 127
            service.why = reason(e)
        if service.status is None or service.restart == "never":
            break
        if service.restart == "failure" and service.status == 0:
            break
        if ticks_diff(ticks_ms(), service.since) > _WELL_MS:
            service.ends = 0
        if service.ends >= service.limit:
            service.state = "failed"
            log.note(service.name, f"exited with status {service.status}, {service.ends + 1} times; giving up", log.ERR)
            service.task = None
            return
        pause = min(service.delay * 2**service.ends, _PAUSE_MAX)
        service.ends += 1
        service.restarts += 1
        log.note(service.name, f"exited with status {service.status}; restarting in {pause:g} s", log.WARNING)
        service.state = "waiting"
        await asyncio.sleep_ms(int(pause * 1000))
    service.state = "ended" if service.status in (0, None) else "failed"
    log.note(service.name, f"exited with status {service.status or 0}", log.NOTICE)
    service.task = None


async def run(service):
    """Run the service once; returns its status, None if its own program has stopped it."""
    found = service.daemon and find_daemon(service.daemon)
    if not found:
        service.process = launch(service)
        if not service.daemon:
            service.state = "running"
        status = await service.process.wait()
        if status or not service.daemon:
            return status
        found = find_daemon(service.daemon)
        if not found:
            raise Failure(service.command, f"started no process {service.daemon}")
    service.process = found
    service.state = "running"
    status = await found.wait()
    return None if getattr(found, "dismissed", False) else status


def launch(service):
    """Start the command of a service; returns its Process."""
    lazyfs.mount()
    command = service.command
    kernel = processes.get(1)
    args = command.split()
    path = None
    if not any(c in command for c in "|&;<>()$`\\\"'*?[#~="):
        path = find.find(args[0], kernel)
    name = args.pop(0).rsplit("/", 1)[-1]
    if not path or not path.endswith((".py", ".mpy")):  # a script, or shell syntax
        name = "sh"
        path = find.find("sh", kernel)
        args = ["-c", command]
        if not path:
            raise Failure("sh", "not found")
    log.note(service.name, "starting: " + command, log.INFO)
    process = processes.Process(name, args, kernel, Stream(), Output(service, log.INFO), Output(service, log.WARNING))
    process.background = True
    process.start(path)
    return process


async def stop(name):
    """Stop a service with TERM, then KILL; Failure if it is not running."""
    service = services.get(name)
    if not service or not service.task:
        raise Failure(name, "not running")
    service.state = "stopping"
    service.task.cancel()
    service.task = None
    process = service.process
    for signal in (15, 9):
        if process and process.status is None:
            signal_tree(process, signal)
        waited = 0
        while process and process.status is None and waited < _STOP_MS:
            await asyncio.sleep_ms(_STEP_MS)
            waited += _STEP_MS
    if process and process.status is None:
        service.state = "failed"
        raise Failure(name, "cannot be stopped")
    service.status = process.status if process else None
    service.state = "stopped"
    log.note(name, "stopped", log.INFO)


async def stop_all():
    """Stop all services in the reverse order of their start."""
    for name in reversed(list(services)):
        if services[name].task:
            try:
                await stop(name)
            except Failure as e:
                log.note(name, e.reason, log.ERR)


def boot(enabled):
    """Start enabled services in order; the kernel calls it at the end of boot. enabled: names."""
    from services import definitions  # late: unloaded after the boot

    found = []
    for name in enabled:
        try:
            definition = definitions.read(name)
            if definition.enabled:
                found.append(definition)
        except Failure as e:
            log.note("services", str(e), log.ERR)
    found.sort(key=lambda definition: (definition.order, definition.name))
    for definition in found:
        start(definition)
