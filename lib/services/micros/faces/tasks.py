# micrOS's module Tasks: its task manager.

from services.micros import commands, modules, tasks


class Tasks:
    """All tasks, as a dict is asked for them."""

    def get(self, tag, default=None):
        return tasks.get(tag) or default

    def __contains__(self, tag):
        return tasks.get(tag) is not None


class TaskBase:
    TASKS = Tasks()
    is_busy = staticmethod(tasks.is_busy)


class Manager:
    """The task manager."""

    LOAD = 0  # percent, which is not measured

    @staticmethod
    def create_task(callback, tag=None, loop=False, delay=None):
        if isinstance(callback, list):
            return tasks.start_call(".".join(callback[:2]), lambda: commands.run(" ".join(callback)), loop, delay)
        return tasks.start_coroutine(tag or "aio.task", callback)

    @staticmethod
    def show(tag):
        return tasks.show(tag)

    @staticmethod
    def kill(tag):
        return True, tasks.kill(tag)


def lm_exec(arg_list, jsonify=None):
    return commands.run(" ".join(arg_list), bool(jsonify))


def lm_is_loaded(lm_name):
    return lm_name in modules.loaded() + ["task", "modules"]
