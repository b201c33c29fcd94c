# SHA-224, SHA-384 and SHA-512 (FIPS 180-4), for firmware whose hashlib has SHA-256 alone.
#
# The words of 32 and 64 bits are Python's integers: slow (some kB a second on a board), and small. The constants are
# what the standard makes them of: bits of the roots of the first primes.

from array import array

from micropython import const

_WORD = const(64)
_PRIMES = const(80)

# bits of a word, rounds, and rotations: of the two sums in a round, then of the two in the schedule (its last: a shift)
_FORMS = (
    (32, 64, (2, 13, 22, 6, 11, 25, 7, 18, 3, 17, 19, 10)),
    (64, 80, (28, 34, 39, 14, 18, 41, 1, 8, 7, 19, 61, 6)),
)


def _primes():
    found = []
    number = 2
    while len(found) < _PRIMES:
        for prime in found:
            if not number % prime:
                break
        else:
            found.append(number)
        number += 1
    return found


def _root(prime, power):
    """The first 64 bits behind the point of a root of a prime below 512."""
    number = prime << _WORD * power
    x = 8 << _WORD
    while True:
        y = ((power - 1) * x + number // x ** (power - 1)) // power
        if y >= x:
            return x & (1 << _WORD) - 1
        x = y


def constants(size):
    """(state at the start, what each round adds) for a result of 28, 48 or 64 bytes."""
    bits, rounds, _ = _FORMS[size > 32]
    primes = _primes()
    start = 0 if size == 64 else 8
    mask = (1 << bits) - 1
    state = [_root(prime, 2) & mask for prime in primes[start : start + 8]]
    return state, array("Q", [_root(prime, 3) >> _WORD - bits for prime in primes[:rounds]])


def constructor(size):
    """A function that makes such states, as those of hashlib do."""
    known = constants(size)
    return lambda: Sha2(size, known)


class Sha2:
    """As hashlib's: update(data), and digest() at last. size: bytes of the result; known: its constants()."""

    piece = 512  # bytes after which others should run

    def __init__(self, size, known):
        self.size = size
        self.bits, self.rounds, self.turns = _FORMS[size > 32]
        self.block = self.bits * 2  # bytes
        self.state, self.constants = known
        self.rest = b""  # less than a block
        self.length = 0

    def update(self, data):
        self.length += len(data)
        data = self.rest + data
        at = 0
        while at + self.block <= len(data):
            self.take(data, at)
            at += self.block
        self.rest = data[at:]

    def digest(self):
        length = (self.length * 8).to_bytes(self.block // 8, "big")
        fill = (-self.length - 1 - len(length)) % self.block
        self.update(b"\x80" + bytes(fill) + length)
        return b"".join([word.to_bytes(self.bits // 8, "big") for word in self.state])[: self.size]

    def take(self, data, at):
        """Take the block at a place of data."""
        bits = self.bits
        mask = (1 << bits) - 1
        step = bits // 8
        r0, r1, r2, r3, r4, r5, s0, s1, s2, s3, s4, s5 = self.turns
        words = [int.from_bytes(data[i : i + step], "big") for i in range(at, at + self.block, step)]
        constants = self.constants
        a, b, c, d, e, f, g, h = self.state
        for i in range(self.rounds):
            k = i & 15
            word = words[k]
            if i > 15:
                x = words[i + 1 & 15]
                y = words[i + 14 & 15]
                xx = x << bits | x  # the low bits of it, moved, are those of x, rotated
                yy = y << bits | y
                word += (xx >> s0 ^ xx >> s1 ^ x >> s2) & mask
                word += (yy >> s3 ^ yy >> s4 ^ y >> s5) & mask
                words[k] = word = word + words[i + 9 & 15] & mask
            xx = e << bits | e
            h += ((xx >> r3 ^ xx >> r4 ^ xx >> r5) & mask) + (g ^ e & (f ^ g)) + constants[i] + word
            xx = a << bits | a
            word = ((xx >> r0 ^ xx >> r1 ^ xx >> r2) & mask) + (a & b | c & (a | b))
            h, g, f, e, d, c, b, a = g, f, e, d + h & mask, c, b, a, h + word & mask
        after = (a, b, c, d, e, f, g, h)
        self.state = [old + after[i] & mask for i, old in enumerate(self.state)]
