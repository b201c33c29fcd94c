# The supervisor of Wi-Fi: joins the best saved network, rejoins after a disconnect, and becomes an access point with a
# setup page while no network is available.
#
# States: connected, joining, waiting (a pause that doubles, up to _PAUSE_MAX_MS), access point. A radio that was switched
# off stays off. A manual connection stays as long as it works.

import asyncio
from time import ticks_diff, ticks_ms

from micropython import const

from base import log
from base.errors import Failure, reason
from base.modules import unload

NAME = "wifi"
_CHECK_MS = const(500)  # between two checks of a connection
_GRACE_MS = const(4000)  # the time for the ESP32 to rejoin by itself
_JOIN_MS = const(20_000)
_PAUSE_MS = const(1000)  # the first pause
_PAUSE_MAX_MS = const(60_000)
_FALLBACK_S = const(45)  # without a network until the access point starts
_JOINING = ("net.networks", "wireless")  # modules that are unloaded while connected

supervisor = None  # the running one


class Supervisor:
    """Keeps the radio connected; `await run()`."""

    state = "starting"
    portal = None  # the Portal while the board is an access point
    changed = False  # the saved networks have changed

    def __init__(self):
        import wireless  # late, here and below: unloaded while connected
        from base import config

        settings = config.section("wifi", True)
        self.fallback_ms = int(1000 * settings.get("fallback", _FALLBACK_S))
        self.grace_ms = int(1000 * settings.get("grace", _GRACE_MS / 1000))
        self.join_ms = int(1000 * settings.get("timeout", _JOIN_MS / 1000))
        self.most_ms = int(1000 * settings.get("pause", _PAUSE_MAX_MS / 1000))
        self.wlan = wireless.interface()
        self.lost = ticks_ms()  # ticks of the last connection
        self.pause = 0
        self.failures = {}  # ssid: the last error

    async def run(self):
        global supervisor
        supervisor = self
        try:
            self.switch_on()
            while True:
                try:
                    await self.check()
                except MemoryError:  # others will end
                    await asyncio.sleep_ms(_CHECK_MS)
        finally:
            supervisor = None
            if self.portal:
                await self.portal.close()

    async def check(self):
        """Act on the state of the radio."""
        if self.wlan.isconnected():
            await self.connected()
        elif not self.wlan.active():  # switched off by the user
            await asyncio.sleep_ms(_CHECK_MS)
            self.lost = ticks_ms()
        else:
            await self.connect()

    def switch_on(self):
        import wireless  # late: unloaded while connected

        wireless.switch_on(self.wlan)

    def name(self, ssid):
        """The name of a network for the log."""
        import wireless  # late: unloaded while connected

        return wireless.printable(ssid)

    def why(self):
        """Describe the state of the radio."""
        import wireless  # late: unloaded while connected

        return wireless.state(self.wlan)

    async def connected(self):
        """Wait until the connection is lost, and for the radio to rejoin."""
        name = self.name(self.wlan.config("ssid"))
        self.set_state("connected", f"connected to {name}, address {self.wlan.ifconfig()[0]}")
        self.pause = 0
        self.failures.clear()
        if self.portal:
            await self.portal.close()
            self.portal = None
            log.note(NAME, "the access point is off")
        for module in _JOINING:
            unload(module)
        while True:
            while self.wlan.isconnected():
                await asyncio.sleep_ms(_CHECK_MS)
            if not self.wlan.active():
                return
            self.set_state("lost", f"lost {name} ({self.why()})", log.WARNING)
            self.lost = ticks_ms()
            while not self.wlan.isconnected():  # it may rejoin by itself
                if ticks_diff(ticks_ms(), self.lost) >= self.grace_ms or not self.wlan.active():
                    return
                await asyncio.sleep_ms(50)
            self.set_state("connected", f"found {name} again")

    async def connect(self):
        """Try all networks once, then pause."""
        from net.networks import by_priority, load  # late: unloaded while connected

        self.changed = False
        busy = self.portal and self.portal.busy()  # in use: the radio must not change its channel
        try:
            networks = by_priority()
            if networks and not busy:
                for one in self.order(networks):
                    if await self.join(one):
                        return
        except (Failure, OSError) as e:
            self.set_state("waiting", reason(e), log.ERR)
        if not self.portal and ticks_diff(ticks_ms(), self.lost) >= self.fallback_ms:
            self.open_portal()
        self.pause = min(self.pause * 2 or _PAUSE_MS, self.most_ms)
        wait = self.pause
        if not self.portal and load().get("setup"):
            wait = max(min(wait, self.fallback_ms - ticks_diff(ticks_ms(), self.lost)), _CHECK_MS)
        self.state = "access point" if self.portal else "waiting"
        await self.wait(wait)

    async def wait(self, ms):
        """Sleep until the networks change or a manual connection is made."""
        begun = ticks_ms()
        while ticks_diff(ticks_ms(), begun) < ms and not self.wlan.isconnected():
            if self.changed:
                self.pause = 0
                return
            await asyncio.sleep_ms(50)

    def order(self, networks):
        """The networks in the order of the attempts: those in range first."""
        if len(networks) < 2:
            return networks  # a scan blocks everything for two seconds
        heard = {}
        try:
            for ssid, _, _, rssi, _, _ in self.wlan.scan():
                name = ssid.rstrip(b"\0")
                heard[name] = max(rssi, heard.get(name, -999))
        except OSError:
            return networks
        return sorted(
            networks,
            key=lambda one: (
                one["ssid"].encode() not in heard,
                -one["priority"],
                -heard.get(one["ssid"].encode(), -999),
            ),
        )

    async def join(self, one):
        """Try one network; True on success."""
        import wireless  # late: unloaded while connected

        name = wireless.printable(one["ssid"])
        self.state = "joining " + name
        try:
            await wireless.join(self.wlan, one["ssid"], one["key"], self.join_ms)
            return True
        except (Failure, OSError, ValueError) as e:
            why = reason(e) if isinstance(e, OSError) else str(e)
            if self.failures.get(one["ssid"]) != why:  # not logged twice
                log.note(NAME, why, log.WARNING)
            self.failures[one["ssid"]] = why
            return False

    def open_portal(self):
        """Start the access point if the settings allow it."""
        from net.networks import load  # late: unloaded while connected

        wanted = load().get("setup")
        if not wanted:
            return
        from net import portal  # late: only for the set-up portal

        try:
            self.portal = portal.Portal(wanted, self)
            log.note(
                NAME, f"no network: access point {wanted['ssid']}, page http://{self.portal.address}/", log.WARNING
            )
        except (Failure, OSError, ValueError) as e:
            self.fallback_ms *= 2
            log.note(NAME, f"no access point: {reason(e)}", log.ERR)

    def set_state(self, state, text, level=log.INFO):
        """Set the state and log its change."""
        if (state, text) != (self.state, ""):
            log.note(NAME, text, level)
        self.state = state
