# Syntax colours for Python and the shell: a number for each byte of a line. For constructs of several lines (long strings,
# here-documents) a state is passed from line to line: b"" or the terminator.

from edit.screen import COMMENT, KEYWORD, NAME, NUMBER, STRING

_PYTHON = (
    b" False None True and as assert async await break class continue def del elif else except finally for from global if "
    b"import in is lambda nonlocal not or pass raise return try while with yield match case "
)
_SHELL = (
    b" if then elif else fi for in do done while until case esac function return break continue exit export local set unset "
    b"shift read eval exec trap wait source alias readonly goto skip run "
)
_BUILTIN = b" print len range int str bytes list dict set tuple open self super isinstance sorted sum min max proc "


def end_state(kind, line, state):
    """Return the state after a line."""
    if kind == "py":
        if b'"""' not in line and b"'''" not in line:
            return state
    elif state[:2] == b"<<":
        return b"" if (line.lstrip(b"\t") if state[2:3] == b"-" else line) == state[3:] else state
    elif b"'" not in line and b'"' not in line and b"<<" not in line:
        return state
    return paint(kind, line, state)[1]


def paint(kind, line, state):
    """Return (colours of a line, the state after it)."""
    n = len(line)
    out = bytearray(n)
    if state[:2] == b"<<":
        return bytearray(bytes((STRING,)) * n), end_state(kind, line, state)
    python = kind == "py"
    i = 0
    after = b""  # a here-document begins on the next line
    while i < n:
        start = i
        if state:
            i = _end(line, i, state, not python and state == b"'")
            _fill(out, start, i if i >= 0 else n, STRING)
            if i < 0:
                return out, state
            state = b""
            continue
        c = line[i]
        i += 1
        if c == 35:  # #
            if python or not start or line[start - 1] in b" \t;&|(":
                _fill(out, start, n, COMMENT)
                break
        elif c == 34 or c == 39 or (c == 96 and not python):
            state = line[start : start + 3]
            if not python or state not in (b'"""', b"'''"):
                state = line[start:i]
            i = start + len(state)
            _fill(out, start, i, STRING)
            if python and len(state) == 1:
                i = _end(line, i, state)
                i = i if i >= 0 else n
                state = b""
                _fill(out, start, i, STRING)
        elif c == 92 and not python:
            i += 1
        elif _is_word(c):
            while i < n and _is_word(line[i]):
                i += 1
            if c < 58:
                _fill(out, start, i, NUMBER)
                continue
            word = b" " + line[start:i] + b" "
            if word in (_PYTHON if python else _SHELL):
                if python or _begins(line, start):
                    _fill(out, start, i, KEYWORD)
            elif python and word in _BUILTIN and (not start or line[start - 1] != 46):
                _fill(out, start, i, NAME)
        elif c == 36 and not python:  # $
            i = _variable_end(line, i)
            _fill(out, start, i, NAME)
        elif c == 64 and python and not line[:start].strip():
            while i < n and (_is_word(line[i]) or line[i] == 46):
                i += 1
            _fill(out, start, i, NAME)
        elif c == 60 and not python and line[i : i + 1] == b"<" and line[i + 1 : i + 2] != b"<":
            i, after = _here_document(line, i + 1, after)
    return out, state or after


def _variable_end(line, i):
    """The index behind a variable, of which the $ is before i."""
    n = len(line)
    if i < n and line[i] == 123:
        return line.find(b"}", i) + 1 or n
    start = i
    while i < n and _is_word(line[i]):
        i += 1
    return i + 1 if i == start and i < n and line[i] in b"?!$#@*-" else i


def _here_document(line, i, before):
    """(index behind the word of a here-document, of which the << is before i; the state after the line)."""
    mark = b"<<-" if line[i : i + 1] == b"-" else b"<< "
    rest = line[i:].lstrip(b"- ")
    end = 0
    while end < len(rest) and rest[end] not in b" \t;|&<>":
        end += 1
    word = b"".join(rest[:end].split(b"\\")).strip(b"'\"")
    return (len(line) - len(rest) + end, mark + word) if word else (i, before)


def _fill(out, start, end, colour):
    for k in range(start, min(end, len(out))):
        out[k] = colour


def _end(line, i, mark, plain=False):
    """Return the end of the string that mark terminates, searched from i, or -1 if there is none. plain: without escapes."""
    while True:
        at = line.find(mark, i)
        if at < 0:
            return -1
        k = at
        while k > i and line[k - 1] == 92:
            k -= 1
        if plain or (at - k) % 2 == 0:
            return at + len(mark)
        i = at + 1


def _begins(line, start):
    """Return whether a shell command may begin here: first, or after ; & | ( and words like `then`."""
    before = line[:start].rstrip()
    return (
        not before
        or before[-1] in b";&|(){}"
        or before.split()[-1] in (b"then", b"do", b"else", b"in", b"!", b"if", b"while")
    )


def _is_word(c):
    return 97 <= c <= 122 or 65 <= c <= 90 or 48 <= c <= 57 or c == 95 or c > 127
