# snapshot - take a photo, send it, and sleep: a camera that runs on a battery
# usage: snapshot [-f] [-t SECONDS] [-p GPIO[=LEVEL]] [-b GPIO[*FACTOR]] [-d DIR] [-u SECONDS] [-w SECONDS] [URL]
#
# Puts a photo into the spool of photoq, sends what waits there, oldest first, and with -t or -p goes into deep sleep. What could
# not be sent is sent the next time. URL is as for photoq; by default what `photoq to` has stored, else nothing is sent.
#   -t SECONDS  sleep so long      -p GPIO=LEVEL  until this pin is LEVEL (0 or 1; 0): a PIR sensor, a button
#   -b GPIO*FACTOR  measure the battery: volts at this pin times FACTOR (1), for the log
#   -d DIR  the spool (/var/spool/photos)      -f  with the light      -u SECONDS  for the network and sending (60)
#   -w SECONDS  after a start that is no wake-up, wait before all this (60): time to log in and `service stop snapshot`
# As a service, with the options in /local/services/snapshot: command=snapshot -t 600 -b 33*2. Each phase has a time limit; with
# -t or -p an ESP32's watchdog resets the board if one hangs in spite of it. See docs/camera.md.

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

from base import log, power, watchdog
from base.chip import module
from base.errors import Failure, Usage, reason
from base.paths import join
from net.sockets import within
from program import options

proc = None

QUOTA = 1_000_000
PHOTO_S = 20
SEND_S = 30  # that an upload which has begun may take longer
RETRY_S = 2
WATCHDOG_S = 8


async def __main__(args):
    opts, words = options(args, "ft:p:b:d:u:w:", most=1)
    ms = power.duration([opts["t"]] if opts["t"] else [], True)
    sleeps = opts["t"] or opts["p"]
    deepsleep = power.function("deepsleep") if sleeps else None
    if opts["p"]:
        power.wake_on(opts["p"], True)
    said = [power.describe()]
    if opts["b"]:
        said.append(f"{battery(opts['b']):.2f} V")
    if sleeps and power.reset_cause() != "deep sleep":
        await asyncio.sleep(opts.number("w", 60))
    from photo import spool  # late: not for --help

    photos = spool.Spool(join(proc.cwd, opts["d"] or spool.DIRECTORY), QUOTA)
    phases = Phases(sleeps and module("esp32"))
    said.append(await phases.run("photo", PHOTO_S, take(photos, opts["f"])))
    url = words[0] if words else spool.target()
    if url:
        seconds = opts.number("u", 60)
        said.append(await phases.run("upload", seconds + SEND_S, upload(photos, url, seconds)))
    proc.stdout.write(", ".join(said) + "\n")
    if not sleeps:
        return phases.failed
    from kernel import shutdown  # late: a usage error needs none

    shutdown.request(lambda: deepsleep(*ms))
    await asyncio.sleep(PHOTO_S)  # until the shutdown ends this process


class Phases:
    """Runs one phase after another, each with a time limit, above which the watchdog is not fed any more."""

    def __init__(self, guarded):
        self.failed = 0
        self.end = ticks_ms()
        if guarded:
            watchdog.start(WATCHDOG_S)
            asyncio.create_task(self.feed())

    async def feed(self):
        while ticks_diff(ticks_ms(), self.end) < 1000 * WATCHDOG_S:
            watchdog.feed()
            await asyncio.sleep(1)

    async def run(self, name, seconds, work):
        """What to log of a phase: its result, or why it failed."""
        self.end = ticks_add(ticks_ms(), 1000 * seconds)
        try:
            return await within(work, 1000 * seconds)
        except (Failure, OSError, MemoryError) as e:
            self.failed = 1
            return f"{name}: {e if isinstance(e, Failure) else reason(e)}"
        finally:
            self.end = ticks_ms()


async def take(photos, light):
    """Put a photo into the spool; returns its size in words."""
    from cameras.camera import Camera  # late: large
    from cameras.photos import Flash  # late: likewise

    with Flash(light), Camera() as camera:
        frame = await camera.capture()
        with photos.accept(len(frame)) as file:
            file.write(frame)
        return f"{len(frame)} bytes"


async def upload(photos, url, seconds):
    """Send what waits; the network may still be coming up. Returns what was done in words."""
    end = ticks_add(ticks_ms(), 1000 * seconds)
    from photo import upload  # late: large

    target = upload.sender(url, proc.getenv("TELEGRAM_API") or upload.TELEGRAM)
    total = 0
    while True:
        sent, left, why = await upload.send_all(photos, target, refused)
        total += sent
        if not why or isinstance(why, upload.Refused):
            return f"{total} sent, {left} wait"
        if ticks_diff(end, ticks_ms()) < 1000 * RETRY_S:
            raise Failure("", f"{why if isinstance(why, Failure) else reason(why)}; {total} sent, {left} wait")
        await asyncio.sleep(RETRY_S)


def refused(name, error):
    """Note a photo that the server does not want."""
    log.note("snapshot", f"{name}: {error}", log.WARNING)


def battery(text):
    """The volts at GPIO*FACTOR."""
    gpio, _, factor = text.partition("*")
    try:
        from machine import ADC, Pin  # late: few boards measure it

        channel = ADC(Pin(int(gpio)))
        uv = channel.read_uv() if hasattr(channel, "read_uv") else channel.read_u16() * 3_300_000 // 65535
        return uv * float(factor or 1) / 1_000_000
    except ValueError as e:
        raise Usage(str(e), text)
