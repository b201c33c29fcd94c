# The main input of awk: its records, from the operands one after the other.

from process import cpu
from process.stream import LINE_MAX, longer
from program import complain, open_input


class Reader:
    """Gives the records of a stream."""

    def __init__(self, machine, stream):
        self.machine = machine
        self.stream = stream
        self.data = b""
        self.at = 0  # what of data has been given
        self.ended = False

    async def next(self):
        """The next record, None at the end."""
        machine = self.machine
        while True:
            mark = machine.text(machine.globals[5])
            data = self.data
            if not mark:
                while self.at < len(data) and data[self.at] == 10:
                    self.at += 1
            if len(mark) < 2:
                end = data.find(mark or b"\n\n", self.at)
                behind = end + (len(mark) or 2)
            else:
                found = machine.finder(mark).search(data, self.at)
                end, behind = found[:2] if found and (found[1] < len(data) or self.ended) else (-1, 0)
                if end == behind:
                    end = -1
            if end >= 0:
                record = data[self.at : end]
                self.at = behind
                return record
            if self.ended:
                record = data[self.at :]
                self.data = b""
                self.at = 0
                return (record if mark else record.rstrip(b"\n")) if record else None
            machine.flush()
            more = await self.stream.read()
            data = self.data = data[self.at :] if self.at else data
            self.data = longer(data, more, LINE_MAX, self.stream.path)
            self.at = 0
            self.ended = not more

    def close(self):
        if self.stream is not cpu.current.stdin:
            self.stream.close()


class Records:
    """The main input: the operands one after the other."""

    def __init__(self, machine):
        self.machine = machine
        self.reader = None
        self.next_operand = 1
        self.opened = False

    async def next(self):
        """The next record, None at the end."""
        while True:
            if not self.reader and not self.open():
                return None
            record = await self.reader.next()
            if record is not None:
                return record
            self.skip_file()

    def open(self):
        """Open the next operand that is a file; False where there is none."""
        machine = self.machine
        while True:
            name = "-"
            if self.next_operand < machine.num(machine.globals[14]):
                operand = machine.array(0, 15).get(b"%d" % self.next_operand)
                self.next_operand += 1
                name = machine.text(operand).decode()
                if not name:
                    continue
                variable, equals, value = name.partition("=")
                if equals and is_name(variable):
                    machine.assign(variable, value)
                    continue
            elif self.opened:
                return False
            self.opened = True
            try:
                self.reader = Reader(machine, open_input(name))
            except OSError as e:
                complain(name, e)
                machine.status = 2
                continue
            machine.globals[7] = name.encode() if machine.globals[14] != 1 else b""
            machine.globals[2] = 0
            return True

    def skip_file(self):
        if self.reader:
            self.reader.close()
            self.reader = None


def is_name(text):
    return bool(text) and not text[0].isdigit() and all(c.isalpha() or c.isdigit() or c == "_" for c in text)
