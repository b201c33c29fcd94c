# Parse POSIX regular expressions (XBD 9, basic and extended, with GNU's \w \s \b \< \>) and translate them for re.
#
# parse() returns the top-level alternatives, each a list of tokens; a token is [kind, value, least, most]:
#   "c" a character    "." any    "[" a set: (negated, pairs of bytes, characters beyond ASCII)    "w" \w \W \s \S
#   "(" ")" "|" within a group    "^" "$" anchors    "<" ">" word boundaries, "b" either, "B" neither
#   "\" a back-reference
# most is None for no limit. translate() turns tokens into a pattern of MicroPython's re, as bytes.

from micropython import const

from base.errors import Failure

REPEAT_MAX = const(255)  # limit of m and n in x{m,n} (RE_DUP_MAX)

_WIDE = b"[\xc0-\xff][\x80-\xbf]*"  # a character beyond ASCII in UTF-8

_SETS = {
    "alpha": ("AZ", "az"),
    "digit": ("09",),
    "alnum": ("09", "AZ", "az"),
    "upper": ("AZ",),
    "lower": ("az",),
    "space": ("\t\r", "  "),
    "blank": ("\t\t", "  "),
    "punct": ("!/", ":@", "[`", "{~"),
    "print": (" ~",),
    "graph": ("!~",),
    "cntrl": ("\x01\x1f", "\x7f\x7f"),
    "xdigit": ("09", "AF", "af"),
}


def _bad(why):
    return Failure("", why, 2)


def parse(pattern, extended, fold):
    """Return the alternatives of pattern. With fold, they match lines in lower case."""
    alternatives = [[]]
    tokens = alternatives[0]
    depth = 0
    i = 0
    n = len(pattern)
    while i < n:
        c = pattern[i]
        i += 1
        special = c
        if c == "\\":
            i, c, special = _escape(pattern, i, extended, alternatives)
            if special is None:
                continue
        elif not extended and c in "(){}|+?":
            special = ""
        last = tokens[-1][0] if tokens else "|"
        start = last in "(|"
        if special == "[":
            i, value = _set(pattern, i, fold)
            tokens.append(["[", value, 1, 1])
        elif special == ".":
            tokens.append([".", "", 1, 1])
        elif special == "^" and (extended or start):
            tokens.append(["^", "", 1, 1])
        elif special == "$" and (extended or i >= n or pattern[i : i + 2] in ("\\)", "\\|")):
            tokens.append(["$", "", 1, 1])
        elif special == "(":
            depth += 1
            tokens.append(["(", "", 1, 1])
        elif special == ")" and (depth or not extended):
            if not depth:
                raise _bad("unmatched )")
            depth -= 1
            tokens.append([")", "", 1, 1])
        elif special == "|":
            if depth:
                tokens.append(["|", "", 1, 1])
            else:
                tokens = []
                alternatives.append(tokens)
        elif special and special in "*+?{" and (not (start or last == "^") or (extended and special != "{")):
            least, most = 0, None
            if special == "+":
                least = 1
            elif special == "?":
                most = 1
            elif special == "{":
                i, least, most = _interval(pattern, i, extended)
            if start or last in "^$<>bB":
                continue  # nothing to repeat
            token = tokens[-1]
            token[2] = min(token[2], 1) * least
            token[3] = None if most is None or token[3] is None else most
        else:
            tokens.append(["c", folded(c) if fold else c, 1, 1])
    if depth:
        raise _bad("unmatched (")
    return alternatives


def _escape(pattern, i, extended, alternatives):
    """Parse the escape at i: (index after it, character, operator or ""). The operator is None if a token was appended."""
    tokens = alternatives[-1]
    n = len(pattern)
    if i >= n:
        raise _bad("trailing backslash")
    c = pattern[i]
    i += 1
    if c in "wWsS":
        tokens.append(["w", "\\" + c, 1, 1])
    elif c in "<>bB`'":
        at_end = i >= n or (not extended and pattern[i : i + 2] in ("\\)", "\\|")) or (extended and pattern[i] in ")|")
        if c == "b":  # next to a letter it can only be one of the two, which are cheaper
            if at_end and tokens and _is_letter(tokens[-1]):
                c = ">"
            elif not tokens and pattern[i : i + 1].isalpha() and pattern[i + 1 : i + 2] not in tuple("*?{\\"):
                c = "<"
        tokens.append(["^" if c == "`" else "$" if c == "'" else c, "", 1, 1])
    elif "1" <= c <= "9":
        if int(c) > sum([token[0] == "(" for tokens in alternatives for token in tokens]):
            raise _bad("invalid back reference")
        tokens.append(["\\", int(c), 1, 1])
    else:
        return i, c, c if not extended and c in "(){}|+?" else ""
    return i, c, None


def _is_letter(token):
    """Return whether every match of the token ends with a letter."""
    return token[0] == "c" and token[2] > 0 and token[1].isalpha()


def _interval(pattern, i, extended):
    """Parse the interval m,n} at i: (index after it, least, most)."""
    close = "}" if extended else "\\}"
    end = pattern.find(close, i)
    low, comma, high = pattern[i:end].partition(",")
    try:
        least = int(low or 0)
        most = (int(high) if high else None) if comma else least
    except ValueError:
        end = -1
    if end < 0 or not (low or comma) or (most is not None and most < least) or max(least, most or 0) > REPEAT_MAX:
        raise _bad("invalid content of {}")
    return end + len(close), least, most


def _set(pattern, i, fold):
    """Parse the set whose [ precedes i: (index after it, (negated, pairs, wide)).

    A pair is a range in ASCII; in wide are single characters and pairs beyond it.
    """
    negated = pattern[i : i + 1] == "^"
    if negated:
        i += 1
    pairs = []
    wide = []
    first = i
    while True:
        c = pattern[i : i + 1]
        if not c:
            raise _bad("unmatched [")
        i += 1
        if c == "]" and i - 1 > first:
            break
        kind = pattern[i : i + 1]
        if c == "[" and kind and kind in ":.=":
            end = pattern.find(kind + "]", i + 1)
            name = pattern[i + 1 : end]
            if end < 0 or (kind == ":" and name not in _SETS) or (kind != ":" and len(name) != 1):
                raise _bad("invalid bracket expression")
            i = end + 2
            if kind == ":":
                pairs.extend(_SETS[name])
                continue
            c = name
        high = c
        if pattern[i : i + 1] == "-" and pattern[i + 1 : i + 2] not in ("]", ""):
            high = pattern[i + 1]
            i += 2
            if high == "[" and pattern[i : i + 1] in (".", "="):
                high = pattern[i + 1]
                i += 4
            if high < c:
                raise _bad("invalid range end")
        if ord(high) < 128:
            pairs.append(c + high)
        elif high == c:
            wide.append(c)
        else:
            if ord(c) < 128:
                pairs.append(c + "\x7f")
            wide.append(max(c, "\x80") + high)
    if fold:
        for pair in list(pairs):
            low, high = max(pair[0], "A"), min(pair[1], "Z")
            if low <= high:
                pairs.append((low + high).lower())
        wide = [folded(c) for c in wide]
    return i, (negated, pairs, wide)


def folded(text):
    """text (str or bytes) in small letters."""
    from text.case import lower  # late: most patterns are exact

    return lower(text)


def literal(tokens):
    """Return (the longest text that every match contains, True if the pattern is only that text)."""
    best = ""
    text = ""
    depth = 0
    plain = True
    for kind, value, least, most in tokens:
        if not depth and kind == "c" and least == 1:
            text += value
            if most == 1:
                continue
        plain = False
        if len(text) > len(best):
            best = text
        text = ""
        depth += (kind == "(") - (kind == ")")
    if len(text) > len(best):
        best = text
    return best, plain


def gaps(tokens):
    """Return (texts, anchored at start, anchored at end) if the pattern is texts with .* in between, else None."""
    texts = [""]
    begin = end = False
    for i, (kind, value, least, most) in enumerate(tokens):
        if kind == "c" and least == most == 1:
            texts[-1] += value
        elif kind == "." and not least and most is None:
            texts.append("")
        elif kind == "^" and not i:
            begin = True
        elif kind == "$" and i == len(tokens) - 1:
            end = True
        else:
            return None
    return texts, begin, end


# --- for re


def quote(data):
    """Return a pattern that matches data literally."""
    for c in b"\\.[]^$*+?()|":
        if c in data:
            break
    else:
        return data
    return b"".join([b"\\" + bytes((c,)) if c in b"\\.[]^$*+?()|" else bytes((c,)) for c in data])


def translate(tokens, wide):
    """Translate tokens to a pattern of re; wide: the line has characters beyond ASCII."""
    outer = []
    out = []
    for kind, value, least, most in tokens:
        if kind == "(":
            outer.append(out)
            out = []
            continue
        single = True  # a following * would repeat all of it
        if kind == "c":
            data = value.encode()
            single = len(data) == 1
            data = quote(data)
        elif kind == ".":
            data, single = (b"[\x01-\x7f]|" + _WIDE, False) if wide else (b".", True)
        elif kind == "[":
            data, single = _translate_set(value, wide)
        elif kind == ")":
            data, single = b"".join(out), False
            out = outer.pop()
        elif kind in "|^$w":
            data = value.encode() or kind.encode()
        else:
            raise ValueError  # only regex.engine supports the others
        if not single and (kind != "c" or (least, most) != (1, 1)):
            data = b"(?:" + data + b")"
        out.append(_repeat(data, least, most))
    return b"".join(out)


def _repeat(data, least, most):
    if most is None:
        return data * (least - 1) + data + b"+" if least else data + b"*"
    return data * least + (data + b"?") * (most - least)


def _translate_set(value, wide):
    negated, pairs, chars = value
    if chars and (negated and wide or max(map(len, chars)) > 1):
        raise ValueError  # only regex.engine finds one of many characters beyond ASCII
    data = b"[^" if negated else b"["
    for pair in pairs:
        low, high = pair.encode()
        if low != high and high == 93:  # re ends the set at "-]"
            data += b"\\]"
            high = 92
        low = bytes((low,))
        if low in b"\\]^-":
            low = b"\\" + low
        data += low if low[-1] == high else low + b"-" + bytes((high,))
    if negated:
        if wide:
            return data + b"\x80-\xff]|" + _WIDE, False
        return data + b"]", True
    parts = [data + b"]"] if pairs else []
    parts.extend([c.encode() for c in chars])
    return b"|".join(parts), not chars
