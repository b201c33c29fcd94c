"""micrOS's own client and Load Modules, from PyPI."""

import re

import pytest

# What these need is not there yet, or on no board that this simulator is.
MISSING = {
    "i2s_mic": "can't import name I2S",
    "tinyrgb": "no module named 'tinypico'",
}


def test_the_client_talks_to_a_node(node, client):
    node = node()
    assert "answer True: hello:simulator:micr" in client(node, "hello")
    assert "answer True: <3 heartbeat <3" in client(node, "system heartbeat")
    assert re.search(r"answer True: +socport +: +9008", client(node, "conf <a> dump soc"))


@pytest.mark.slow(15)
def test_its_system_test_passes_whole(node, client, toolkit):
    modules = toolkit / "micrOS" / "source" / "modules"
    node = node(mount=modules, settings={"intercon": "plain"}, heap="645k", image="packed")
    verdict = client(node, "SystemTest").partition("System Test results")[2]
    assert "PASS RATE: 100.0 %" in verdict, verdict


@pytest.mark.slow(15)
def test_its_modules_answer_help(node, toolkit):
    modules = toolkit / "micrOS" / "source" / "modules"
    names = sorted(path.stem[3:] for path in modules.glob("LM_*.py"))
    assert len(names) > 30
    node = node(mount=modules, heap="4M")
    failed = {}
    for name in names:
        output, status = node.lm(name + " help")
        if status:
            failed[name] = output
    assert {name: text.rpartition("help: ")[2] for name, text in failed.items()} == MISSING
