# InterCon: a command that runs on another node, over ESP-NOW where that is on, else over its socket shell.
#
# Nodes with the same fleet key call each other in the sealed form. micrOS's form is plain text, so it has to be switched on:
# `intercon` is `plain` in the node's settings; then it is used without a key, and for nodes that do not know the sealed form.
# Nothing here knows a password in clear, so a node that asks for one takes sealed calls only.

import sys
from binascii import a2b_base64

from micropython import const

from base.errors import Failure, reason
from services.micros import fleet_key, sealed, settings, tasks

_CONNECT_MS = const(5_000)
_ANSWER_MS = const(10_000)  # without a byte
_ANSWER_MAX = const(8192)  # bytes, with what sealing adds
_END = b" $ "
_OFF = "InterCon is off: `micros key new` makes a key for all nodes; for plain text: conf, intercon plain"


class NotSealed(Failure):
    """The node does not know the sealed form, or has no key."""


def send(host, line):
    """Start a task that runs a command on a host: {its tag: what has happened}; the tag's output is the answer."""
    tag = f"con.{short(host)}.{line.split(' ', 1)[0]}"
    if not (settings.is_plain() or fleet_key.read()):
        return {tag: _OFF}
    return tasks.start(tag, lambda task: run(task, host, line))


def short(host):
    """What a tag says of a host: the last two numbers of an address, or a name without its last part; and the port."""
    name, colon, port = host.partition(":")
    parts = name.split(".")
    if is_address(name):
        return ".".join(parts[2:]) + colon + port
    return (".".join(parts[:-1]) or name) + colon + port


def is_address(name):
    parts = name.split(".")
    return len(parts) == 4 and all(part.isdigit() for part in parts)


def is_host(word):
    """Whether it is HOST or HOST:PORT, with the name or the address of a host."""
    name, colon, port = word.partition(":")
    good = port.isdigit() and 0 < int(port) < 65536 if colon else True
    return good and bool(name) and all(c.isalpha() or c.isdigit() or c in "._-" for c in name)


async def run(task, host, line):
    """The main function of the task's process."""
    try:
        task.out = await call(host, line)
    except (Failure, OSError, ValueError) as e:
        task.out = reason(e)
    finally:
        task.finish()


async def call(host, line):
    """Run a command on a host: its answer; Failure or OSError."""
    key = fleet_key.read()
    name = host.partition(".")[0]
    if ":" not in host and not is_address(host) and "services.micros.radio" in sys.modules:
        from services.micros import radio  # late: few nodes have one

        try:
            if radio.radio:
                return await over_radio(radio.radio, name, line)
        except radio.Unreachable:  # the command has not arrived there: it runs once
            pass
    if key:
        try:
            return await over_tcp(host, lambda connection, prompt: ask(connection, prompt, host, key, line))
        except NotSealed:
            if not settings.is_plain():
                raise
    return await over_tcp(host, lambda connection, prompt: ask_plainly(connection, prompt, host, line))


async def over_radio(radio, name, line):
    """The answer of a node by its name; radio.Unreachable, Failure."""
    mac = radio.plainly().address_of(name) if settings.is_plain() and not radio.address_of(name) else None
    answer = await (radio.plainly().call(mac, line) if mac else radio.call(name, line))
    return answer.strip().replace("\n", " ")


async def over_tcp(host, work):
    """Connect to the socket shell, and await work(connection, its prompt)."""
    from net import link  # late: only to call another node

    name, _, port = host.partition(":")
    connection = await link.connect(name, int(port or settings.get("socport")), _CONNECT_MS, _ANSWER_MS)
    try:
        return await work(connection, (await until(connection, _END)).rpartition(b"\n")[2])
    finally:
        connection.close()


async def ask_plainly(connection, prompt, host, line):
    """The answer to a command, in micrOS's form."""
    if prompt.startswith(b"[password]"):
        raise Failure(host, "asks for a password")
    await connection.send(line.encode() + b"\n")
    answer = await until(connection, prompt)
    await connection.send(b"exit\n")
    return answer[: -len(prompt)].decode().strip().replace("\n", " ")


async def ask(connection, prompt, host, key, line):
    """The answer to a command, in the sealed form."""
    from services.micros import responder  # late: only with a key

    begin = sealed.nonce()
    frames = await frames_for(connection, prompt, host, sealed.greeting(key, sealed.ASK, begin, settings.get("devfid")))
    if len(frames) != 1 or frames[0][0] != sealed.CHALLENGE:
        raise Failure(host, "not the answer of a node")
    nonces, name = sealed.greeted(key, frames[0])
    if nonces[: sealed.NONCE] != begin:
        raise Failure(host, "answers another call")
    wanted = host.partition(":")[0]
    if not is_address(wanted) and wanted.partition(".")[0].lower() != name.lower():
        raise Failure(host, f"its name is {name}")
    call = sealed.Call(key, nonces)
    for frame in call.seal(sealed.CALL, line, responder.FRAME_MAX):
        frames = await frames_for(connection, prompt, host, frame)
    for frame in frames:
        text = call.take(sealed.ANSWER, frame)
    if not frames or text is None:
        raise Failure(host, "an incomplete answer")
    return text.strip().replace("\n", " ")


async def frames_for(connection, prompt, host, frame):
    """The frames that a node answers to one; NotSealed, or Failure where it refuses."""
    from services.micros import responder  # late: as in ask()

    await connection.send(responder.line_of(frame).encode() + b"\n")
    answer = await until(connection, prompt, b"Bye!\n")
    frames = []
    for line in answer.decode().split("\n"):
        if line.startswith(responder.LINE):
            try:
                frames.append(a2b_base64(line[len(responder.LINE) :]))
            except ValueError:
                raise Failure(host, "not the answer of a node")
            if len(frames[-1]) <= sealed.NONCE + 1:
                raise Failure(host, "not the answer of a node")
        elif line and line.encode() != prompt and line != "Bye!":
            raise NotSealed(host, "takes no encrypted calls")
    if frames and frames[0][0] == sealed.REFUSED:
        why = frames[0][-1]
        raise (NotSealed if why == sealed.NO_KEY else Failure)(host, "refused: " + sealed.reason_of(why))
    return frames


async def until(connection, end, other=None):
    """All bytes up to an end, or another one, with it."""
    data = b""
    while not data.endswith(end) and not (other and data.endswith(other)):
        piece = await connection.read()
        if not piece or len(data) > _ANSWER_MAX:
            raise Failure("", "not the answer of a node")
        data += piece
    return data
