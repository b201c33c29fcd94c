# The API's processes, jobs and services.

from time import ticks_diff, ticks_ms

from base.errors import Failure
from process import process as processes
from services.http.api import body
from services.http.protocol import HTTPError

_SIGNALS = {"HUP": 1, "INT": 2, "KILL": 9, "TERM": 15, "CONT": 18, "STOP": 19}


def row(process):
    return {
        "pid": process.pid,
        "ppid": process.ppid,
        "name": process.name,
        "args": [str(arg) for arg in process.args],
        "state": "Z" if process.status is not None else "H" if process.stopped else process.sts,
        "cpu_us": process.time,
        "elapsed": ticks_diff(ticks_ms(), process.started) // 1000,
        "memory": process.memory,
        "session": process.session.name if process.session else None,
        "user": process.session.user if process.session else None,
    }


def get_processes(request, rest):
    if rest:
        return row(process_of(rest))
    return [row(process) for process in sorted(processes.table.values(), key=lambda process: process.pid)]


def process_of(text):
    process = processes.get(int(text)) if text.isdigit() and len(text) < 10 else None
    if not process:
        raise HTTPError(404, "no such process")
    return process


def post_processes(request, rest):
    """Send a signal: {"signal": "TERM"}."""
    process = process_of(rest)
    number = _SIGNALS.get(body(request, signal=str).get("signal", ""))
    if not number:
        raise HTTPError(400, "signal: expected one of " + " ".join(_SIGNALS))
    if process.pid == 1:
        raise HTTPError(403, "cannot signal process 1")
    process.kill(number)
    return "", 204


def get_jobs(request, rest):
    found = []
    leaders = []
    for process in list(processes.table.values()):
        leader = process.session.leader if process.session else None
        if leader and leader.jobs and leader not in leaders:
            leaders.append(leader)
            for job in leader.jobs.list:
                pids = [member.pid for member in job.processes]
                about = {"session": leader.process.pid, "number": job.number, "text": job.text}
                about.update({"state": job.state(), "pids": pids})
                found.append(about)
    return found


def get_services(request, rest):
    from services import definitions  # late: only for services
    from services.states import state_of

    found = []
    for name in definitions.names():
        if rest and name != rest:
            continue
        try:
            definition = definitions.read(name)
        except Failure as e:
            found.append({"name": name, "state": "damaged", "about": str(e), "enabled": False, "pid": None})
            continue
        state, process, service = state_of(definition)
        found.append(
            {
                "name": name,
                "state": state,
                "about": definition.about,
                "enabled": definition.enabled,
                "pid": process.pid if process else None,
                "restarts": service.restarts if service else 0,
            }
        )
    if rest and not found:
        raise HTTPError(404, "no such service")
    return found[0] if rest else found


async def post_services(request, rest):
    """{"action": "start"}: or stop, restart, enable, disable."""
    from services import definitions  # late: only for services

    action = body(request, action=str).get("action", "")
    if action not in ("start", "stop", "restart", "enable", "disable"):
        raise HTTPError(400, "action: expected start, stop, restart, enable or disable")
    if rest not in definitions.names():
        raise HTTPError(404, "no such service")
    from services.http.run import captured  # late: only to change a service

    status, text = await captured(request, f"service {action} {rest}")
    if status:
        return {"error": text.strip() or f"status {status}"}, 409
    return get_services(request, rest)
