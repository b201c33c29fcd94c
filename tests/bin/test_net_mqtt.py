"""mqttc against the real mosquitto and its clients."""

import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time

import pytest
from harness import PATIENCE

from bin import peers


@pytest.fixture(scope="module")
def broker(require):
    """Callable: a context manager for a broker; it yields the port."""
    program = require("mosquitto")
    require("mosquitto_sub")

    @contextlib.contextmanager
    def broker(directory, port=None, *lines):
        port = port or peers.free_port()
        configuration = directory / "mosquitto.conf"
        lines = lines or ("allow_anonymous true",)
        configuration.write_text("\n".join([f"listener {port} 127.0.0.1", *lines, ""]))
        with peers.program(program, "-c", str(configuration), port=port):
            yield port

    return broker


@pytest.fixture(scope="module")
def port(broker, tmp_path_factory):
    with broker(tmp_path_factory.mktemp("broker")) as port:
        yield port


@contextlib.contextmanager
def subscriber(port, *words):
    """mosquitto_sub, after it has subscribed; returns its lines."""
    command = ["stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", str(port), "-d", "-v", *words]
    with peers.program(*command, text=True, env=dict(os.environ, LC_ALL="C")) as process:
        for line in process.stdout:
            if "SUBACK" in line or line.startswith("Subscribed"):
                break
        yield (line.strip() for line in process.stdout if not line.startswith(("Client", "Subscribed")))


def publish(port, *words):
    subprocess.run(["mosquitto_pub", "-h", "127.0.0.1", "-p", str(port), *words], check=True, timeout=PATIENCE)


@pytest.mark.parametrize("qos", [0, 1])
def test_pub_reaches_others(sim, port, qos):
    with subscriber(port, "-t", f"out/{qos}", "-q", "1", "-C", "1") as lines:
        result = sim(f"mqttc pub -h 127.0.0.1 -p {port} -t out/{qos} -m 'grüße an alle' -q {qos}")
        assert (result.status, result.stderr) == (0, "")
        assert next(lines) == f"out/{qos} grüße an alle"


def test_listen_hears_others_and_what_was_kept(sim, port):
    publish(port, "-t", "in/kept", "-m", "old", "-r", "-q", "1")
    publish(port, "-t", "in/raw", "-m", "\x1b[2J", "-r", "-q", "1")
    result = sim(f"mqttc listen -v -h 127.0.0.1 -p {port} -t 'in/#' -n 2 -q 1")
    assert sorted(result.stdout.splitlines()) == ["in/kept: old (retained)", "in/raw: 1b5b324a (retained)"]


def test_a_connection_stays_for_the_next_commands(sim, port):
    result = sim(
        f"mqttc -h 127.0.0.1 -p {port} -i me; mqttc status; mqttc sub -t 'stay/+' -q 1; mqttc sub -t other; mqttc listsub\n"
        "mqttc unsub -t other; mqttc listsub; mqttc ping | cut -d: -f1; mqttc close; mqttc status; mqttc ping"
    )
    assert result.stdout.splitlines() == [
        f"connected to 127.0.0.1:{port} as me, 0 topics",
        "other (QoS 0)",
        "stay/+ (QoS 1)",
        "stay/+ (QoS 1)",
        "127.0.0.1",
        "not connected",
    ]
    assert result.stderr == "mqttc: not connected; use mqttc connect -h HOST\n"


# A program that leaves free memory in small pieces only.
FILL = """import base, gc
def __main__(args):
  base.kept = []
  try:
    while True:
      base.kept.append(bytearray(8000))
  except MemoryError:
    pass
  for i in range(0, len(base.kept), 2):
    base.kept[i] = None
"""


def test_a_message_that_is_too_large_for_the_memory_ends_no_connection(sim, port):
    publish(port, "-t", "large/kept", "-m", "x" * 32_000, "-r", "-q", "1")
    result = sim(
        f"cat > /tmp/fill.py <<'end'\n{FILL}end\nmqttc -h 127.0.0.1 -p {port} -i me; mqttc sub -t small; /tmp/fill\n"
        "mqttc sub -t 'large/#' -q 1; mqttc ping | cut -d: -f1; mqttc status; dmesg | grep -c 'not enough memory for a message'"
    )
    assert result.stdout.splitlines() == ["127.0.0.1", f"connected to 127.0.0.1:{port} as me, 2 topics", "1"]
    assert result.stderr == ""


def test_a_command_for_each_message_in_the_background(sim, port):
    result = sim(
        f"mqttc -h 127.0.0.1 -p {port}; mqttc sub -t 'do/#' -q 1; mqttc sub -t ready\n"
        "mqttc listen -n 3 -x 'echo \"$topic=$payload\" >> /tmp/done' &\nsleep .2\n"
        "mqttc pub -t do/1 -m '$(reboot) `reboot` ; \"' -q 1; mqttc pub -t do/2 -m two -q 1; mqttc pub -t do/3 -m 3 -q 1\n"
        "wait; cat /tmp/done"
    )
    assert result.stdout.splitlines()[-3:] == ['do/1=$(reboot) `reboot` ; "', "do/2=two", "do/3=3"]


def test_a_broker_that_comes_back_finds_its_subscriber(broker, console, tmp_path):
    with broker(tmp_path) as port:
        console.expect("$: ")
        console.send(f"mqttc -h 127.0.0.1 -p {port}; mqttc listen -t back/a & sleep .1\r")
        console.expect("sleep .1")
        console.expect("$: ")
        publish(port, "-t", "back/a", "-m", "first", "-q", "1")
        console.expect("back/a: first")
    with broker(tmp_path, port):
        deadline = time.monotonic() + PATIENCE
        while True:
            publish(port, "-t", "back/a", "-m", "second", "-q", "1")
            with contextlib.suppress(Exception):
                console.expect("back/a: second", timeout=0.5)
                break
            assert time.monotonic() < deadline
        console.send("mqttc status\r")
        console.expect("connected to 127.0.0.1")


def test_the_last_will_is_told_when_the_board_vanishes(console, port):
    with subscriber(port, "-t", "will/#", "-q", "1", "-C", "1") as lines:
        console.expect("$: ")
        console.send(f"mqttc lastwill -t will/me -m gone; mqttc -h 127.0.0.1 -p {port}; mqttc status\r")
        console.expect("connected to")
        console.close()  # the power
        assert next(lines) == "will/me gone"


def test_no_last_will_after_close(sim, port):
    with subscriber(port, "-t", "quiet/#", "-q", "1", "-C", "1") as lines:
        sim(
            f"mqttc lastwill -t quiet/me -m gone; mqttc -h 127.0.0.1 -p {port}; mqttc pub -t quiet/x -m last -q 1; mqttc close"
        )
        assert next(lines) == "quiet/x last"


def test_a_keep_alive_keeps_it_alive(sim, port):
    result = sim(f"mqttc -h 127.0.0.1 -p {port} -k 1; sleep 3; mqttc status; dmesg | grep -c 'mqtt: connected'")
    assert result.stdout.splitlines() == [result.stdout.splitlines()[0], "1"]
    assert result.stdout.startswith("connected to")


def test_users_and_passwords(broker, sim, tmp_path):
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", str(passwords), "frog", "croak"], check=True, capture_output=True)
    passwords.chmod(0o644)
    tmp_path.chmod(0o755)
    lines = ("allow_anonymous false", f"password_file {passwords}", "user root")
    with broker(tmp_path, None, *lines) as port:
        there = f"-h 127.0.0.1 -p {port} -t a -m b"
        result = sim(
            f"mqttc pub {there} -u frog -P croak -q 1; echo $?; mqttc pub {there} -u frog -P quack; mqttc pub {there}\n"
            f"mqttc -h 127.0.0.1 -p {port}; mqttc status"
        )
    assert result.stdout == "0\nnot connected\n"
    assert result.stderr.splitlines() == ["mqttc: 127.0.0.1: not authorized"] * 3


def test_tls(broker, sim, tmp_path, require):
    certificate, key = peers.certificate(require("openssl"), tmp_path)
    (tmp_path / "board").mkdir()
    shutil.copy(certificate, tmp_path / "board" / "ca.pem")
    lines = ("allow_anonymous true", f"certfile {certificate}", f"keyfile {key}", "user root")
    with broker(tmp_path, None, *lines) as port:
        result = sim(
            f"mqttc pub -s -h localhost -p {port} -t a -m b -q 1; echo $?; cp /mnt/ca.pem /etc/\n"
            f"mqttc pub -s -h localhost -p {port} -t a -m b -q 1; echo $?; mqttc pub -s -h 127.0.0.1 -p {port} -t a -m b",
            mount=f"{tmp_path / 'board'}:/mnt",
        )
    assert result.stdout == "0\n0\n"
    first, second = result.stderr.splitlines()
    assert "WARNING: the certificate of localhost is not checked" in first
    assert second.startswith("mqttc: 127.0.0.1: certificate not trusted")


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"\x20",
        b"\x20\2\0",
        b"\x20\2\0\7",
        b"HTTP/1.0 400 no\r\n\r\n",
        b"\x20\xff\xff\xff\xff\xff",
        b"\x30\xff\xff\xff\x7f",
    ],
)
def test_a_broker_that_is_none(sim, junk):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def serve():
            sock, _ = server.accept()
            with sock:
                sock.recv(1000)
                sock.sendall(junk)

        server.settimeout(PATIENCE)
        thread = threading.Thread(target=serve)
        thread.start()
        result = sim(f"mqttc -h 127.0.0.1 -p {server.getsockname()[1]}; mqttc status")
        thread.join()
    assert result.stdout == "not connected\n"
    assert result.stderr.startswith("mqttc: ") and result.stderr.count("\n") == 1


def test_damaged_messages_do_not_end_the_connection_for_good(sim, port):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(PATIENCE)

        def serve():
            for junk in (b"\x30\2\0\xff" + b"\x30\0", b"\x32\3\0\1a" + b"\x40\0", b"\x30\4\0\2\xff\xfe"):
                try:
                    sock, _ = server.accept()
                except OSError:
                    return
                with sock:
                    sock.recv(1000)
                    sock.sendall(b"\x20\2\0\0" + junk)

        thread = threading.Thread(target=serve)
        thread.start()
        result = sim(f"mqttc -h 127.0.0.1 -p {server.getsockname()[1]}; sleep 2.2; mqttc status; mqttc close")
        server.close()
        thread.join()
    assert "127.0.0.1" in result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "words", ["", "fly", "pub", "pub -t a", "pub -t a -m b -q 2", "connect", "-h a -p 0", "sub -t a b", "-h a -k x"]
)
def test_wrong_words(sim, words):
    result = sim("mqttc " + words)
    assert result.status and result.stderr.startswith("mqttc: ")


@pytest.mark.parametrize("topic", ["''", "a/#/b", "a+", "'#a'", "$(seq 600 | tr -d '\\n')"])
def test_wrong_topics(sim, port, topic):
    result = sim(f"mqttc -h 127.0.0.1 -p {port}; mqttc sub -t {topic}; mqttc pub -t {topic} -m x")
    assert result.stderr.count("not a topic") == 2
