# Sets of characters in the patterns of text.engine.


class Class:
    """A set of characters: flags for ASCII, and which of the others."""

    def __init__(self, kind, value):
        flags = bytearray(128)
        self.others = ()  # those beyond ASCII that are in it; or that are not, where it is negated
        self.negated = False
        if kind == "c":
            if ord(value) < 128:
                flags[ord(value)] = 1
            else:
                self.others = (value.encode(),)
        elif kind == ".":
            flags = bytearray(b"\1" * 128)
            self.negated = True
        elif kind == "w":
            for i in range(128):
                c = chr(i)
                inside = c.isalpha() or c.isdigit() or c == "_" if value in "\\w\\W" else c in " \t\n\r\v\f"
                flags[i] = inside != (value[1] < "a")
            self.negated = value[1] < "a"
        else:
            self.negated, pairs, wide = value
            for pair in pairs:
                for code in range(ord(pair[0]), min(ord(pair[1]), 127) + 1):
                    flags[code] = 1
            if self.negated:
                for i in range(128):
                    flags[i] ^= 1
            self.others = tuple([c.encode() for c in wide])
        self.flags = bytes(flags)
        self.all = not self.others and self.negated
        self.stop = self.flags.find(b"\0")  # the only byte that is not in it, -1 for none, None for several
        if not self.all or (self.stop >= 0 and self.flags.find(b"\0", self.stop + 1) >= 0):
            self.stop = None

    def behind(self, data, i):
        """The place behind the character at i, or -1 where it is not in the class."""
        if data[i] < 128:
            return i + 1 if self.flags[data[i]] else -1
        end = i + 1
        n = len(data)
        while end < n and data[end] & 0xC0 == 0x80:
            end += 1
        return end if self.all or (data[i:end] in self.others) != self.negated else -1

    def run(self, data, i, most):
        """The place behind at most `most` characters from i on, as many as there are where that is -1."""
        n = len(data)
        if self.stop is not None and most < 0:
            end = data.find(bytes((self.stop,)), i) if self.stop >= 0 else n
            return n if end < 0 else end
        flags = self.flags
        while i < n and most:
            if data[i] < 128:
                if not flags[data[i]]:
                    break
                i += 1
            else:
                end = self.behind(data, i)
                if end < 0:
                    break
                i = end
            most -= 1
        return i
