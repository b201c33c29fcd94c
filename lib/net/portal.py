# The access point for setup: its page selects a network, and a DNS server that resolves every name to our address makes
# phones open that page (captive portal).

import asyncio
import os
import struct
from time import ticks_diff, ticks_ms

from micropython import const

import wireless
from base import config, log
from base.errors import Failure
from net import networks
from net.dns import Message
from net.link import Link
from net.sockets import datagrams, endpoint, listener, readable, receive, sockaddr
from net.url import decoded

_LINE_MAX = const(512)
_LINES_MAX = const(40)
_BODY_MAX = const(1024)
_CLIENTS_MAX = const(4)
_CLIENT_MS = const(10_000)  # for a whole request
_BUSY_MS = const(60_000)  # how long a request marks the portal as in use
_TTL = const(10)

_HEAD = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Set up %s</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>
body{font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:2rem auto;padding:0 1rem;background:#fff;color:#123}
@media(prefers-color-scheme:dark){body{background:#101820;color:#dde}}
input,select,button{font:inherit;width:100%%;padding:.5rem;margin:.2rem 0 1rem;box-sizing:border-box}
.bad{color:#c33}</style></head><body><h1>%s</h1>
"""
_FORM = """<form method="post" action="/save"><input type="hidden" name="token" value="%s">
<label>Network<select name="ssid">%s<option value="">another, hidden one</option></select></label>
<label>Its name, where it is hidden<input name="other" maxlength="32" autocapitalize="none"></label>
<label>Password<input name="key" type="password" maxlength="64"></label>
<label>Name of this board<input name="name" value="%s" maxlength="32" pattern="[A-Za-z0-9-]+"></label>
<button>Connect</button></form><p><a href="/?scan">Look for networks again</a></p></body></html>
"""


def escaped(text):
    """Escape text for HTML."""
    for c, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        text = text.replace(c, name)
    return text


def fields(body):
    """The fields of a submitted form."""
    found = {}
    for pair in body.split("&"):
        name, _, value = pair.partition("=")
        found[decoded(name)] = decoded(value.replace("+", " "))
    return found


class Portal:
    """The access point with its two servers. The constructor starts it; Failure or OSError if it cannot start."""

    def __init__(self, wanted, supervisor):
        self.supervisor = supervisor
        self.token = os.urandom(8).hex()
        self.found = None  # the names of the networks in range
        self.last = None  # ticks_ms of the last request
        self.clients = 0
        self.ap = wireless.interface(True)
        self.web = self.names = None
        self.tasks = []
        security = getattr(self.ap, "SEC_WPA2", None) or getattr(self.ap, "SEC_WPA_WPA2", 4)
        try:
            self.ap.config(ssid=wanted["ssid"], key=wanted["key"], security=security)
            self.ap.active(True)
            self.address = self.ap.ifconfig()[0]
            self.web = listener(config.port(80))
            try:
                self.names = datagrams(config.port(53))
            except OSError:  # users must enter the address themselves
                log.note("wifi", "port 53 is taken: the page does not open by itself", log.WARNING)
        except BaseException:
            self.release()
            raise
        self.tasks.append(asyncio.create_task(self.serve()))
        if self.names:
            self.tasks.append(asyncio.create_task(self.answer_names()))

    def busy(self):
        """True while the portal is in use."""
        return self.last is not None and ticks_diff(ticks_ms(), self.last) < _BUSY_MS

    def release(self):
        for sock in (self.web, self.names):
            if sock:
                sock.close()
        self.ap.active(False)

    async def close(self):
        for task in self.tasks:
            task.cancel()
        await asyncio.sleep_ms(0)
        self.release()

    # --- names

    async def answer_names(self):
        """Resolve every name to our address."""
        ours = bytes([int(part) for part in self.address.split(".")])
        while True:
            try:
                data, peer = await receive(self.names, _LINE_MAX)
                message = Message(data)
                if message.flags & 0x8000 or len(message.questions) != 1:
                    continue
                end = 12 + data[12:].index(b"\0") + 5
                good = message.questions[0][1] == 1  # type A; there are no other records
                head = struct.pack(">HHHHHH", message.ident, 0x8580, 1, 1 if good else 0, 0, 0)
                record = struct.pack(">HHHIH", 0xC00C, 1, 1, _TTL, 4) + ours if good else b""
                self.names.sendto(head + data[12:end] + record, sockaddr(*peer))
            except (ValueError, OSError):  # an invalid query, or no route to its sender
                await asyncio.sleep_ms(10)

    # --- the page

    async def serve(self):
        while True:
            await readable(self.web)
            try:
                sock, address = self.web.accept()
            except OSError:
                continue
            if self.clients >= _CLIENTS_MAX:
                sock.close()
                continue
            sock.setblocking(False)
            self.clients += 1
            self.tasks = [task for task in self.tasks if not task.done()]
            self.tasks.append(asyncio.create_task(self.client(Link(sock, endpoint(address), _CLIENT_MS))))

    async def client(self, link):
        """Serve one request."""
        try:
            await asyncio.wait_for_ms(self.request(link), _CLIENT_MS)
        except (OSError, Failure, ValueError, asyncio.TimeoutError):  # disconnected, or an invalid request
            pass
        finally:
            self.clients -= 1
            link.close()

    async def request(self, link):
        words = (await link.line(_LINE_MAX)).decode().split()
        length = 0
        for _ in range(_LINES_MAX):
            line = (await link.line(_LINE_MAX)).decode()
            if not line:
                break
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                length = int(value)
        else:
            return
        self.last = ticks_ms()
        if words[:2] == ["POST", "/save"] and 0 < length <= _BODY_MAX:
            form = fields((await link.exactly(length)).decode())
            await self.page(link, self.save(form))
        elif words[0] == "GET" and words[1] in ("/", "/?scan"):
            if words[1] != "/":
                self.found = None
            await self.page(link, "")
        else:  # the connectivity checks of phones
            await link.send(
                f"HTTP/1.0 302 Found\r\nLocation: http://{self.address}/\r\nContent-Length: 0\r\n\r\n".encode()
            )

    def save(self, form):
        """Save the submitted settings; returns a message."""
        if form.get("token") != self.token:
            return "<p class=bad>This page was too old. Please try again.</p>"
        ssid = form.get("ssid") or form.get("other", "")
        try:
            networks.add(ssid, form.get("key", ""), 1)
        except Failure as e:
            return f"<p class=bad>{escaped(str(e))}</p>"
        name = form.get("name", "")
        if name and name != config.hostname():
            if not config.hostname_fault(name):
                config.change("hostname", name)
        self.last = None  # the radio may change its channel
        return (
            f"<p>Joining {escaped(wireless.printable(ssid))}. When that succeeds this access point goes off, and the "
            "board is in that network. If it does not, look here again.</p>"
        )

    def networks(self):
        """The names of the networks in range, the strongest first."""
        if self.found is None:
            names = []
            try:
                for entry in sorted(self.supervisor.wlan.scan(), key=lambda entry: -entry[3]):
                    name = entry[0].rstrip(b"\0").decode()
                    if name and name not in names:
                        names.append(name)
            except (OSError, UnicodeError):
                pass
            self.found = names
        return self.found

    async def page(self, link, text):
        name = escaped(config.hostname())
        for why in self.supervisor.failures.values():
            text += f"<p class=bad>{escaped(why)}</p>"
        options = "".join(
            [f'<option value="{escaped(one)}">{escaped(wireless.printable(one))}</option>' for one in self.networks()]
        )
        body = (_HEAD % (name, name) + text + _FORM % (self.token, options, name)).encode()
        head = (
            "HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
            "X-Frame-Options: DENY\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
            f"form-action 'self'\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        await link.send(head.encode())
        await link.send(body)
