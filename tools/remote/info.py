"""diatom info: what a board is."""

from remote import address, features
from remote.bundle import mpy_kind
from remote.output import size

# In the order in which people want them: key, label.
LINES = (
    ("address", "address"),
    ("hostname", "name"),
    ("machine", "machine"),
    ("id", "number"),
    ("diatom", "Diatom"),
    ("micropython", "MicroPython"),
    ("architecture", ".mpy files"),
    ("mhz", "MHz"),
)


def arguments(parser, verb):
    pass


def run(options, out):
    with address.connect(options, out) as board:
        facts = gather(board)
    out.result(facts)
    show(facts, out)
    if "diatom" not in facts:
        out.say("Diatom is not on this board, or does not run (diatom deploy)")


def gather(board):
    """Everything that a board reports about itself."""
    facts = board.facts()
    facts["flash"], facts["free_flash"] = board.space("/")
    facts.update(features.look(board))
    if facts.get("mpy"):
        version, architecture = mpy_kind(facts["mpy"])
        facts["architecture"] = "version %s, %s" % (version, architecture or "no machine code")
    return facts


def show(facts, out):
    """Print what gather() has found."""
    for key, label in LINES:
        if key in facts:
            out.say("%-12s %s" % (label, facts[key]))
    for label, key in (("memory", "memory"), ("flash", "flash")):
        if key in facts:
            out.say("%-12s %s, %s free" % (label, size(facts[key]), size(facts["free_" + key])))
    if facts.get("romfs"):
        out.say("%-12s %s" % ("ROMFS", ", ".join(size(count) for count in facts["romfs"])))
    if facts.get("frozen") == "names":
        out.say("%-12s %s" % ("frozen", "the names that Diatom uses"))
    elif facts.get("frozen"):
        found = facts["frozen"]
        parts = "the system and %d programs" % found.programs if found.programs else "the system, without programs"
        out.say("%-12s Diatom %s, %s (identity %s)" % ("frozen", found.version, parts, found.identity))
    if facts.get("modules"):
        out.say("%-12s %s" % ("modules", ", ".join(facts["modules"])))
