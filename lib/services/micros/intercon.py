# InterCon: a command that runs on another node, over its socket shell.
#
# micrOS's form is plain text, so it has to be switched on: `intercon` is `plain` in the node's settings. Nothing here knows a
# password in clear, so nodes that ask for one cannot be called.

from micropython import const

from base.errors import Failure, reason
from services.micros import settings, tasks

_PORT = const(9008)
_CONNECT_MS = const(5_000)
_ANSWER_MS = const(10_000)  # without a byte
_ANSWER_MAX = const(4096)  # bytes
_END = b" $ "


def send(host, line):
    """Start a task that runs a command on a host: {its tag: what has happened}; the tag's output is the answer."""
    tag = f"con.{short(host)}.{line.split(' ', 1)[0]}"
    if settings.get("intercon") != "plain":
        return {tag: "InterCon is off; for plain text: conf, intercon plain"}
    return tasks.start(tag, lambda task: run(task, host, line))


def short(host):
    """What a tag says of a host: the last two numbers of an address, or a name without its last part."""
    parts = host.split(".")
    if len(parts) == 4 and all(part.isdigit() for part in parts):
        return ".".join(parts[2:])
    return ".".join(parts[:-1]) or host


def is_host(word):
    """Whether it is the name or the address of a host."""
    return bool(word) and all(c.isalpha() or c.isdigit() or c in "._-" for c in word)


async def run(task, host, line):
    """The main function of the task's process."""
    try:
        task.out = await exchange(host, line)
    except (Failure, OSError) as e:
        task.out = reason(e)
    finally:
        task.finish()


async def exchange(host, line):
    """Connect, send a command, and return its answer; Failure or OSError."""
    from net import link  # late: only to call another node

    connection = await link.connect(host, _PORT, _CONNECT_MS, _ANSWER_MS)
    try:
        prompt = (await until(connection, _END)).rpartition(b"\n")[2]
        if prompt.startswith(b"[password]"):
            raise Failure(host, "asks for a password")
        await connection.send(line.encode() + b"\n")
        answer = await until(connection, prompt)
        await connection.send(b"exit\n")
        return answer[: -len(prompt)].decode().strip().replace("\n", " ")
    finally:
        connection.close()


async def until(connection, end):
    """All bytes up to an end, with it."""
    data = b""
    while not data.endswith(end):
        piece = await connection.read()
        if not piece or len(data) > _ANSWER_MAX:
            raise Failure("", "not the answer of a node")
        data += piece
    return data
