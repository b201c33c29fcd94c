"""Calls at intervals, and at the edges of pins."""

import pytest

MODULE = """
count = 0
def more(name=""):
    global count
    count += 1
    return count
def get():
    return count
"""


@pytest.fixture
def press(node):
    """Callable: a node with settings, and a function that drives a pin to the levels."""

    def press(**settings):
        found = node({"LM_it.py": MODULE}, settings)

        def levels(*values):
            for value in values:
                found.board.run(f"python -c \"import simulator; simulator.set('pin.4.input', {value})\"")

        return found, levels

    return press


def test_calls_at_intervals(press):
    node, _ = press(timirq=True, timirqcbf="it more; #it nothing; it more", timirqseq=50)
    node.board.wait("lm it get", "8")
    node.board.run("service stop micros; service start micros")
    assert int(node.lm("it get")[0]) < 100


@pytest.mark.parametrize("trigger, counts", [("up", "1"), ("down", "1"), ("both", "2")])
def test_calls_at_edges(press, trigger, counts):
    node, levels = press(irq1=True, irq1_cbf="it more", irq1_trig=trigger, irq_prell_ms=0, cstmpmap="irq1:4")
    levels(0)
    assert node.lm("it get") == ("0", 0)
    levels(1, 0)
    node.board.wait("lm it get", counts)
    node.board.run("service stop micros")
    levels(1, 0)
    node.board.run("service start micros")
    assert node.lm("it get") == ("0", 0)


def test_a_contact_that_bounces_counts_once(press):
    node, levels = press(irq1=True, irq1_cbf="it more", irq_prell_ms=60000, cstmpmap="irq1:4")
    levels(0, 1, 0, 1, 0, 1)
    node.board.wait("lm it get", "1")
    levels(0, 1)
    assert node.lm("it get") == ("1", 0)


def test_a_pin_without_a_number_is_said(press):
    node, _ = press(irq2=True, irq2_cbf="it more")
    assert "irq2: no pin has that name; see cstmpmap" in node.board.wait("dmesg", "irq2:")
    assert node.lm("it get") == ("0", 0)
