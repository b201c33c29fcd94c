# The status of an update as JSON, for programs on other computers.

import json

import recovery
from base.errors import Failure, reason
from update import status


def facts():
    """The status as a dict."""
    word = recovery.state()
    found = {"installed": status.version(), "state": word, "result": status.result()}
    if word in ("switch", "rom", "trial", "back"):
        found["from"] = recovery.head("from")
        found["to"] = recovery.head("to")
    if word == "trial":
        found["boot"] = recovery.size(recovery.BOOTS)
        found["boots"] = recovery.BOOTS_MAX
        found["healthy"] = int(recovery.head("healthy"))
    found["rollback"] = not word and status.has_way_back()
    return found


def as_json():
    return json.dumps(facts())


async def run(work):
    """Await an upgrade and print its result as the last line. Returns its exit status."""
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
