# What comm and join share: two sorted files, and a look at whether they are.

from base.errors import Failure, Usage, reason
from process import cpu
from program import complain, open_input


class Pair:
    """The two files. With disorder that matters (something has no partner) their status is 1; "+" ends at once, "!" never."""

    def __init__(self, files, opts):
        if len(files) != 2:
            raise Usage("expected two files")
        if files[0] == files[1] == "-":
            raise Failure("", "both files cannot be standard input")
        self.names = files
        self.streams = []
        self.out = cpu.current.stdout
        self.swapped = "z" in opts
        self.strict = "check-order" in opts
        self.silent = "nocheck-order" in opts
        self.single = False  # there was a line without a partner
        self.wrong = [False, False]  # the files found in disorder

    def __enter__(self):
        if self.swapped:
            from text.swap import Swapped  # late: only for -z

            self.out = Swapped(self.out)
        try:
            for name in self.names:
                stream = open_input(name)
                self.streams.append(Swapped(stream) if self.swapped else stream)
        except OSError as e:
            self.__exit__()
            raise Failure(name, reason(e))
        return self

    def __exit__(self, *_):
        for i, stream in enumerate(self.streams):
            if self.names[i] != "-":
                stream.close()

    def check(self, i, before, behind, title, note):
        """Complain where two keys of file i are not in their order."""
        if before <= behind or self.wrong[i] or self.silent or not (self.strict or self.single):
            return
        if self.strict:
            raise Failure(title, note)
        self.wrong[i] = True
        complain(title, note)

    async def line(self, i):
        """The next line of file i without its newline; None at the end."""
        line = await self.streams[i].readline()
        return (line[:-1] if line[-1:] == b"\n" else line) if line else None

    def status(self):
        """The exit status, with the last word about disorder."""
        if True in self.wrong:
            complain("", "input is not in sorted order")
        return cpu.current.failed
