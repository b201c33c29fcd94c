# vi's Ctrl-Z: back to the shell until `fg`.

from edit.editor import ENTER
from process.suspend import suspend


async def leave(ed):
    """Stop the editor; what was not written is in the journal meanwhile."""
    if ed.buffer.journal and ed.buffer.journal.dirty:
        ed.sync()
    ed.keys.give_back()
    if not await suspend(ed.terminal, ed.left(), ENTER):
        ed.say("no shell to go back to", True)
    ed.view.redraw()
