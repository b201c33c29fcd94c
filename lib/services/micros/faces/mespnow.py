# micrOS's module mespnow: calls over ESP-NOW (services.micros.radio).

from base.errors import Failure, reason
from services.micros import radio, settings, tasks

_OFF = "ESPNow is disabled"


class ESPNowSS:
    """The radio of this node; without the setting espnow it says so."""

    @property
    def espnow(self):
        return radio.radio.now if radio.radio else None

    @property
    def server_ready(self):
        return tasks.is_busy(radio.TAG)

    @property
    def devices(self):
        """{address: name} of all nodes that are known."""
        found = dict(radio.radio.members) if radio.radio else {}
        if radio.radio and radio.radio.plain:
            for mac in radio.radio.plain.peers:
                found.setdefault(mac, radio.radio.plain.peers[mac])
        return found

    def members(self):
        return self.devices

    def mac_by_peer_name(self, peer_name):
        for mac, name in self.devices.items():
            if name == peer_name:
                return mac
        return None

    def start_server(self):
        return {radio.TAG: tasks.BUSY if self.server_ready else _OFF}

    def send(self, peer, msg):
        """Run a command on a node, given by its name or address: {the tag of the task: what has happened}."""
        if not radio.radio:
            return {None: _OFF}
        mac = address(peer) if isinstance(peer, bytes) or ":" in peer else None
        name = self.devices.get(mac, radio.address_text(mac)) if mac else peer
        if not mac and not self.mac_by_peer_name(peer):
            return {peer: "Unknown device"}
        tag = f"con.espnow.{name}.{msg.split(' ', 1)[0]}"
        return tasks.start(tag, lambda task: run(task, name, mac or self.mac_by_peer_name(name), msg))

    def cluster_send(self, msg):
        """Run a command on all nodes."""
        return [self.send(name, msg) for name in self.devices.values()]

    def handshake(self, peer):
        """Find out who has an address."""
        mac = address(peer)
        if not mac:
            return {None: "Invalid MAC address format. Use 50:02:91:86:34:28"}
        if not radio.radio:
            return {None: _OFF}
        return tasks.start("con.espnow.handshake", lambda task: greet(task, mac, self))

    def save_peers(self):
        """Nothing is saved: nodes are found when they are called."""
        return True

    def stats(self):
        now = self.espnow
        if not now:
            return {"stats": _OFF, "peers": {}, "ready": False}
        return {"stats": now.stats(), "peers": now.peers_table, "ready": self.server_ready}

    def remove_peer(self, peer):
        """Forget a node; whether it was known."""
        mac = address(peer)
        found = mac in self.devices
        if found:
            radio.radio.members.pop(mac, None)
            if radio.radio.plain:
                radio.radio.plain.peers.pop(mac, None)
        return found


def address(peer):
    """Six bytes, from these or from text such as 50:02:91:86:34:28; None for anything else."""
    if isinstance(peer, str):
        try:
            peer = bytes([int(part, 16) for part in peer.split(":")])
        except ValueError:
            return None
    return peer if isinstance(peer, bytes) and len(peer) == 6 else None


async def run(task, name, mac, line):
    """The main function of a call's process."""
    try:
        found = radio.radio
        if mac not in found.members:
            await found.find(mac)
        if mac in found.members or not settings.is_plain():
            task.out = await found.call(found.members.get(mac, name), line)
        else:
            task.out = await found.plainly().call(mac, line)
    except (Failure, OSError, ValueError) as e:
        task.out = reason(e)
    finally:
        task.finish()


async def greet(task, mac, devices):
    """The main function of a handshake's process."""
    try:
        task.out = "Handshake In Progress..."
        await radio.radio.find(mac)
        name = radio.radio.members.get(mac)
        answer = "hello " + settings.get("devfid") if name else None
        if not name and settings.is_plain():
            answer = await radio.radio.plainly().call(mac, "hello")
            name = devices.devices.get(mac)
        good = answer == "hello " + settings.get("devfid")
        task.out = f"Handshake: {answer} from {name} [{'OK' if good else 'NOK'}]"
    except (Failure, OSError, ValueError) as e:
        task.out = f"Handshake Error: {reason(e)}"
    finally:
        task.finish()
