# What a board may be called in its network (RFC 952, 1123), for those who give it a name.

_NAME_MAX = 32  # what the module network takes


def fault(name):
    """What is wrong with a name for this board, or None."""
    good = 0 < len(name) <= _NAME_MAX and name[0] != "-" and name[-1] != "-"
    if good and all("a" <= c.lower() <= "z" or "0" <= c <= "9" or c == "-" for c in name):
        return None
    return f"a name has 1 to {_NAME_MAX} letters, digits and - inside"
