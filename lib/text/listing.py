# Lines of details about files, and the orders that need details: for ls. A plain `ls` does without this, and needs 8 kB
# less heap in the simulator.

from array import array
from time import gmtime, time

from micropython import const

from base import attributes
from base.paths import DIRECTORY, join
from base.units import human
from process import cpu
from program import complain
from text.modes import shown

RECENT = const(15552000)  # seconds for which the time of day is shown, then the year
MANY = const(32)  # lines at a time

_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"


def by(names, folders, path, opts):
    """Names that are sorted, by time (-t) or size (-S) instead, and directories first."""
    backwards = "r" in opts
    order = []
    for i, name in enumerate(names):
        first = "group-directories-first" in opts and name not in folders
        value = 0
        if "t" in opts or "S" in opts:
            st = _stat(path, name)
            value = -st[8] if "t" in opts else -_size(st)
            if backwards:
                value = -value
        elif "X" in opts:
            value = name[name.rfind(".") :] if "." in name[1:] else ""
        order.append((first, value, i))
    if "X" in opts and backwards:  # the names are, already
        order = [(not first, value, -i) for first, value, i in order]
        order.sort(reverse=True)
    else:
        order.sort()
    return [names[abs(i)] for _, _, i in order]


def _stat(path, name):
    """The state of an entry; zeros where a damaged file system has none for it, which is reported."""
    name = join(path, name)
    try:
        return attributes.stat(name, cpu.current.cwd)
    except OSError as e:
        complain(name, e)
        return (0,) * 10


def details(names, folders, path, opts):
    """Yield the text that shows names in the directory path; path is "" for operands."""
    long = "l" in opts or "n" in opts or "g" in opts or "o" in opts or "full-time" in opts
    upyos = "upyos" in opts
    figure = human if "h" in opts else str
    modes, sizes, times, inodes = array("H"), array("L"), array("l"), array("L")
    width = 6 if upyos else 1
    for name in names:
        st = _stat(path, name)
        modes.append(st[0])
        sizes.append(_size(st))
        times.append(st[8])
        if "i" in opts:
            inodes.append(st[1])
        if not upyos or name not in folders:
            width = max(width, len(figure(sizes[-1])))
    total = sum([(size + 1023) // 1024 for size in sizes])
    wide = len(str((max(sizes) + 1023) // 1024)) if sizes else 1
    now = time()
    zone = cpu.current.getenv("TZ") or ""
    owner = _owner(opts)
    lines = []
    if path and (long or "s" in opts) and not upyos:
        lines.append(f"total {human(total * 1024) if 'h' in opts else total}\n")
    for i, name in enumerate(names):
        directory = name in folders
        line = "%10d " % inodes[i] if inodes else ""
        if "s" in opts:
            line += "%*d " % (wide, (sizes[i] + 1023) // 1024)
        if long:
            size = "-" if directory and upyos else figure(sizes[i])
            size = " " * (width - len(size)) + size
            if upyos:
                day = _full(times[i], zone) if "full-time" in opts else with_seconds(times[i], now, zone)
                line += f"{_attributes(name, path, directory)} {size} {day} "
            else:
                day = _full(times[i], zone) if "full-time" in opts else date(times[i], now, zone)
                line += f"{shown(modes[i])} 1 {owner}{size} {day} "
        mark = "/" if directory and ("F" in opts or "p" in opts) else ""
        if "F" in opts and not directory and modes[i] & 0o111:
            mark = "*"
        if "b" in opts or "q" in opts:
            from text.visible import safe  # late: only for -b and -q

            name = safe(name, "b" in opts)
        lines.append(f"{line}{name}{mark}\n")
        if len(lines) >= MANY:
            yield "".join(lines)
            lines.clear()
    if long and path and upyos and "k" not in opts:
        lines.append(f"Total {path}: {figure(sum(sizes))}{'' if 'h' in opts else ' bytes'}\n")
    yield "".join(lines)


def _size(st):
    return 0 if st[0] & DIRECTORY else st[6]


def _owner(opts):
    """The columns of owner and group: all files are root's."""
    name = "0 " if "n" in opts else "root "
    return ("" if "g" in opts else name) + ("" if "o" in opts else name)


def _attributes(name, path, directory):
    """The four letters of upyOS."""
    from base import config  # late: only `ls --upyos` asks

    kept = not directory and config.protected(join(path, name), cpu.current.cwd)
    runs = not directory and name.endswith((".py", ".mpy", ".sh"))
    return ("d" if directory else " ") + ("r-" if kept else "rw") + ("x" if runs else "-")


def date(when, now, zone, form="%s %2d %02d:%02d", year="%s %2d  %4d"):
    """A time as `Nov 21 06:23`, as wide with the year when it is long ago or to come."""
    ahead = 0
    if zone:
        from base.dates import offset  # late: most clocks show UTC

        ahead = offset(zone, when)
    t = gmtime(when + ahead)
    month = _MONTHS[t[1] * 3 - 3 : t[1] * 3]
    if -60 <= now - when < RECENT:
        return form % (month, t[2], t[3], t[4], t[5])[: form.count("%")]
    return year % (month, t[2], t[0])


def with_seconds(when, now, zone):
    """A time as upyOS has it: `Nov 21 06:23:05`; blank where there is none."""
    return date(when, now, zone, "%s %2d %02d:%02d:%02d", "%s %2d %8d") if when else " " * 15


def _full(when, zone):
    from base.dates import strftime  # late: only for full times

    return strftime("%Y-%m-%d %H:%M:%S.000000000 %z", when, zone)
