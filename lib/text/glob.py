# File name patterns for programs: * ? [set] [!set] and \c, as in find -name and grep --include.


def fits(pattern, name, fold=False):
    """True where the whole of name fits pattern; with fold in upper or lower case (ASCII)."""
    if fold:
        pattern = pattern.lower()
        name = name.lower()
    p = i = 0
    star = -1  # the last * seen, and how far it reaches in name
    reach = 0
    while i < len(name):
        if p < len(pattern) and pattern[p] == "*":
            star = p
            reach = i
            p += 1
            continue
        behind = _one(pattern, p, name[i]) if p < len(pattern) else 0
        if behind:
            p = behind
            i += 1
        elif star >= 0:
            reach += 1
            p = star + 1
            i = reach
        else:
            return False
    return not pattern[p:].strip("*")


def _one(pattern, p, c):
    """The index behind the part of pattern at p that fits the character c; 0 where it does not."""
    kind = pattern[p]
    if kind == "?":
        return p + 1
    if kind == "\\" and p + 1 < len(pattern):
        return p + 2 if pattern[p + 1] == c else 0
    if kind == "[":
        end = pattern.find("]", p + 3 if pattern[p + 1 : p + 2] in ("!", "^") else p + 2)
        if end > 0:
            p += 1
            negated = pattern[p] in "!^"
            if negated:
                p += 1
            found = False
            while p < end:
                low = high = pattern[p]
                if p + 2 < end and pattern[p + 1] == "-":
                    high = pattern[p + 2]
                    p += 2
                found = found or low <= c <= high
                p += 1
            return 0 if found == negated else end + 1
    return p + 1 if kind == c else 0
