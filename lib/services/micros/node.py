# The server of the service micros, which lives as long as the service.

import sys

from process import cpu
from services.server import Server


class Node(Server):
    """Load Modules and tasks outlive the clients, and end with the service."""

    timer = None  # the task that runs the entries of crontasks

    def begin(self):
        """Once the process of the service exists, of which tasks are children."""
        from services.micros import commands, settings  # late: unloaded while nothing is loaded

        commands.pipe(settings.get("boothook"))
        if settings.get("cron"):
            from services.micros import timer  # late: few nodes have entries

            self.timer = cpu.schedule(timer.run())

    def refusal(self, text):
        return self.refusal_format

    def is_unused(self):
        """True while there is neither a Load Module nor a task: then all of the service's modules can be unloaded."""
        for name in sys.modules:
            if name.startswith("LM_"):
                return False
        tasks = sys.modules.get("services.micros.tasks")
        return not (self.timer or (tasks and tasks.table))

    async def serve(self):
        try:
            await super().serve()
        finally:
            from services.micros import modules, tasks  # late: as in begin()

            if self.timer:
                self.timer.cancel()
            tasks.stop()
            modules.detach()
