"""The socket shell: its protocol, logins, and what clients may not do."""

import time

from services.clients import is_closed, receive
from services.micros.conftest import END, PASSWORD, PORT


def test_a_session(node):
    node = node({"LM_it.py": "def text(a):\n    return a\n"})
    sock = node.board.connect(PORT)
    assert receive(sock, END) == b"[password] simulator $ "
    assert node.ask(sock, "hello").startswith("hello:simulator:micr")
    assert node.ask(sock, PASSWORD) == "AuthOk"
    assert node.ask(sock, "version") == "3.7.2-0"
    assert node.ask(sock, "it text bare") == "bare"
    assert node.ask(sock, "it\n").startswith("Shell: for hints type help.")
    assert node.ask(sock, "modules") == "['it', 'task']"
    assert "--update" in node.ask(sock, "help lm")
    sock.sendall(b"exit")
    assert receive(sock, b"Bye!\n") == b"Bye!\n" and is_closed(sock)


def test_lines_in_one_segment_all_run_and_a_line_may_come_in_pieces(node):
    node = node({"LM_it.py": "def text(a):\n    return a\n"})
    sock = node.open()
    sock.sendall(b"it text 1\nit text 2\r\nit te")
    assert receive(sock, b"2\n").count(b"simulator $ ") == 1
    sock.sendall(b"xt 3\n")
    receive(sock, b"3\n")


def test_wrong_passwords_end_the_connection_and_delay_the_next(node):
    node = node()
    took = []
    for _ in range(2):
        sock = node.board.connect(PORT)
        receive(sock, END)
        start = time.monotonic()
        sock.sendall(b"wrong")
        assert receive(sock, b"Bye!\n[password] simulator $ Bye!\n").startswith(b"AuthFailed\n")
        took.append(time.monotonic() - start)
        assert is_closed(sock)
    assert took[1] > 0.4
    sock = node.board.connect(PORT)
    receive(sock, END)
    sock.sendall(b"version")
    assert b"AuthFailed" in receive(sock, b"Bye!\n")


def test_odd_input_is_answered(node):
    node = node()
    sock = node.open()
    assert node.ask(sock, "system clock \\") != ""
    sock.sendall(b"\xff\xfe\n")
    assert b"invalid UTF-8" in receive(sock, END)
    sock.sendall(b"x" * 3000 + b"\n")
    assert b"longer than 2048 bytes" in receive(sock, END)
    assert node.ask(sock, "system heartbeat\n") == "<3 heartbeat <3"
    assert node.board.run("service status micros")[1] == 0


def test_configuration(node):
    node = node()
    sock = node.open()
    sock.sendall(b"conf")
    assert receive(sock, END) == b"[configure] simulator $ "
    assert node.ask(sock, "dump soc") == "  socport   :       9008\n  soctout   :       30"
    assert node.ask(sock, "utc") == "60"
    assert node.ask(sock, "utc 90") == "Saved"
    assert node.ask(sock, "utc") == "90"
    assert node.ask(sock, "utc x") == "Failed to save"
    assert node.ask(sock, "nothing") == "None"
    assert node.ask(sock, "nothing 1") == "Invalid key"
    assert node.ask(sock, "webui maybe") == "Failed to save"
    assert node.ask(sock, "devfid lamp") == "Saved"
    assert node.board.run("hostname")[0] == "lamp\n"
    assert '"utc": 90' in node.board.run("cat /etc/system.conf")[0]


def test_passwords_are_never_shown(node):
    node = node(settings={"stapwd": "wifisecret"})
    sock = node.open()
    node.ask(sock, "conf")
    shown = node.ask(sock, "dump") + node.ask(sock, "appwd") + node.ask(sock, "stapwd")
    assert "wifisecret" not in shown and PASSWORD not in shown and "pbkdf2" not in shown
    assert node.ask(sock, "appwd 12345678") == "Invalid key"


def test_its_user_has_neither_a_shell_nor_files(node):
    node = node()
    assert "micros:pbkdf2" in node.board.run("cat /etc/shadow")[0]
    assert "command=false" in node.board.run("cat /etc/shadow")[0]


def test_it_does_not_start_without_a_password(board):
    output, status = board().run("micros start")
    assert status == 1 and "no password is set for its clients; use `passwd micros`" in output
