# Who uses a session.


def current(process):
    """The name of the user of a process."""
    return process.session.user if process.session else str(process.env.get("USER", "root"))


def require_root(process):
    """Raise Failure where it is not root's."""
    if current(process) != "root":
        from base.errors import Failure

        raise Failure("", "only root may do that")
