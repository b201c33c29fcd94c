# micrOS's module Common: what its Load Modules may use of the system.

from services.micros.faces.files import OSPath, confined, make_directories, path_join
from services.micros.faces.messages import console_write, data_logger, notify, syslog  # noqa: F401  (names of Common)

_FADE_MS = 5  # the shortest step of a fade, as in micrOS


def __getattr__(name):
    if name in ("AnimationPlayer", "SmartADC"):
        from services.micros.faces import devices  # late: few modules draw or measure

        return getattr(devices, name)
    raise AttributeError(name)


def micro_task(tag, task=None, _wrap=False):
    """The Task called tag; with task, start that coroutine or call (a list of words); with _wrap, a decorator for one."""
    from services.micros import tasks  # late: what only draws has no tasks

    if task is not None:
        return start(tag, task)
    if not _wrap:
        return tasks.get(tag)

    def decorator(function):
        name = f"{tag}.{name_of(function)}"
        return lambda *args, **named: tasks.start_coroutine(name, function(name, *args, **named))

    return decorator


def name_of(function):
    """The last part of a task's name for a function: an underscore and the function's name."""
    return "_" + getattr(function, "__name__", "task")


def start(tag, task):
    from services.micros import commands, tasks  # late: as in micro_task()

    if isinstance(task, list):
        return tasks.start_call(".".join(task[:2]), lambda: commands.run(" ".join(task)))
    return tasks.start_coroutine(tag, task)


def manage_task(tag, operation):
    """Show, kill, or ask whether a task isbusy."""
    from services.micros import tasks  # late: what only draws has no tasks

    if operation == "show":
        return str(tasks.show(tag))
    if operation == "kill":
        found = tasks.matching(tag)
        return bool(found), tasks.kill(tag)
    if operation == "isbusy":
        return tasks.is_busy(tag)
    raise ValueError("Invalid operation: " + operation)


def exec_cmd(cmd, jsonify=None, secure=False):
    """Run a command given as words: (whether it worked, its output). secure: only of a module that is loaded."""
    from services.micros import commands, modules  # late: few modules call others

    if secure and cmd[0] not in modules.loaded() + ["task", "modules"]:
        return False, "NotAllowed " + cmd[0]
    return commands.run(" ".join(cmd), bool(jsonify))


def web_endpoint(endpoint, function, method="GET"):
    """Serve a path over HTTP: by a function of (head, body) that returns (type, data), or a file in the directory of pages."""
    from services.micros import endpoints  # late: few modules have pages

    endpoints.register(endpoint, function, method)
    return True


def web_mounts(modules=None, data=None, logs=None):
    """Share directories over HTTP, as $modules, $data and $logs, or no longer; returns those that are."""
    from services.micros import endpoints  # late: as above

    return endpoints.share(modules=modules, data=data, logs=logs)


def socket_stream(function):
    """Decorator: the function gets msgobj=, which logs a line."""
    return lambda *args, **named: function(*args, msgobj=console_write, **named)


def console(msg):
    console_write(msg)


def data_dir(f_name=None):
    """The path of a file of data, or of their directory."""
    return place(OSPath.DATA, f_name)


def web_dir(f_name=None):
    """The path of a page, or of their directory."""
    return place(OSPath.WEB, f_name)


def conf_dir(f_name):
    """The path of a file of settings; the node's own is not among them."""
    if f_name.strip("/ ") == "node_config.json":
        raise ValueError("Protected resource: config!")
    return place(OSPath.CONFIG, f_name)


def place(directory, name):
    make_directories(directory)
    return confined(path_join(directory, name), directory) if name else directory


def transition(from_val, to_val, step_ms, interval_sec):
    """Yield the values of a fade from one to another, one for each step_ms in interval_sec."""
    steps = round(interval_sec * 1000 / step_ms) if interval_sec > 0 and step_ms else 0
    for i in range(steps):
        yield round(from_val + (to_val - from_val) * i / steps)
    yield round(to_val)


def transition_gen(*args, interval_sec=1.0):
    """The fades of several channels, FROM, TO, FROM, TO ...: (a generator, or a list of them, and the step in ms)."""
    pairs = [(args[i], args[i + 1]) for i in range(0, len(args) - 1, 2)]
    widest = max([abs(last - first) for first, last in pairs])
    step = max(int(interval_sec * 1000 / widest) if widest else 0, _FADE_MS)
    found = [transition(first, last, step, interval_sec) for first, last in pairs]
    return (found[0] if len(found) == 1 else found), step
