# How an update stands, as JSON for programs on other computers.

import json

import recovery
from base.errors import Failure, reason
from update import standing


def facts():
    """What `upgrade --status` tells, as a dict."""
    word = recovery.state()
    found = {"installed": standing.version(), "state": word, "result": standing.result()}
    if word in ("switch", "rom", "trial", "back"):
        found["from"] = recovery.head("from")
        found["to"] = recovery.head("to")
    if word == "trial":
        found["boot"] = recovery.size(recovery.BOOTS)
        found["boots"] = recovery.BOOTS_MAX
        found["healthy"] = int(recovery.head("healthy"))
    found["rollback"] = not word and standing.has_way_back()
    return found


def status():
    return json.dumps(facts())


async def run(work):
    """Await an upgrade; the last line that it prints says how that has ended. Returns its status."""
    error = None
    try:
        code = await work or 0
    except (Failure, OSError) as e:
        code = getattr(e, "status", 1)
        error = str(e) if isinstance(e, Failure) else reason(e)
    found = facts()
    found["status"] = code
    found["error"] = error
    print(json.dumps(found))
    return code
