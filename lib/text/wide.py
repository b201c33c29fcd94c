# The characters of a terminal that take no cell (they combine with the one before) or two (East Asian, emoji).
#
# The tables are those of Unicode 17 as the Python package wcwidth has them (a test compares): the first and the last
# character of each range, 16 bits each. Beyond them (Unicode's higher planes) only what is wide is told.
# A module of its own, since 4 kB of tables are loaded only for a text that has such characters.

from binascii import a2b_base64

_COMBINING = a2b_base64(
    "AwADbwSDBIkFkQW9Bb8FvwXBBcIFxAXFBccFyQYQBhoGHAYcBksGXwZwBnAG1gbcBt8G5AbnBugG6gbtBxEHEQcwB0oHpgewB+sH8wf9"
    "B/0IFggZCBsIIwglCCcIKQgtCFkIWwiXCJ8IygjhCOMJAwk6CTwJPglPCVEJVwliCWMJgQmDCbwJvAm+CcQJxwnICcsJzQnXCdcJ4gnj"
    "Cf4J/goBCgMKPAo8Cj4KQgpHCkgKSwpNClEKUQpwCnEKdQp1CoEKgwq8CrwKvgrFCscKyQrLCs0K4grjCvoK/wsBCwMLPAs8Cz4LRAtH"
    "C0gLSwtNC1MLVwtiC2MLgguCC74LwgvGC8gLygvNC9cL1wwADAQMPAw8DD4MRAxGDEgMSgxNDFUMVgxiDGMMgQyDDLwMvAy+DMQMxgzI"
    "DMoMzQzVDNYM4gzjDPMM8w0ADQMNOw08DT4NRA1GDUgNSg1NDVcNVw1iDWMNgQ2DDcoNyg3PDdQN1g3WDdgN3w3yDfMOMQ4xDjQOOg5H"
    "Dk4OsQ6xDrQOvA7IDs4PGA8ZDzUPNQ83DzcPOQ85Dz4PPw9xD4QPhg+HD40Plw+ZD7wPxg/GECsQPhBWEFkQXhBgEGIQZBBnEG0QcRB0"
    "EIIQjRCPEI8QmhCdEWAR/xNdE18XEhcVFzIXNBdSF1MXchdzF7QX0xfdF90YCxgPGIUYhhipGKkZIBkrGTAZOxoXGhsaVRpeGmAafBp/"
    "Gn8asBrwGwAbBBs0G0QbaxtzG4AbghuhG60b5hvzHCQcNxzQHNIc1BzoHO0c7Rz0HPQc9xz5HcAd/yALIA8gKCAuIGAgbyDQIPAs7yzx"
    "LX8tfy3gLf8wKjAvMJkwmjFkMWSmb6ZypnSmfaaepp+m8KbxqAKoAqgGqAaoC6gLqCOoJ6gsqCyogKiBqLSoxajgqPGo/6j/qSapLalH"
    "qVOpgKmDqbOpwKnlqeWqKao2qkOqQ6pMqk2qe6p9qrCqsKqyqrSqt6q4qr6qv6rBqsGq66rvqvWq9qvjq+qr7Kvt17DX//se+x7+AP4P"
    "/iD+L/7//v//oP+g//D/+w=="
)

_WIDE = a2b_base64(
    "EQARXyMaIxsjKSMqI+kj7CPwI/Aj8yPzJf0l/iYUJhUmMCY3JkgmUyZ/Jn8miiaPJpMmkyahJqEmqiarJr0mvibEJsUmzibOJtQm1Cbq"
    "Juom8ibzJvUm9Sb6Jvom/Sb9JwUnBScKJwsnKCcoJ0wnTCdOJ04nUydVJ1cnVyeVJ5cnsCewJ78nvysbKxwrUCtQK1UrVS6ALpkumy7z"
    "LwAv1S/wMCkwMDA+MEEwljCbMP8xBTEvMTExYzFlMY4xkDHlMe8yHjIgMkcyUKSMpJCkxqlgqXysANej+QD6//4Q/hn+MP5S/lT+Zv5o"
    "/mv/Af9g/+D/5g=="
)

_WIDE_1 = a2b_base64(
    "b+Bv42/yb/ZwAIzajP+NII2AjfKOAJGRkaCR0q/wr/Ov9a/7r/2v/rAAsSixMrEysVCxUrFVsVWxZLFosXCy+9MA01bTYNN28ATwBPDP"
    "8M/xjvGO8ZHxmvGu8a7x5vIC8hDyO/JA8kjyUPJR8mDyZfMA8yDzLfM18zfzfPN+85PzoPPK88/z0/Pg8/Dz9PP08/j0PvRA9ED0QvT8"
    "9P/1PfVL9U71UPVn9Xr1evWV9Zb1pPWk9fv2T/aA9sX2zPbM9tD20vbV9tn23Pbf9uv27Pb09vz32vfa9+D36/fw9/D5DPk6+Tz5RflH"
    "+f/6cPp8+oD6xvrI+sj6zPrd+t/66/rv+vo="
)


def cells(code):
    """The cells of a character, by its code: 0, 1 or 2."""
    if code > 0xFFFF:
        plane = code >> 16
        if plane == 1:
            return 2 if _holds(_WIDE_1, code & 0xFFFF) else 1
        return 2 if plane < 4 else 0 if 0xE0100 <= code < 0xE01F0 else 1
    if _holds(_COMBINING, code):
        return 0
    return 2 if _holds(_WIDE, code) else 1


def _holds(table, code):
    """True where one of the ranges of table holds code."""
    low = 0
    high = len(table) // 4
    while low < high:
        middle = (low + high) // 2
        at = 4 * middle
        if code > table[at + 2] << 8 | table[at + 3]:
            low = middle + 1
        elif code < table[at] << 8 | table[at + 1]:
            high = middle
        else:
            return True
    return False
