"""atmqttc against the real mosquitto and its clients."""

import pytest
from bin.test_net_mqtt import broker, publish, subscriber  # noqa: F401 (broker is a fixture)


@pytest.fixture(scope="module")
def port(tmp_path_factory, broker):  # noqa: F811
    with broker(tmp_path_factory.mktemp("broker")) as port:
        yield port


def test_pub_reaches_others(esp, port):
    with subscriber(port, "-t", "out/#", "-q", "1", "-C", "3") as lines:
        result = esp(
            f"atmqttc pub -h 127.0.0.1 -p {port} -t out/a -m 'a \"b\", c\\\\d' -q 1; echo $atmqttc\n"
            "atmqttc pub -t out/b -m 'grüße' -tm; atmqttc pub -t out/c -m x -r 1; atmqttc ping; atmqttc close; echo $atmqttc-"
        )
        assert list(lines) == ['out/a a "b", c\\\\d', "out/b grüße", "out/c x"]
    assert result.stderr == ""
    assert result.stdout.splitlines() == [
        "Message published",
        "c",
        *["Message published"] * 2,
        "MQTT ping ok",
        "MQTT closed",
        "-",
    ]


def test_listen_shows_what_comes(esp, port):
    publish(port, "-t", "in/kept", "-m", "one, two: +IPD,9:", "-r")
    result = esp(
        f"atmqttc listen -n 1 -h 127.0.0.1 -p {port} -t 'in/#' -q 1; atmqttc listsub; atmqttc unsub -t 'in/#'; atmqttc listsub"
    )
    assert result.stdout == "in/kept: one, two: +IPD,9:\nin/#\nUnsubscribed from in/#\n"


def test_a_last_will_is_told(esp, port):
    with subscriber(port, "-t", "will", "-C", "1") as lines:
        result = esp(f"atmqttc lastwill -t will -m gone -h 127.0.0.1 -p {port}; atmqttc lastwill -t will -m x; echo $?")
        assert next(lines) == "will gone"
    assert result.stdout == "Last will configured\n1\n"
    assert "a last will is set when connecting" in result.stderr


WRONG = {
    "": (2, "missing command"),
    "sing": (2, "sing: unknown command"),
    "pub -t x": (2, "-m: option required"),
    "sub": (2, "-t: option required"),
    "pub -t x -m y -q 7": (2, "-q must be 0, 1 or 2, -r 0 or 1"),
    "sub -t x": (1, "not connected; use -h HOST"),
    "ping": (1, "not connected"),
    "close": (1, "not connected"),
    "sub -t x -h 127.0.0.1 -p 1": (1, "127.0.0.1:1: the modem cannot connect to the broker"),
    "ping -M other": (1, "other: no such modem; create it with atmodem -c UART BAUD TX RX"),
}


def test_wrong_words_and_what_cannot_be(esp):
    result = esp("".join(f"atmqttc {words}; echo $?\n" for words in WRONG))
    assert result.stdout.split() == [str(status) for status, why in WRONG.values()]
    said = [line for line in result.stderr.splitlines() if line.startswith("atmqttc: ")]
    assert said == [f"atmqttc: {why}" for status, why in WRONG.values()]
