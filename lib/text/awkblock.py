# The statements of awk: blocks within blocks wait on a list, not in calls.

from micropython import const

from text.awkparse import Expressions

_TERMINATORS = ("\n", ";", "}", "")
DEPTH_MAX = const(100)


class Statements(Expressions):
    """The part of the parser that reads statements."""

    def block(self):
        """Parse up to the } of the { that has been taken."""
        opened = self.open = [["{"]]
        while opened:
            if len(opened) > DEPTH_MAX:
                raise self.lexer.wrong("nested too deeply")
            kind, value = self.peek()
            if kind == "o" and value == "\n":
                self.next()
            elif kind == "o" and value == ";":
                self.next()
                if opened[-1][0] != "{":  # an empty statement
                    self.complete()
            elif kind == "o" and value == "{":
                self.next()
                opened.append(["{"])
            elif kind == "o" and value == "}":
                if opened[-1][0] != "{":
                    raise self.wrong((kind, value))
                self.next()
                opened.pop()
                self.complete()
            elif kind == "e":
                raise self.wrong((kind, value))
            elif kind == "k" and value in ("if", "while", "do", "for"):
                self.next()
                getattr(self, "begin_" + value)()
            else:
                self.simple(kind, value)
                self.terminate()
                self.complete()

    def terminate(self):
        """A simple statement ends here."""
        kind, value = self.peek()
        if value not in _TERMINATORS or kind not in "oe":
            raise self.wrong((kind, value))
        if value in ("\n", ";"):
            self.next()

    def condition(self):
        """(expression) and a jump, whose place is returned."""
        self.take("(")
        self.expression()
        self.take(")")
        self.emit("unless")
        return len(self.code) - 1

    def begin_if(self):
        self.open.append(["if", self.condition()])

    def begin_while(self):
        start = len(self.code)
        self.open.append(["while", self.condition(), [], start])

    def begin_do(self):
        self.open.append(["do", len(self.code), []])

    def begin_for(self):
        self.take("(")
        if self.peek()[0] == "v" and self.peek(1) == ("k", "in") and self.peek(2)[0] in "vf" and self.peek(3)[1] == ")":
            variable = self.variable(self.next()[1])
            self.next()
            self.emit("iterate", self.array(self.next()[1]))
            self.next()
            start = len(self.code)
            self.emit("each", (0, variable))
            self.open.append(["in", start, [], start])
            return
        if self.peek()[1] != ";":
            self.simple(*self.peek())
        self.take(";")
        self.skip_newlines()
        start = len(self.code)
        end = None
        if self.peek()[1] != ";":
            self.expression()
            end = len(self.code)
            self.emit("unless")
        self.take(";")
        self.skip_newlines()
        again = start
        if self.peek()[1] != ")":
            body = len(self.code)
            self.emit("jump")
            again = len(self.code)
            self.simple(*self.peek())
            self.emit("jump", start)
            self.patch(body)
        self.take(")")
        self.open.append(["for", end, [], again])

    def complete(self):
        """A statement is complete, and with it those that consist of it."""
        opened = self.open
        while opened and opened[-1][0] != "{":
            entry = opened[-1]
            name = entry[0]
            if name == "if":
                ahead = 0
                while self.peek(ahead)[1] in ("\n", ";") and self.peek(ahead)[0] == "o":
                    ahead += 1
                if self.peek(ahead) == ("k", "else"):
                    for _ in range(ahead + 1):
                        self.next()
                    jump = len(self.code)
                    self.emit("jump")
                    self.patch(entry[1])
                    opened[-1] = ["else", jump]
                    return
                self.patch(entry[1])
            elif name == "else":
                self.patch(entry[1])
            elif name == "do":
                self.skip_newlines()
                if self.peek() == ("o", ";"):
                    self.next()
                    self.skip_newlines()
                self.take("while")
                again = len(self.code)
                end = self.condition()
                self.emit("jump", entry[1])
                self.patch(end)
                self.ends(entry[2], again)
                self.terminate()
            else:
                self.emit("jump", entry[3])
                if name == "in":
                    self.code[entry[1]] = ("each", (len(self.code), self.code[entry[1]][1][1]))
                    self.ends(entry[2], entry[3], True)
                    opened.pop()
                    continue
                if entry[1] is not None:
                    self.patch(entry[1])
                self.ends(entry[2], entry[3])
            opened.pop()

    def ends(self, jumps, again, iterates=False):
        """Patch the jumps of break and continue in a loop."""
        if iterates and any(leaves for _, leaves in jumps):  # what breaks out of it drops the keys that are left
            over = len(self.code)
            self.emit("jump")
            here = len(self.code)
            self.emit("drop_keys")
            self.patch(over)
            for at, leaves in jumps:
                self.patch(at, here if leaves else again)
            return
        for at, leaves in jumps:
            self.patch(at, None if leaves else again)

    def simple(self, kind, value):
        """A statement without others in it."""
        if kind != "k" or value == "getline":
            self.expression()
            self.emit("pop")
            return
        self.next()
        after = self.peek()
        alone = after[1] in _TERMINATORS and after[0] in "oe"
        if value in ("print", "printf"):
            self.output(value, alone)  # type: ignore[attr-defined]  # of the class that takes this part
        elif value in ("next", "nextfile"):
            self.emit("next_record", value == "nextfile")
        elif value in ("break", "continue"):
            for entry in reversed(self.open):
                if entry[0] in ("while", "do", "for", "in"):
                    entry[2].append((len(self.code), value == "break"))  # type: ignore[attr-defined]
                    self.emit("jump")
                    return
            raise self.lexer.wrong(f"{value} outside of a loop")
        elif value in ("exit", "return"):
            if value == "return" and self.locals is None:
                raise self.lexer.wrong("return outside of a function")
            if alone:
                self.emit("constant", None)
            else:
                self.expression()
            self.emit("exit" if value == "exit" else "give_back", alone)
        elif value == "delete":
            self.expression()
            kind, slot = self.address()
            if kind < 2:
                self.emit("clear", (kind, slot))
            elif kind < 4:
                raise self.lexer.wrong("delete needs an array")
            else:
                self.emit("delete", (kind - 4, slot))
        else:
            raise self.wrong((kind, value))
