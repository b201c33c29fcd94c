# vi's Ctrl-Z: suspend the editor until `fg`.

from edit.editor import ENTER
from process.suspend import suspend


async def stop(ed):
    """Suspend the editor; unsaved changes are in the journal meanwhile."""
    if ed.buffer.journal and ed.buffer.journal.dirty:
        ed.sync()
    ed.keys.give_back()
    if not await suspend(ed.terminal, ed.restore_screen(), ENTER):
        ed.say("no shell to return to", True)
    ed.view.redraw()
