"""Find services in the local network: one multicast DNS query (RFC 6762), and its replies."""

import select
import socket
import struct
import time

GROUP, PORT = "224.0.0.251", 5353
PTR, A, SRV, TXT = 12, 1, 33, 16
UNICAST = 0x8000  # in the class of a question: answer to whom has asked
JUMPS_MAX = 32  # pointers in one name


def browse(service, wait=1.0):
    """[(instance, host, port, {key: value} of its TXT)] of those that answer in time; empty where there is no network."""
    labels = service.rstrip(".").split(".")
    question = b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"
    query = struct.pack(">6H", 0, 0, 1, 0, 0, 0) + question + struct.pack(">HH", PTR, 1 | UNICAST)
    instances, places, hosts, texts = set(), {}, {}, {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
        if not sum(ask(sock, query, interface) for interface in interfaces()):
            return []
        end = time.monotonic() + wait
        while (left := end - time.monotonic()) > 0 and select.select([sock], [], [], left)[0]:
            packet, sender = sock.recvfrom(9000)
            try:
                take(packet, sender[0], service, instances, places, hosts, texts)
            except (IndexError, struct.error, ValueError):
                continue  # somebody's broken packet is no reason to miss the others
    found = []
    for instance in sorted(instances):
        if instance in places:
            target, port = places[instance]
            found.append(
                (instance[: -len(service) - 1], hosts.get(target, target.rstrip(".")), port, texts.get(instance, {}))
            )
    return found


def interfaces():
    """The networks of this computer, as IP_MULTICAST_IF and IP_ADD_MEMBERSHIP take them (struct ip_mreqn)."""
    return [struct.pack("=4s4si", socket.inet_aton(GROUP), bytes(4), index) for index, _ in socket.if_nameindex()]


def ask(sock, query, interface):
    """Send a question into one network; whether that has worked."""
    try:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface)
        sock.sendto(query, (GROUP, PORT))
    except OSError:
        return False
    return True


def join(sock, interface):
    """Hear the questions of one network; whether that has worked."""
    try:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, interface)
    except OSError:
        return False
    return True


def take(packet, sender, service, instances, places, hosts, texts):
    """Take in the records of an answer."""
    _, flags, questions, *counts = struct.unpack(">6H", packet[:12])
    if not flags & 0x8000:
        return
    place = 12
    for _ in range(questions):
        _, place = name(packet, place)
        place += 4
    for _ in range(sum(counts)):
        owner, place = name(packet, place)
        kind, _, _, length = struct.unpack(">HHIH", packet[place : place + 10])
        place += 10
        if kind == PTR and owner.lower() == service.lower():
            instances.add(name(packet, place)[0])
        elif kind == SRV:
            port = struct.unpack(">H", packet[place + 4 : place + 6])[0]
            places[owner] = name(packet, place + 6)[0], port
            hosts.setdefault(places[owner][0], sender)
        elif kind == TXT:
            texts[owner] = dict(pairs(packet[place : place + length]))
        elif kind == A and length == 4:
            hosts[owner] = socket.inet_ntoa(packet[place : place + 4])
        place += length


def pairs(data):
    """Yield the (key, value) of a TXT record (RFC 6763, 6.3)."""
    place = 0
    while place < len(data):
        text = data[place + 1 : place + 1 + data[place]].decode(errors="replace")
        place += 1 + data[place]
        key, _, value = text.partition("=")
        if key:
            yield key.lower(), value


def name(packet, place):
    """(the name at a place, the place behind it)"""
    labels = []
    behind = None
    for _ in range(JUMPS_MAX):
        while length := packet[place]:
            if length >= 0xC0:
                break
            labels.append(packet[place + 1 : place + 1 + length].decode(errors="replace"))
            place += 1 + length
        if not length:
            return ".".join(labels), place + 1 if behind is None else behind
        if behind is None:
            behind = place + 2
        place = (length & 0x3F) << 8 | packet[place + 1]
    raise ValueError("a name that points in circles")
