"""The name in the local network: probed, changed if another host has it, announced, defended, withdrawn.

Avahi is the other host; both are on this computer's loopback interface, the board at an address of its own.
"""

import fcntl
import os
import re
import secrets
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from harness import PATIENCE

BUS = """<busconfig><type>system</type><listen>unix:path=%s</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/>
<allow send_requested_reply="true" send_type="method_return"/><allow send_requested_reply="true" send_type="error"/>
<allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/>
<allow receive_type="signal"/></policy></busconfig>
"""
AVAHI = """[server]
host-name=%s
use-ipv6=no
allow-interfaces=lo
[publish]
publish-hinfo=no
publish-workstation=no
"""


class Avahi:
    """avahi-daemon as the host `name`, on a message bus of its own."""

    def __init__(self, require, directory):
        self.daemon, self.browser = require("avahi-daemon", root=True), require("avahi-browse")
        self.resolver = require("avahi-resolve")
        bus = require("dbus-daemon")
        if not subprocess.run([self.daemon, "--check"]).returncode:
            pytest.skip("another avahi-daemon runs here")
        self.directory = directory
        self.log = directory / "log"
        (directory / "bus.conf").write_text(BUS % (directory / "bus"))
        self.env = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={directory / 'bus'}"}
        words = [bus, f"--config-file={directory / 'bus.conf'}", "--nofork", "--nopidfile"]
        self.running = [subprocess.Popen(words, stderr=subprocess.DEVNULL)]
        self.children = []
        wait(lambda: (directory / "bus").exists())

    def start(self, name):
        (self.directory / "avahi.conf").write_text(AVAHI % name)
        words = [self.daemon, "-f", self.directory / "avahi.conf", "--no-drop-root", "--no-chroot", "--no-rlimits"]
        with open(self.log, "w") as log:
            self.running.append(subprocess.Popen(words, stderr=log, env=self.env))
        return wait(lambda: re.search(r"startup complete. Host name is (\S+)\.local", self.log.read_text()))[1]

    def browse(self, *words):
        """avahi-browse; returns the path of what it prints, line by line."""
        path = self.directory / f"browse{len(self.running)}"
        with open(path, "w") as out:
            self.running.append(subprocess.Popen([self.browser, *words], stdout=out, env=self.env))
        return path

    def resolve(self, name, option="-n"):
        words = [self.resolver, "-4", option, name]
        return subprocess.run(words, capture_output=True, text=True, env=self.env, timeout=PATIENCE).stdout.split()

    def close(self):
        for process in reversed(self.running):
            process.terminate()
            process.wait(10)


def wait(found, timeout=PATIENCE):
    """What found() returns, as soon as it is not empty."""
    end = time.monotonic() + timeout
    while not (value := found()):
        assert time.monotonic() < end, "in vain"
        time.sleep(0.05)
    return value


@pytest.fixture
def avahi(require, tmp_path):
    """The Avahi of this computer: there is one at a time, and nobody else on the port of mDNS."""
    with open(Path(tempfile.gettempdir()) / "diatom-avahi.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        avahi = Avahi(require, tmp_path)
        try:
            yield avahi
        finally:
            avahi.close()


@pytest.fixture
def name():
    return "reef" + secrets.token_hex(3)


@pytest.fixture
def reef(board, name, port_offset):
    """A board at 127.0.0.2 with a telnetd; mDNS has its real port."""
    machine = board(port_offset=0)
    machine.configure(hostname=name, auth="none", telnetd={"port": port_offset + 23})
    machine.run("wifi sta connect -n Guest; ifconfig sta 127.0.0.2 netmask 255.0.0.0; utelnetd start")
    return machine


def begin(machine):
    """Start the responder; returns the name that it has found."""
    assert machine.run("service start mdns")[1] == 0
    return re.search(r"this is (\S+)\.local", machine.wait("dmesg", "mdns: this is ", 40))[1]


def test_a_name_that_another_host_has_is_left_to_it(avahi, reef, name):
    assert avahi.start(name) == name
    assert begin(reef) == name + "-2"
    assert avahi.resolve(name + "-2.local") == [name + "-2.local", "127.0.0.2"]
    assert avahi.resolve(name + ".local") == [name + ".local", "127.0.0.1"]


def test_an_address_has_its_name(avahi, reef, name):
    """RFC 6762, section 4; and the name that it has now."""
    avahi.start("shore" + name)
    begin(reef)
    assert avahi.resolve("127.0.0.2", "-a") == ["127.0.0.2", name + ".local"]
    reef.run(f"hostname other{name}")
    reef.wait("dmesg", f"this is other{name}.local", 40)
    wait(lambda: avahi.resolve("127.0.0.2", "-a") == ["127.0.0.2", f"other{name}.local"])


def test_a_name_is_defended(avahi, reef, name):
    assert begin(reef) == name
    assert avahi.start(name) == name + "-2"
    assert avahi.resolve(name + ".local") == [name + ".local", "127.0.0.2"]


def test_services_are_announced_and_taken_back(avahi, reef, name, port_offset):
    avahi.start("shore" + name)
    seen = avahi.browse("-rpk", "_telnet._tcp")
    begin(reef)
    line = f"=;lo;IPv4;{name};_telnet._tcp;local;{name}.local;127.0.0.2;{port_offset + 23};"
    wait(lambda: line in seen.read_text())
    reef.run("utelnetd stop")
    gone = f"-;lo;IPv4;{name};_telnet._tcp;local"
    wait(lambda: gone in seen.read_text())
    reef.run("utelnetd start")
    wait(lambda: seen.read_text().count(line) == 2)
    reef.run("service stop mdns")
    wait(lambda: seen.read_text().count(gone) == 2)
    wait(lambda: not avahi.resolve(name + ".local"))


def test_a_service_that_ends_with_the_name_is_taken_back_too(avahi, reef, name):
    avahi.start("shore" + name)
    seen = avahi.browse("-pk", "_telnet._tcp")
    begin(reef)
    wait(lambda: f"+;lo;IPv4;{name};_telnet._tcp;local" in seen.read_text())
    reef.run(f"utelnetd stop; hostname other{name}")
    wait(lambda: f"-;lo;IPv4;{name};_telnet._tcp;local" in seen.read_text())


def test_the_name_follows_the_hostname(avahi, reef, name):
    avahi.start("shore" + name)
    begin(reef)
    assert avahi.resolve(name + ".local") == [name + ".local", "127.0.0.2"]
    reef.run(f"hostname other{name}")
    reef.wait("dmesg", f"this is other{name}.local", 40)
    assert avahi.resolve(f"other{name}.local") == [f"other{name}.local", "127.0.0.2"]
    wait(lambda: not avahi.resolve(name + ".local"))
