"""Shared by the tests of failing or malicious servers: a manifest signed with the right key, and a board that refuses."""

import json

from release import keys
from update.releases import NEW, PATHS

BUNDLE = f"diatom-{NEW}-source.tar"
MANIFEST = "manifest-source.json"


def refused(board, releases, server, reason, prepare="", options="-f"):
    """The board refuses the server's release, for this reason, and is unchanged."""
    run = board.run(f"{prepare}upgrade {options} {server.url}; echo status $?; upgrade --status")
    assert reason in run.stderr, run.stdout + run.stderr
    assert "status 1" in run.stdout
    assert "is ready" not in run.stdout
    assert "Traceback" not in run.stderr
    assert board.files() == releases.sums(releases.old, PATHS)


def forged(releases, server, forge):
    """Serve a manifest signed with the right key, with entries changed by forge(entries)."""
    lines = (server.directory / MANIFEST).read_text().splitlines()
    entries = [json.loads(line.rstrip(",")) for line in lines[1:-1]]
    entries = forge(entries) or entries
    body = ",\n".join(json.dumps(entry) for entry in entries)
    sign(releases, server, (lines[0] + "\n" + body + "\n]}\n").encode())


def sign(releases, server, data):
    server.files[MANIFEST] = data
    server.files[MANIFEST + ".sig"] = keys.sign(keys.load(releases.key), data)
