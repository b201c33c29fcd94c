# The board's own address on a client's network.


def number(text):
    """An IPv4 address as a number."""
    value = 0
    for part in text.split("."):
        value = value << 8 | int(part)
    return value


def interfaces():
    """Yield (address, mask) of each interface that is up."""
    try:
        import network
    except ImportError:
        return
    for name in ("STA_IF", "AP_IF"):
        try:
            interface = network.WLAN(getattr(network, name))
            if interface.active():
                yield interface.ifconfig()[:2]
        except (AttributeError, OSError, ValueError):  # no such interface
            pass


def local(peer):
    """The address on the peer's network; the first one if the peer is behind a router."""
    if peer.startswith("127."):
        return "127.0.0.1"
    first = None
    for address, mask in interfaces():
        if address == "0.0.0.0":
            continue
        first = first or address
        if number(address) & number(mask) == number(peer) & number(mask):
            return address
    return first or "0.0.0.0"
