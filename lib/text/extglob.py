# Extended patterns, as ksh and bash have them: ?(a|b) *(a|b) +(a|b) @(a|b) !(a|b). Loaded with the first one: 1 kB.
#
# Every part of a pattern takes a set of places in the text where it may begin to the set of places where it may end. So
# nothing goes back, and only groups inside each other recurse.

from micropython import const

from base.errors import Failure
from text.pattern import bracket_at, in_bracket

_TEXT_MAX = const(4096)  # characters of a text
_DEPTH_MAX = const(4)  # groups inside each other: each takes two calls


def match(pattern, text):
    """True where pattern matches all of text."""
    chars = _chars(text)
    return len(chars) in _ends(_checked(pattern), chars, {0})


def prefix(pattern, text, longest):
    """text without the shortest or longest beginning that pattern matches."""
    ends = _ends(_checked(pattern), _chars(text), {0})
    return text[max(ends) if longest else min(ends) :] if ends else text


def suffix(pattern, text, longest):
    """text without the shortest or longest end that pattern matches."""
    chars = _chars(text)
    pattern = _checked(pattern)
    n = len(chars)
    for i in range(n + 1) if longest else range(n, -1, -1):
        if n in _ends(pattern, chars, {i}):
            return text[:i]
    return text


def replace(pattern, text, by, all, anchor):
    """text with the first, or every, longest match replaced; anchor "#" or "%" ties it to the beginning or end."""
    if anchor == "%":
        head = suffix(pattern, text, True)
        return head + by if len(head) < len(text) or match(pattern, "") else text
    chars = _chars(text)
    pattern = _checked(pattern)
    out = []
    start = i = 0
    while i < len(chars):
        ends = _ends(pattern, chars, {i})
        end = max(ends) if ends else i
        if end > i:
            out.append(text[start:i])
            out.append(by)
            start = i = end
            if not all:
                break
        else:
            i += 1
        if anchor:
            break
    out.append(text[start:])
    return "".join(out)


def _chars(text):
    if len(text) > _TEXT_MAX:
        raise Failure("", f"more than {_TEXT_MAX} characters for an extended pattern")
    return [ord(c) for c in text]


def _checked(pattern):
    """The pattern as bytes; Failure where its groups are nested too deeply."""
    depth = 0
    for c in pattern:
        depth += (c == "(") - (c == ")")
        if depth > _DEPTH_MAX:
            raise Failure(pattern, "patterns nested too deeply")
    return pattern.encode()


def _ends(p, chars, places):
    """Where matches of the pattern p that begin at one of the places end."""
    i = 0
    n = len(p)
    while i < n and places:
        c = p[i]
        i += 1
        if c in b"?*+@!" and p[i : i + 1] == b"(":
            choices, i = _group(p, i + 1)
            if choices is not None:
                places = _repeated(c, choices, chars, places)
                continue
            i -= 1
        if c == 42:  # *
            places = set(range(min(places), len(chars) + 1))
            continue
        bracket = None
        if c == 91:  # [
            bracket, end = bracket_at(p, i)
            i = end if bracket else i
        elif c == 92 and i < n:
            c = p[i]
            i += 1
        elif c == 63:  # ?
            c = -1
        if c >= 0xC0:
            end = i
            while end < n and p[end] & 0xC0 == 0x80:
                end += 1
            c = ord(str(p[i - 1 : end], "utf-8"))
            i = end
        found = set()
        for k in places:
            if k < len(chars) and (in_bracket(bracket, chars[k]) if bracket else c < 0 or chars[k] == c):
                found.add(k + 1)
        places = found
    return places


def _group(p, i):
    """(alternatives, index behind) of the group whose parenthesis is before i; (None, i) where it does not end."""
    choices = []
    depth = 1
    start = at = i
    while at < len(p):
        c = p[at]
        if c == 92:
            at += 1
        elif c == 40:
            depth += 1
        elif c == 41 or (c == 124 and depth == 1):
            depth -= c == 41
            if depth == (c == 124):
                choices.append(p[start:at])
                start = at + 1
                if not depth:
                    return choices, start
        at += 1
    return None, i


def _repeated(kind, choices, chars, places):
    """Where a group ends that begins at one of the places."""
    out = set()
    if kind == 33:  # !
        for k in places:
            hit = set()
            for choice in choices:
                hit |= _ends(choice, chars, {k})
            out |= set(range(k, len(chars) + 1)) - hit
        return out
    new = places
    while new:
        found = set()
        for choice in choices:
            found |= _ends(choice, chars, new)
        new = found - out
        out |= found
        if kind == 63 or kind == 64:  # ? @ : once
            break
    return out | places if kind == 63 or kind == 42 else out
