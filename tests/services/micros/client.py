"""Runs micrOS's own client: client.py DIRECTORY PORT CACHE PASSWORD COMMAND...|SystemTest

It knows one port only, and finds a node by a name in the network: connections to that port, and that name, lead to the
node under test.
"""

import json
import os
import socket
import sys

DIRECTORY, PORT, CACHE, PASSWORD, *WORDS = sys.argv[1:]
NAME = "simulator"
THEIRS = 9008

connect = socket.socket.connect
getaddrinfo = socket.getaddrinfo
gethostbyname = socket.gethostbyname


def is_ours(host):
    return host in ("127.0.0.1", NAME + ".local")


def connect_here(self, address):
    ours = isinstance(address, tuple) and is_ours(address[0]) and address[1] == THEIRS
    return connect(self, ("127.0.0.1", int(PORT)) if ours else address)


socket.socket.connect = connect_here
socket.getaddrinfo = lambda host, *rest, **named: getaddrinfo("127.0.0.1" if is_ours(host) else host, *rest, **named)
socket.gethostbyname = lambda host: "127.0.0.1" if is_ours(host) else gethostbyname(host)

with open(CACHE, "w") as file:
    json.dump({"micrd1a7035e0001OS": ["127.0.0.1", THEIRS, NAME]}, file)
sys.argv = ["devToolKit.py", "--light"]
tests = os.path.join(DIRECTORY, "toolkit", "dashboard_apps")
sys.path[:0] = [tests, os.path.join(DIRECTORY, "toolkit"), DIRECTORY]

import socketClient  # noqa: E402

socketClient.ConnectionData.DEVICE_CACHE_PATH = CACHE
if WORDS == ["SystemTest"]:
    import SystemTest

    SystemTest.socketClient = socketClient
    SystemTest.app(NAME, PASSWORD)
else:
    good, answer = socketClient.run(["--dev", NAME, "--password", PASSWORD, *WORDS])
    print(f"answer {good}: {answer}")
