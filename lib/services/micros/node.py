# The server of the service micros, which lives as long as the service.

import sys

from process import cpu
from process import process as processes
from services.server import Server


def complete(words):
    """What TAB offers behind `lm` and these words."""
    from services.micros import completion  # late: somebody types

    try:
        return completion.candidates(words)
    except Exception:  # a module whose help() fails
        return []


class Node(Server):
    """Load Modules and tasks outlive the clients, and end with the service."""

    ends = ()  # functions that end what runs calls by itself: entries of crontasks, intervals, pins

    def begin(self):
        """Once the process of the service exists, of which tasks are children."""
        from services.micros import commands, settings  # late: unloaded while nothing is loaded

        processes.completions["lm"] = complete
        if settings.get("espnow"):
            self.begin_radio()
        commands.pipe(settings.get("boothook"))
        if any(settings.get(name) for name in ("timirq", "irq1", "irq2", "irq3", "irq4")):
            from services.micros import events  # late: few nodes have such

            self.ends = list(self.ends) + list(events.begin())
        if settings.get("cron"):
            from services.micros import timer  # late: few nodes have entries

            self.ends = list(self.ends) + [cpu.schedule(timer.run()).cancel]

    def begin_radio(self):
        from base import log  # late: few nodes have one
        from base.errors import Failure, reason
        from services.micros import commands, radio, tasks

        try:
            found = radio.begin(commands.execute)
            self.ends = [radio.end]
            tasks.start(radio.TAG, lambda task: found.serve(task))
        except (Failure, OSError) as e:
            log.note("micros", f"espnow: {reason(e)}", log.WARNING)

    def refusal(self, text):
        return self.refusal_format

    def warnings(self):
        """What its settings allow to everybody, a line each."""
        from services.micros import settings  # late: rarely asked

        return settings.warnings()

    def is_unused(self):
        """True while there is neither a Load Module nor a task: then all of the service's modules can be unloaded."""
        for name in sys.modules:
            if name.startswith("LM_"):
                return False
        tasks = sys.modules.get("services.micros.tasks")
        return not (self.ends or (tasks and tasks.table))

    async def serve(self):
        try:
            await super().serve()
        finally:
            from services.micros import modules, tasks  # late: as in begin()

            processes.completions.pop("lm", None)
            for end in self.ends:
                end()
            tasks.stop()
            modules.detach()
