# PS1 and PS2 with the escapes of bash; what is no escape is expanded as in double quotes. Loaded by a prompt that has
# escapes or expansions, and kept: it is needed again for the next line.

from base.errors import reason
from shell import expand


def text(shell, form):
    """The text of a prompt: a str, or a generator for execute.run() where something has to run for it."""
    pieces = [""]  # every other one stands for itself, the rest is expanded
    i = 0
    n = len(form)
    while i < n:
        c = form[i]
        i += 1
        if c != "\\" or i == n:
            pieces[-1] += c
            continue
        c = form[i]
        i += 1
        if "0" <= c <= "7":
            digits = c
            while len(digits) < 3 and "0" <= form[i : i + 1] <= "7" and i < n:
                digits += form[i]
                i += 1
            value = chr(int(digits, 8))
        elif c == "D" and form[i : i + 1] == "{":
            end = form.find("}", i)
            end = end if end > 0 else n
            value = when(shell, form[i + 1 : end] or "%X")
            i = end + 1
        else:
            value = escape(shell, c)
        pieces.append(value)
        pieces.append("")
    for piece in pieces[::2]:
        if "$" in piece or "`" in piece:
            return expanded(shell, pieces)
    return "".join(pieces)


def expanded(shell, pieces):
    from shell.substitution import parse_text  # late: only with a $ in PS1

    status = shell.status
    try:
        for i in range(0, len(pieces), 2):
            if "$" in pieces[i] or "`" in pieces[i]:
                try:
                    pieces[i] = yield expand.slow_single(shell, parse_text(pieces[i], 1))
                except Exception as e:  # a prompt there must be
                    pieces[i] = f"({reason(e)})"
        return "".join(pieces)
    finally:
        shell.status = status


_PLAIN = {
    "n": "\n",
    "r": "\r",
    "a": "\x07",
    "e": "\x1b",
    "[": "\x01",  # from here on the text takes no room; shell.view knows these two
    "]": "\x02",
    "\\": "\\",
    "s": "sh",
}
_TIMES = {"t": "%H:%M:%S", "T": "%I:%M:%S", "@": "%I:%M %p", "A": "%H:%M", "d": "%a %b %d"}


def escape(shell, c):
    """What backslash and c stand for."""
    if c in _PLAIN:
        return _PLAIN[c]
    if c in _TIMES:
        return when(shell, _TIMES[c])
    if c == "w" or c == "W":
        return directory(shell, c == "W")
    if c == "u":
        return user(shell)
    if c == "$":
        return "#" if user(shell) == "root" else "$"
    if c == "h" or c == "H":
        from base.config import hostname  # late: only for \h

        name = hostname()
        return name.split(".")[0] if c == "h" else name
    if c == "?":
        return str(shell.status)
    if c == "j":
        return str(len(shell.jobs.list) if shell.jobs else 0)
    if c == "l":
        return shell.process.session.name
    if c == "v" or c == "V":
        from base import VERSION  # late: only for \v

        return VERSION
    return "\\" + c


def user(shell):
    return str(shell.process.env.get("USER") or shell.process.session.user)


def directory(shell, last):
    """The working directory with ~ for the home directory; or only the last part of it."""
    cwd = shell.process.cwd
    home = str(shell.lookup("HOME") or "")
    if len(home) > 1 and (cwd == home or cwd.startswith(home + "/")):
        cwd = "~" + cwd[len(home) :]
    if last:
        return cwd.rsplit("/", 1)[-1] or "/"
    return cwd


def when(shell, form):
    from base import clock, dates  # late: only for times

    return dates.strftime(form, clock.now(), str(shell.lookup("TZ") or ""))
