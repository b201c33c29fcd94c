"""Damaged copies of valid input."""

NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"255",
    b"256",
    b"65535",
    b"65536",
    b"2147483648",
    b"-2147483649",
    b"4294967296",
    b"1e999",
)
BYTES = (0, 1, 9, 10, 13, 32, 34, 39, 92, 127, 128, 255)
MOST = 65_536  # bytes of an input
CHANGES = 6  # at most, in one input


class Mutator:
    """Makes inputs from seeds with a random.Random: the same state gives the same inputs."""

    def __init__(self, random, seeds, tokens=()):
        """seeds: valid inputs; tokens: words of their language, which are put in anywhere."""
        self.random = random
        self.seeds = seeds
        self.tokens = tokens
        self.ways = [self.flip, self.set, self.cut, self.repeat, self.move, self.shorten, self.number, self.splice]
        if tokens:
            self.ways += [self.token, self.token]

    def input(self):
        """The next input, of at most MOST bytes."""
        data = bytearray(self.random.choice(self.seeds))
        for _ in range(self.random.randint(1, CHANGES)):
            data = self.random.choice(self.ways)(data)
        return bytes(data[:MOST])

    def place(self, data):
        return self.random.randint(0, len(data))

    def piece(self, data):
        """(begin, end) of a piece, a short one more often than a long one."""
        begin = self.place(data)
        return begin, min(len(data), begin + 1 + int(self.random.expovariate(1 / 8)))

    def flip(self, data):
        if data:
            data[self.random.randrange(len(data))] ^= 1 << self.random.randrange(8)
        return data

    def set(self, data):
        if data:
            data[self.random.randrange(len(data))] = self.random.choice(BYTES)
        return data

    def cut(self, data):
        begin, end = self.piece(data)
        return data[:begin] + data[end:]

    def repeat(self, data):
        begin, end = self.piece(data)
        return data[:end] + data[begin:end] * self.random.choice((1, 2, 7, 100)) + data[end:]

    def move(self, data):
        begin, end = self.piece(data)
        rest = data[:begin] + data[end:]
        place = self.place(rest)
        return rest[:place] + data[begin:end] + rest[place:]

    def shorten(self, data):
        return data[: self.place(data)]

    def number(self, data):
        """Another number in the place of one, or anywhere."""
        places = [i for i, byte in enumerate(data) if 48 <= byte <= 57]
        begin = end = self.random.choice(places) if places else self.place(data)
        while end < len(data) and 48 <= data[end] <= 57:
            end += 1
        return data[:begin] + self.random.choice(NUMBERS) + data[end:]

    def splice(self, data):
        """The beginning of this one and the end of another."""
        other = self.random.choice(self.seeds)
        return data[: self.place(data)] + other[self.place(other) :]

    def token(self, data):
        place = self.place(data)
        return data[:place] + self.random.choice(self.tokens) + data[place:]
