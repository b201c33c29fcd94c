# What went wrong, in the words a user reads: "program: object: reason" (DESIGN law 9).


class Failure(Exception):
    """An error that ends a program with a sentence.

    obj is what the error is about (a path, an operand) or "" and reason says why; status is the exit status.
    """

    def __init__(self, obj, reason, status=1):
        super().__init__(reason)
        self.obj = obj
        self.reason = reason
        self.status = status

    def __str__(self):
        return f"{self.obj}: {self.reason}" if self.obj else self.reason


class Usage(Failure):
    """A command line that the program does not take; the runner adds the usage line of its head comment."""

    def __init__(self, reason, obj=""):
        super().__init__(obj, reason, 2)


def reason(exc):
    """The sentence for an exception: strerror() for an OSError with a number, else its own text."""
    if isinstance(exc, OSError) and exc.args and isinstance(exc.args[0], int):
        from base.strerror import strerror  # late: only a system that has errors pays for their texts

        return strerror(exc.args[0])
    if isinstance(exc, MemoryError):
        return "out of memory"
    if isinstance(exc, UnicodeError):
        return "not valid UTF-8"
    if isinstance(exc, RuntimeError) and "recursion" in str(exc):
        return "recursion too deep"
    if isinstance(exc, Failure):
        return str(exc)
    name = type(exc).__name__
    text = str(exc)
    return f"{name}: {text}" if text else name
