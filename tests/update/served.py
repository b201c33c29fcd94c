"""What tests of servers that fail or attack share: a manifest that the right key has signed, and a board that refuses."""

import json

from release import keys
from update.releases import NEW, PATHS

BUNDLE = f"diatom-{NEW}-source.tar"
MANIFEST = "manifest-source.json"


def refused(board, releases, server, reason, prepare="", options="-f"):
    """The board refuses what the server has, for this reason, and is as it was."""
    run = board.run(f"{prepare}upgrade {options} {server.url}; echo status $?; upgrade --status")
    assert reason in run.stderr, run.stdout + run.stderr
    assert "status 1" in run.stdout
    assert "is ready" not in run.stdout
    assert "Traceback" not in run.stderr
    assert board.files() == releases.sums(releases.old, PATHS)


def forged(releases, server, forge):
    """Serve a manifest that the right key has signed, after forge(entries) has changed them."""
    lines = (server.directory / MANIFEST).read_text().splitlines()
    entries = [json.loads(line.rstrip(",")) for line in lines[1:-1]]
    entries = forge(entries) or entries
    body = ",\n".join(json.dumps(entry) for entry in entries)
    sign(releases, server, (lines[0] + "\n" + body + "\n]}\n").encode())


def sign(releases, server, data):
    server.files[MANIFEST] = data
    server.files[MANIFEST + ".sig"] = keys.sign(keys.load(releases.key), data)
