# Who uses a session.

_FIRST = 1000  # the number of the first user that is not root


def current(process):
    """The name of the user of a process."""
    return process.session.user if process.session else str(process.env.get("USER", "root"))


def require_root(process):
    """Raise Failure where it is not root's."""
    if current(process) != "root":
        from base.errors import Failure

        raise Failure("", "must be root")


def sessions():
    """The sessions that there are, in the order of their shells."""
    from process import process as processes

    found = []
    for pid in sorted(processes.table):
        session = processes.table[pid].session
        leader = session and session.leader
        if leader and leader.process.pid == pid and session not in found:
            found.append(session)
    return found


def number_of(name):
    """0 for root, else the place in the list of users; None for nobody."""
    from base import users  # late: most ask for the name only

    if name == users.ROOT:
        return 0
    number = _FIRST
    for user in users.users():
        if user.name == name:
            return number
        number += user.name != users.ROOT
    return None
