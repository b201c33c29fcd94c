# Sources of commands: a script file, or text. They know where each line is, which goto needs.
#
# A script is read line by line, so a long one needs no more memory than its longest command. Once it has jumped
# back, the commands it passes are kept parsed, so that a loop made of gotos parses its lines once.

from micropython import const

from base.errors import Failure

_KEPT_MAX = const(48)  # parsed commands kept for a loop of gotos
_LINE_MAX = const(32768)  # bytes in a line of a script
_PIECE = const(256)  # readline() sets its limit aside at once, so a line is read in pieces


class Source:
    """The lines of a script; `file` is a binary file or an object with readline, tell and seek."""

    def __init__(self, file, name):
        self.file = file
        self.name = name
        self.line = 1  # number of the next line
        self.dialect = None  # whether it is written in that of upyOS, once that has been asked
        self.labels = {}  # name: (offset, line) of the line behind the label
        self.echo = None  # where set -v shows the lines
        self.kept = None  # offset: (node, next offset, next line), once there was a jump back
        if file.read(3) != b"\xef\xbb\xbf":  # a BOM is no part of the script
            file.seek(0)

    def read(self):
        """The next line for the parser; a generator."""
        line = self.next_line()
        if self.echo:
            self.echo.write(line)
        return line
        yield

    def next_line(self):
        """The next line with its newline, "" at the end."""
        line = self.file.readline(_PIECE)
        if not line:
            return ""
        while line[-1] != 10:
            more = self.file.readline(_PIECE)
            if not more:
                break
            line += more
            if len(line) > _LINE_MAX:
                raise Failure(self.name, f"line {self.line}: longer than {_LINE_MAX} bytes")
        self.line += 1
        if b"\0" in line:
            raise Failure(self.name, "cannot execute: binary file", 126)
        try:
            text = line.decode()
        except UnicodeError:
            from base.surrogates import loose  # late: rare

            text = loose(line)
        return text[:-2] + "\n" if text.endswith("\r\n") else text

    def place(self):
        """Where the next line begins."""
        return self.file.tell(), self.line

    def go(self, place):
        """Continue at a place."""
        self.file.seek(place[0])
        self.line = place[1]

    def goto(self, label, line):
        """Continue behind `:label`; Failure if there is none."""
        here = self.place()
        place = self.labels.get(label)
        if place is None:
            place = self.search(label, None)
        if place is None:
            self.file.seek(0)
            self.line = 1
            place = self.search(label, here[0])
        if place is None:
            self.go(here)
            raise Failure(self.name, f"line {line}: label '{label}' not found")
        self.go(place)
        if place[0] < here[0] and self.kept is None:
            self.kept = {}

    def search(self, label, end):
        """The place behind the label, from here on (up to the offset end)."""
        while end is None or self.file.tell() < end:
            line = self.next_line()
            if not line:
                return None
            line = line.split("#", 1)[0].strip()
            if line[:1] == ":" and len(line) > 1:
                place = self.place()
                self.labels[line[1:].strip()] = place
                if line[1:].strip() == label:
                    return place
        return None

    def skip(self, count):
        """Leave out count lines."""
        for _ in range(count):
            if not self.next_line():
                break

    def keep(self, place, node, behind):
        """Remember a parsed command, if this script loops by goto."""
        if len(self.kept) >= _KEPT_MAX:
            self.kept.clear()
        self.kept[place[0]] = (node, behind)
