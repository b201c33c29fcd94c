"""telnetd against a model of the protocol: after any negotiation and input in any order, the session answers."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.clients import receive, reset
from services.telnet.talk import (
    AO,
    AYT,
    BINARY,
    DM,
    DO,
    DONT,
    ECHO,
    HELLO,
    IAC,
    LINEMODE,
    NAWS,
    NOP,
    PROMPT,
    SB,
    SE,
    SGA,
    TTYPE,
    WILL,
    WONT,
    command,
    open_session,
    window,
)

OPTIONS = st.one_of(st.sampled_from([BINARY, SGA, TTYPE, NAWS, LINEMODE, b"\x27"]), st.binary(min_size=1, max_size=1))
REFUSED = st.integers(32, 250).filter(lambda n: n != 255).map(lambda n: bytes([n]))


def machine(board):
    """The state machine for a board whose telnetd asks for no password."""

    class Session(RuleBasedStateMachine):
        @initialize()
        def come_in(self):
            self.sock = open_session(board)
            self.count = 0

        def teardown(self):
            reset(self.sock)

        @rule(verb=st.sampled_from([DO, DONT, WILL, WONT]), option=OPTIONS)
        def negotiate(self, verb, option):
            if option not in (ECHO, IAC):  # who echoes decides what is seen of a line
                self.sock.sendall(IAC + verb + option)

        @rule(option=REFUSED)
        def ask_for_what_is_refused(self, option):
            self.sock.sendall(IAC + DO + option)
            receive(self.sock, IAC + WONT + option)

        @rule(data=st.binary(max_size=300), option=OPTIONS)
        def subnegotiate(self, data, option):
            """None of it is typed."""
            if option != NAWS:
                self.sock.sendall(IAC + SB + (option + data).replace(IAC, IAC + IAC) + IAC + SE)

        @rule(columns=st.integers(0, 65535), rows=st.integers(0, 65535))
        def resize(self, columns, rows):
            """An impossible size is ignored, and lines stay long enough for the command below."""
            if not 0 < columns < 60:
                self.sock.sendall(window(columns, rows))

        @rule(verb=st.sampled_from([NOP, DM, AO, SE]))
        def signal(self, verb):
            self.sock.sendall(IAC + verb)

        @rule()
        def are_you_there(self):
            self.sock.sendall(IAC + AYT)
            receive(self.sock, b"[Yes]")

        @rule(data=st.sampled_from([b"\r\0", b"\r\n", b"\x15", b"\x03"]))
        def type_keys(self, data):
            self.sock.sendall(data)

        @rule(data=st.sampled_from([HELLO]))
        def greet_again(self, data):
            self.sock.sendall(data)

        @rule(cut=st.integers(1, len(HELLO) - 1))
        def send_in_pieces(self, cut):
            self.sock.sendall(HELLO[:cut])
            self.sock.sendall(HELLO[cut:])

        @invariant()
        def the_shell_answers(self):
            self.count += 1
            self.sock.sendall(b"\x15echo $((1000+%d))x\r\n" % self.count)
            receive(self.sock, b"%dx\r" % (1000 + self.count))
            receive(self.sock, PROMPT)

    return Session


@pytest.mark.slow
def test_a_session_answers_whatever_is_negotiated(telnetd):
    beside = open_session(telnetd)
    run_state_machine_as_test(
        machine(telnetd),
        settings=settings(max_examples=10, stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )
    assert command(beside, "echo still here") == "still here"
    telnetd.wait("utelnetd status", "clients 1")
    assert "Error:" not in telnetd.run("dmesg")[0]


@pytest.mark.slow
def test_random_bytes_bring_nothing_down(telnetd):
    beside = open_session(telnetd)
    special = st.sampled_from([IAC, IAC + SB, IAC + SE, IAC + DO, NAWS, TTYPE, b"\r", b"\x04", b"\x15", b"\x03"])
    noise = st.lists(st.one_of(st.binary(max_size=40), special), max_size=30).map(b"".join)

    class Client(RuleBasedStateMachine):
        sock = None  # until the board lets this client in

        @initialize(known=st.booleans())
        def come_in(self, known):
            self.sock = open_session(telnetd) if known else telnetd.connect(23)

        @rule(data=noise)
        def send(self, data):
            try:
                self.sock.sendall(data)
            except ConnectionError:  # Ctrl-D has ended the session
                pass

        def teardown(self):
            if self.sock:
                reset(self.sock)

    run_state_machine_as_test(
        Client,
        settings=settings(max_examples=60, stateful_step_count=6, suppress_health_check=list(HealthCheck)),
    )
    assert command(beside, "echo still here") == "still here"
    telnetd.wait("utelnetd status", "clients 1")
    assert "Error:" not in telnetd.run("dmesg")[0]
