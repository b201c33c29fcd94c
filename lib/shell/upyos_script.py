# Whether a script is written in upyOS's dialect. Loaded with the first `command > name` of a script.

import re

from micropython import const

_LINE_MAX = const(256)  # bytes of a line that are looked at

# No repetition of groups: it takes a C stack frame for each character.
_LABEL = re.compile(r"^:[A-Za-z_0-9]+[ \t]*(#|$)")
_COMPARE = re.compile(r"^if[ \t]+[^ \t]+[ \t]+(==|!=|<=|>=|<|>|in)[ \t]+[^ \t]+[ \t]+[^ \t]")
_GOTO = re.compile(r"(^|[ \t])goto[ \t]+[A-Za-z_0-9]+[ \t]*(#|$)")
_TYPED = re.compile(r"^export[ \t]+[A-Za-z_][A-Za-z_0-9]*[ \t]+(=[ \t]|[0-9\"']|-[ifsb]|.*[ \t]-[ifsb])")


def is_dialect(file):
    """True if a line of the script is of a form that only upyOS has; its position is left as it was.

    Those are `:label`, `goto label`, `if A op B command`, typed exports (`export n 5`, `export n = v`, `export n v -i`), and
    a comment that begins with #upyos.
    """
    place = file.tell()
    try:
        file.seek(0)
        while line := file.readline(_LINE_MAX):
            if is_of_dialect(line):
                return True
        return False
    except UnicodeError:
        return False
    finally:
        file.seek(place)


def is_of_dialect(line):
    line = line.decode().strip()
    if line[:1] == "#":
        return line[:6].lower() == "#upyos"
    if line[:3] == "if ":
        return bool(_COMPARE.match(line)) and "then" not in line and ";" not in line
    return bool(_LABEL.match(line) or _GOTO.search(line) or _TYPED.match(line))
