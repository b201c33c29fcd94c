# Where the notifications of a node go besides its Load Modules: Telegram, MQTT and ntfy, as its settings say.
#
#   telegram   TOKEN/CHAT, of a bot          telegram_api   the server of the bots
#   mqtt       mqtt://[USER:PASSWORD@]HOST[:PORT]/TOPIC, or mqtts
#   ntfy       https://HOST/TOPIC
#
# Messages wait in a queue and are sent by a task of their own: whoever notifies does not wait for the network.

import asyncio

from micropython import const

from base import log
from base.errors import Failure, reason
from process import cpu
from services.micros import settings

_WAITING_MAX = const(8)  # messages
_TEXT_MAX = const(4096)  # characters, as Telegram allows
_TRIES = const(3)
_PAUSE_MS = const(10_000)  # between them
_SEND_S = const(60)  # that one of them may take

_waiting = []  # (channel, text, options); a task sends them while there are any


class Channel:
    """A way for messages; a subclass has send(text, options), which raises what has gone wrong."""

    key = ""  # its setting

    def __init__(self):
        self.target = settings.get(self.key)

    def send_msg(self, text, *args, **named):
        """Queue a message; Failure where too many wait."""
        text = str(text)
        if len(text) > _TEXT_MAX:
            raise Failure("", f"longer than {_TEXT_MAX} characters")
        if len(_waiting) >= _WAITING_MAX:
            raise Failure("", f"{_WAITING_MAX} messages wait already")
        _waiting.append((self, text, named))
        if len(_waiting) == 1:
            cpu.schedule(send_all())


class Telegram(Channel):
    key = "telegram"

    async def send(self, text, options):
        token, _, chat = self.target.partition("/")
        data = {"chat_id": options.get("chat_id") or chat, "text": f"{settings.get('devfid')}: {text}"}
        if isinstance(options.get("reply_to"), int):
            data["reply_to_message_id"] = options["reply_to"]
        await post(f"{settings.get('telegram_api')}/bot{token}/sendMessage", json=data)


class Ntfy(Channel):
    key = "ntfy"

    async def send(self, text, options):
        await post(self.target, data=text, headers={"Title": settings.get("devfid")})


class MQTT(Channel):
    key = "mqtt"

    async def send(self, text, options):
        from net import mqttc  # late: few nodes have a broker
        from net.mqtt import Client
        from net.url import Url

        url = Url(self.target, ("mqtt", "mqtts"))
        client = Client(url.host, url.port)
        client.user, client.password = url.user, url.password
        if url.secure:
            from net import tls  # late: as above

            client.context = tls.context()[0]
        async with mqttc.Own(client):
            await client.publish(options.get("topic") or url.path[1:], text, 1)


def configured():
    """The channels that the settings ask for."""
    return [kind() for kind in (Telegram, MQTT, Ntfy) if settings.get(kind.key) not in ("", "n/a")]


async def post(url, **options):
    """Send a POST request; Failure for an answer that is no success."""
    from services.micros.faces.requests import arequest  # late: not for MQTT

    status, _ = await arequest("POST", url, **options)
    if not 200 <= status < 300:
        raise Failure("", f"status {status}")


async def send_all():
    """The task that sends what waits."""
    try:
        while _waiting:
            channel, text, options = _waiting[0]
            await send(channel, text, options)
            del _waiting[0]
    finally:
        _waiting.clear()  # where it was cancelled


async def send(channel, text, options):
    """Send a message, again after a pause where that fails; then it is lost, and the log says so."""
    name = type(channel).__name__
    for left in range(_TRIES - 1, -1, -1):
        try:
            await asyncio.wait_for(channel.send(text, options), _SEND_S)
            return
        except Exception as e:  # whatever the network does
            # The target has secrets in it, and so may have the message of an error.
            why = (
                e.reason
                if isinstance(e, Failure)
                else reason(e)
                if isinstance(e, (OSError, MemoryError))
                else type(e).__name__
            )
            log.note("micros", f"notification over {name}: {why}", log.WARNING if left else log.ERR)
        if left:
            await asyncio.sleep_ms(_PAUSE_MS)
