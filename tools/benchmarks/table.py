"""The table: rows of figures, as text and as JSON."""

import json
from dataclasses import asdict, dataclass

VERSION = 1  # of the JSON; a new key does not change it, a new meaning does

HEADS = ("", "measured", "unit", "upyOS", "limit", "")


@dataclass
class Row:
    """One figure. Less is better, unless the unit says lines/CAL or the like, and those have no limit."""

    name: str  # unique inside its group
    value: float | int | None  # None: could not be measured here; the note says why
    unit: str
    reference: float | None = None  # the same of upyOS
    limit: float | None = None  # what Diatom must not exceed
    note: str = ""
    group: str = ""

    @property
    def ok(self):
        """Whether the limit is kept; None where there is none, or no figure."""
        if self.limit is None or self.value is None:
            return None
        return self.value <= self.limit

    def as_dict(self):
        """What the JSON says of this row."""
        return {**asdict(self), "ok": self.ok}


def figure(value):
    """A number as the table shows it: three digits that count."""
    if value is None:
        return "-"
    if isinstance(value, int) or abs(value) >= 1000:
        return f"{value:.0f}"
    digits = 1 if abs(value) >= 100 else 2 if abs(value) >= 10 else 3
    return f"{value:.{digits}f}"


def optional(value):
    return "" if value is None else figure(value)


def cells(row):
    verdict = "" if row.ok is None else "ok" if row.ok else "OVER"
    text = [row.name, figure(row.value), row.unit, optional(row.reference), optional(row.limit), verdict]
    return text, row.note


def text(rows):
    """The rows as lines, each group under its name."""
    table = [(row.group, *cells(row)) for row in rows]
    columns = [HEADS, *(line for _, line, _ in table)]
    widths = [max(len(line[i]) for line in columns) for i in range(len(HEADS))]

    def put(line, note=""):
        first, value, unit, *rest, verdict = line
        row = [first.ljust(widths[0]), value.rjust(widths[1]), unit.ljust(widths[2])]
        row += [cell.rjust(width) for cell, width in zip(rest, widths[3:5], strict=True)]
        return "  " + "  ".join([*row, verdict.ljust(widths[5]), note]).rstrip()

    lines = [put(HEADS)]
    group = None
    for name, line, note in table:
        if name != group:
            lines.append(name)
            group = name
        lines.append(put(line, note))
    return "\n".join(lines)


def as_json(rows, mode, host):
    """The rows with what they were measured on."""
    data = {"version": VERSION, "mode": mode, "host": host, "rows": [row.as_dict() for row in rows]}
    return json.dumps(data, indent=1)
