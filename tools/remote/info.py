"""diatom info: what a board is."""

from remote import address
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
    from remote.bundle import mpy_kind

    with address.connect(options, out) as board:
        facts = board.facts()
        facts["flash"], facts["free_flash"] = board.space("/")
    if facts.get("mpy"):
        version, architecture = mpy_kind(facts["mpy"])
        facts["architecture"] = "version %s, %s" % (version, architecture or "no machine code")
    out.result(facts)
    for key, label in LINES:
        if key in facts:
            out.say("%-12s %s" % (label, facts[key]))
    for label, key in (("memory", "memory"), ("flash", "flash")):
        if key in facts:
            out.say("%-12s %s, %s free" % (label, size(facts[key]), size(facts["free_" + key])))
    if facts.get("romfs"):
        out.say("%-12s %s" % ("ROMFS", ", ".join(size(count) for count in facts["romfs"])))
    if "diatom" not in facts:
        out.say("Diatom is not on this board, or does not run (diatom deploy)")
