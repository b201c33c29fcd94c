# The MQTT commands of ESP-AT: methods of the modem (its first argument), with a real broker at the other end. QoS 0 and 1.

import sim_modem


class Client:
    """A connection to a broker: what is sent, and the packets that come."""

    def __init__(self, modem, host, port, reconnect):
        self.modem = modem
        self.host = host
        self.port = port
        self.reconnect = reconnect
        self.connection = sim_modem.Connection(host, port)
        self.ready = False
        self.number = 0
        self.topics = {}
        self.waiting = {}  # packet number: what to do when it is answered

    def packet(self, first, data):
        head = bytearray((first,))
        size = len(data)
        while True:
            head.append((size & 127) | (128 if size > 127 else 0))
            size >>= 7
            if not size:
                break
        self.connection.outbox.extend(head + data)

    def ask(self, first, data, done):
        """Send what the broker answers; then call done with the answer."""
        self.number = self.number % 65535 + 1
        self.waiting[self.number] = done
        topic, rest = data
        number = bytes((self.number >> 8, self.number & 255))
        self.packet(first, (text(topic) + number if first >> 4 == 3 else number + text(topic)) + rest)

    def step(self):
        link = self.connection
        link.step()
        while (found := self.parse(link.inbox)) is not None:
            first, data, size = found
            link.inbox = link.inbox[size:]
            self.take(first, data)
        if (link.ended or link.dead) and self.ready:
            self.ready = False
            self.modem.send(b"+MQTTDISCONNECTED:0\r\n")

    def parse(self, box):
        size = shift = 0
        for i in range(1, min(len(box), 5)):
            size |= (box[i] & 127) << shift
            shift += 7
            if box[i] < 128:
                return (box[0], bytes(box[i + 1 : i + 1 + size]), i + 1 + size) if len(box) > i + size else None
        return None

    def take(self, first, data):
        kind = first >> 4
        if kind == 2:
            self.ready = not data[1]
            if self.ready:
                about = (self.host, self.port, self.reconnect)
                self.modem.send(('+MQTTCONNECTED:0,1,"%s","%d","",%d\r\n' % about).encode())
            self.modem.say("OK" if self.ready else "ERROR")
        elif kind == 3:
            size = data[0] << 8 | data[1]
            topic = data[2 : 2 + size]
            at = 2 + size
            if first & 6:
                self.packet(0x40, data[at : at + 2])
                at += 2
            self.modem.send(b'+MQTTSUBRECV:0,"%s",%d,' % (topic, len(data) - at) + data[at:] + b"\r\n")
        elif kind in (4, 9, 11):
            self.waiting.pop(data[0] << 8 | data[1], nothing)(data[2:])


def nothing(answer):
    """An answer that nobody waits for."""


def text(value):
    data = value.encode() if isinstance(value, str) else value
    return bytes((len(data) >> 8, len(data) & 255)) + data


def client(modem):
    if not modem.mqtt or not modem.mqtt.ready:
        raise ValueError
    return modem.mqtt


def set_MQTTUSERCFG(modem, values):
    modem.user = values[2:5]
    modem.will = None
    modem.keep = 120
    modem.ok()


def set_MQTTCONNCFG(modem, values):
    if modem.mqtt or not hasattr(modem, "user"):
        raise ValueError
    modem.keep = int(values[1]) or 120
    modem.will = values[3:] if values[3] else None
    modem.ok()


def set_MQTTCONN(modem, values):
    if modem.mqtt or not modem.ssid or not hasattr(modem, "user"):
        raise ValueError
    try:
        found = modem.mqtt = Client(modem, values[1], int(values[2]), int(values[3]))
    except OSError:
        return modem.error()
    name, user, password = modem.user
    flags = 2
    more = text(name)
    if modem.will:
        topic, message, qos, retain = modem.will
        flags |= 4 | int(qos) << 3 | int(retain) << 5
        more += text(topic) + text(message)
    if user:
        flags |= 0xC0
        more += text(user) + text(password)
    modem.pending = lambda: opened(modem, found, bytes((4, flags, modem.keep >> 8, modem.keep & 255)) + more)


def opened(modem, found, data):
    if found.connection.dead:
        modem.mqtt = None
        modem.error()
        return True
    if found.connection.open:
        found.packet(0x10, text("MQTT") + data)
        return True
    return False


def ask_MQTTCONN(modem):
    found = modem.mqtt
    if found:
        state = (6 if found.topics else 4) if found.ready else 3
        modem.send(('+MQTTCONN:0,%d,1,"%s","%d","",%d\r\n' % (state, found.host, found.port, found.reconnect)).encode())
    else:
        modem.send(b'+MQTTCONN:0,%d,0,"","","",0\r\n' % hasattr(modem, "user"))
    modem.ok()


def publish(modem, topic, data, qos, retain, good, bad):
    first = 0x30 | qos << 1 | retain
    if qos:
        client(modem).ask(first, (topic, data), lambda answer: modem.say(good))
    else:
        client(modem).packet(first, text(topic) + data)
        modem.say(good)


def set_MQTTPUB(modem, values):
    publish(modem, values[1], values[2].encode(), int(values[3]), int(values[4]), "OK", "ERROR")


def set_MQTTPUBRAW(modem, values):
    client(modem)
    topic, qos, retain = values[1], int(values[3]), int(values[4])
    modem.expect(int(values[2]), lambda data: publish(modem, topic, data, qos, retain, "+MQTTPUB:OK", "+MQTTPUB:FAIL"))
    modem.ok()
    modem.send(b"\r\n>")


def set_MQTTSUB(modem, values):
    found = client(modem)
    topic, qos = values[1], int(values[2])
    if topic in found.topics:
        return modem.say("ALREADY SUBSCRIBE", "OK")

    def answered(answer):
        if answer and answer[0] < 3:
            found.topics[topic] = qos
            modem.ok()
        else:
            modem.error()

    found.ask(0x82, (topic, bytes((qos,))), answered)


def ask_MQTTSUB(modem):
    for topic, qos in client(modem).topics.items():
        modem.send(('+MQTTSUB:0,6,"%s",%d\r\n' % (topic, qos)).encode())
    modem.ok()


def set_MQTTUNSUB(modem, values):
    found = client(modem)
    if values[1] not in found.topics:
        return modem.say("NO UNSUBSCRIBE", "OK")
    del found.topics[values[1]]
    found.ask(0xA2, (values[1], b""), lambda answer: modem.ok())


def set_MQTTCLEAN(modem, values):
    if not modem.mqtt:
        raise ValueError
    if modem.mqtt.ready:
        modem.mqtt.packet(0xE0, b"")
        modem.mqtt.step()
    modem.mqtt.connection.close()
    modem.mqtt = None
    modem.ok()
