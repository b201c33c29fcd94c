"""What the service takes, in bytes of a 64-bit host from ROMFS."""

import pytest

IDLE, CLIENT, TASK = 8_000, 16_000, 1_800  # a task is a process: 1,000 bytes on a board

NAMES = "clock gclean rssi ifconfig info top sun hosts alarms ntp".split()


@pytest.mark.slow
def test_what_it_takes(node):
    node = node(settings={"aioqueue": 12}, heap="645k")
    node.board.run("service stop micros")
    node.board.run("service start crond")  # the supervisor is another's, then
    before = node.board.heap()
    node.board.run("service start micros")
    idle = node.board.heap()
    assert idle - before <= IDLE
    sock = node.open()
    assert node.ask(sock, "hello")
    node.board.wait("service status micros", "running")
    assert node.board.heap() - idle <= CLIENT
    node.ask(sock, "system heartbeat")
    node.ask(sock, "system heartbeat &&50000")
    one = node.board.heap()
    for name in NAMES:
        node.ask(sock, f"system {name} &&50000")
    assert (node.board.heap() - one) / len(NAMES) <= TASK
    node.ask(sock, "task kill system.*")
