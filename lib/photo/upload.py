# Sends the photos of a spool to a server, under their names: see bin/photoq.py.
#
# A photo counts as sent when the server has confirmed it; then its file is removed. If the power fails between these two, it is
# sent again. With FTP and PUT that changes nothing. The others get it twice, and its name, which is the same, tells them.

import asyncio
import os

from micropython import const

from base import log
from base.errors import Failure, reason
from net.body import File, form
from net.http import Request
from net.url import Url
from photo.spool import fits

PAUSE_MS = const(1000)  # after a failure; doubled each time
PAUSE_MAX_MS = const(600_000)
LOOK_MS = const(2000)  # how often it looks for new photos
TELEGRAM = "https://api.telegram.org"
SCHEMES = ("ftp", "http", "https", "mqtt", "mqtts")


class Refused(Failure):
    """The server does not want this photo; the next one may be welcome."""


def sender(text, api=TELEGRAM):
    """The object that sends to a URL; it has `async send(path, name)` and close(). Failure: an invalid URL.

    api: the server of Telegram's bots.
    """
    if text.startswith("telegram:"):
        return Telegram(text, api)
    url = Url(text, SCHEMES)
    if url.scheme == "ftp":
        return Ftp(url)
    if url.scheme in ("mqtt", "mqtts"):
        return Mqtt(url)
    return Http(text, url)


class Http:
    """PUT to URL/NAME if the URL ends with a slash, as curl -T does; else POST to the URL."""

    def __init__(self, text, url):
        self.text = text
        self.put = url.path.endswith("/")

    async def send(self, path, name):
        request = Request()
        request.method = "PUT" if self.put else "POST"
        request.body = File(path)
        request.headers = ["Content-Type: image/jpeg", f"X-Photo-Id: {name}", f'Idempotency-Key: "{name}"']
        await confirmed(request, self.text + name if self.put else self.text)

    async def close(self):
        pass


class Telegram:
    """telegram:TOKEN/CHAT: a message of a bot, with the name below the photo."""

    def __init__(self, text, api):
        token, _, self.chat = text.partition(":")[2].partition("/")
        if not token or not self.chat:
            raise Failure("telegram", "expected telegram:TOKEN/CHAT")
        self.address = f"{api}/bot{token}/sendPhoto"

    async def send(self, path, name):
        request = Request()
        request.method = "POST"
        fields = ("chat_id=" + self.chat, "caption=" + name, f"photo=@{path};type=image/jpeg")
        request.body, kind = form(fields)
        request.headers = ["Content-Type: " + kind]
        try:
            await confirmed(request, self.address)
        except Failure as e:
            raise type(e)("telegram", e.reason)  # the address has a secret in it

    async def close(self):
        pass


async def confirmed(request, address):
    """Send a request; Failure if the server does not confirm it."""
    response = await request.open(address)
    await response.close()
    status = response.status
    if 200 <= status < 300:
        return
    why = f"{status} {response.reason}"
    if 400 <= status < 500 and status not in (
        401,
        403,
        404,
        408,
        429,
    ):  # what a correct address, or time, does not heal
        raise Refused(response.url.place, why)
    raise Failure(response.url.place, why)


class Ftp:
    """To the directory of the URL: under another name, which is changed when all is there."""

    def __init__(self, url):
        self.url = url
        self.session = None

    async def send(self, path, name):
        from net.ftp import Session  # late: not for the others

        if not self.session:
            self.session = await Session.open(self.url.host, self.url.port)
            user = self.url.user
            await self.session.login("anonymous" if user is None else user, self.url.password or "diatom@")
            if self.url.path.strip("/"):
                await self.session.command("CWD " + self.url.path)
        size = os.stat(path)[6]
        if await self.size(name) == size:  # the power failed after the last word of the server
            return
        part = name + ".part"
        with open(path, "rb") as file:
            await self.session.store("STOR " + part, file)
        if await self.size(part) not in (size, None):
            raise Failure(self.url.host, "the file there has another size")
        await self.session.command("RNFR " + part, "3")
        await self.session.command("RNTO " + name)

    async def size(self, name):
        """The bytes of a file there; None if it is not there, or the server cannot tell."""
        try:
            _, text = await self.session.command("SIZE " + name)
        except Failure:
            return None
        number = text[4:].strip()
        return int(number) if number.isdigit() else None

    async def close(self):
        session, self.session = self.session, None
        if session:
            session.close()


class Mqtt:
    """To TOPIC/NAME with QoS 1: the broker has confirmed it."""

    def __init__(self, url):
        self.url = url
        self.topic = url.path.strip("/")
        if not self.topic:
            raise Failure(url.host, "the topic is missing: mqtt://HOST/TOPIC")
        self.connection = None

    async def send(self, path, name):
        if not self.connection:
            await self.open()
        client = self.connection.client
        await client.publish_body(f"{self.topic}/{name}", File(path))

    async def open(self):
        from net.mqtt import Client  # late: not for the others
        from net.mqttc import Own  # late: likewise

        client = Client(self.url.host, self.url.port)
        client.user, client.password = self.url.user, self.url.password
        if self.url.secure:
            from net import tls  # late: not without TLS

            client.context = tls.context()[0]
        connection = Own(client)
        await connection.__aenter__()
        self.connection = connection

    async def close(self):
        connection, self.connection = self.connection, None
        if connection:
            await connection.__aexit__(None, None, None)


async def send_all(spool, target, note):
    """Send what waits, oldest first; returns (how many were sent, how many remain, why the last one did).

    A photo that the server refuses stays; the next ones are sent. note(name, error): what was refused.
    """
    sent = 0
    why = None
    left = 0
    try:
        photos = spool.waiting()
        for i in range(len(photos)):
            name = photos[i][0]
            try:
                if not fits(name):
                    raise Refused(name, "rename it: only letters, digits, - _ . ~")
                await target.send(spool.path(name), name)
            except Refused as e:
                note(name, e)
                left += 1
                why = e
                continue
            except (Failure, OSError) as e:
                return sent, left + len(photos) - i, e
            spool.discard(name)
            sent += 1
        return sent, left, why
    finally:
        await target.close()


async def run(spool, target):
    """Send for ever, with a pause after a failure that grows."""
    pause = PAUSE_MS
    said = None  # what has been logged, so that a day without network is one line
    while True:
        refused = []

        def note(name, error, refused=refused):
            refused.append(name)

        sent, left, why = await send_all(spool, target, note)
        if sent:
            log.note("photoq", f"{sent} sent, {left} wait")
        text = (str(why) if isinstance(why, Failure) else reason(why)) if why else None
        if why and text != said:
            which = refused[0] + ": " if refused else ""
            log.note("photoq", f"{which}{text}; {left} wait", log.WARNING)
        said = text
        if why or sent:
            pause = PAUSE_MS if sent or not why else min(2 * pause, PAUSE_MAX_MS)
            await asyncio.sleep_ms(pause)
        else:
            pause = PAUSE_MS
            await asyncio.sleep_ms(LOOK_MS)
