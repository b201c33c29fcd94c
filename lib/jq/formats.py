# jq's dates and @formats. Filters without them save 9 kB by not loading this.
#
# A date is seconds since 1970, or [year, month from 0, day, hours, minutes, seconds, weekday, day of the year].

import time
from binascii import a2b_base64, b2a_base64

from micropython import const

from base import dates
from jq.json import tostring
from jq.values import Error, kind, need, whole
from process import cpu

_MOST = const(100_000_000_000)  # seconds, some 3,000 years


def now(value):
    return time.time() - dates.from_unix(0)


def integer(value):
    """Return a number of a date without its fraction; Error if no calendar has it."""
    if not abs(need(value, "number")) < _MOST:
        raise Error("date out of range")
    return int(value // 1)


def broken(value, zone=""):
    """Return the broken-down time of seconds since 1970."""
    when = dates.from_unix(integer(value))
    moment = time.gmtime(when + (dates.offset(zone, when) if zone else 0))
    second = moment[5] + (value % 1 if isinstance(value, float) else 0)
    return [moment[0], moment[1] - 1, moment[2], moment[3], moment[4], second, (moment[6] + 1) % 7, moment[7] - 1]


def mktime(value):
    if kind(value) != "array" or len(value) < 6 or any(kind(item) != "number" for item in value):
        raise Error("mktime requires array of 6 numbers")
    year, month, day, hour, minute, second = [integer(item) for item in value[:6]]
    return dates.seconds(year, month + 1, day, hour, minute, second) - dates.from_unix(0)


def shown(value, form, zone=""):
    if isinstance(value, list):
        value = mktime(value)
    return dates.strftime(need(form, "string"), dates.from_unix(integer(value)), zone)


def read(value, form):
    from base.parse_date import by_form  # late: only for strptime

    try:
        return broken(by_form(need(value, "string"), need(form, "string"), "") - dates.from_unix(0))
    except (ValueError, OverflowError):
        raise Error(f'date "{value}" does not match format "{form}"')


def zone():
    return cpu.current.getenv("TZ") or ""


# --- formats


_HTML = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;"), ('"', "&quot;"))


def formatted(form, value):
    """Return value as @csv @tsv @html @uri @sh @base64 @base64d @base32 or @base32d."""
    if form in ("@csv", "@tsv"):
        cell = csv if form == "@csv" else tsv
        return ("," if form == "@csv" else "\t").join([cell(item) for item in need(value, "array")])
    if form == "@sh":
        return " ".join([sh(item) for item in (value if isinstance(value, list) else [value])])
    data = tostring(value)
    if form == "@html":
        for char, name in _HTML:
            data = data.replace(char, name)
        return data
    if form == "@uri":
        safe = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
        return "".join([chr(c) if c in safe else f"%{c:02X}" for c in data.encode()])
    if form in ("@base64", "@base64d"):
        if form == "@base64d":
            data = data.rstrip("=")
            data += "=" * (-len(data) % 4)

        try:
            return (b2a_base64(data.encode())[:-1] if form == "@base64" else a2b_base64(data)).decode()
        except (ValueError, UnicodeError):
            raise Error("not base64: " + data)
    if form in ("@base32", "@base32d"):
        return base32(data) if form == "@base32" else unbase32(data)
    raise Error(form[1:] + " is not a valid format")


def csv(item):
    if isinstance(item, str):
        return '"' + item.replace('"', '""') + '"'
    return tsv(item)


def tsv(item):
    if isinstance(item, str):
        for char, name in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
            item = item.replace(char, name)
        return item
    if kind(item) in ("array", "object"):
        raise Error(f"{kind(item)} cannot be a cell")
    return "" if item is None else tostring(item)


def sh(item):
    if kind(item) in ("array", "object"):
        raise Error(f"{kind(item)} cannot be a word")
    return "'" + item.replace("'", "'\\''") + "'" if isinstance(item, str) else tostring(item)


_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def base32(text):
    data = text.encode()
    bits = 0
    for byte in data:
        bits = bits << 8 | byte
    count = (len(data) * 8 + 4) // 5
    bits <<= count * 5 - len(data) * 8
    digits = "".join([_BASE32[bits >> 5 * (count - 1 - i) & 31] for i in range(count)])
    return digits + "=" * (-count % 8)


def unbase32(text):
    bits = 0
    digits = text.rstrip("=")
    for c in digits:
        value = _BASE32.find(c)
        if value < 0:
            raise Error("not base32: " + text)
        bits = bits << 5 | value
    size = len(digits) * 5 // 8
    try:
        return (bits >> len(digits) * 5 - size * 8).to_bytes(size, "big").decode()
    except UnicodeError:
        raise Error("not base32: " + text)


SIMPLE = {
    ("now", 0): now,
    ("gmtime", 0): broken,
    ("localtime", 0): lambda value: broken(value, zone()),
    ("mktime", 0): lambda value: whole(mktime(value)),
    ("strftime", 1): shown,
    ("strflocaltime", 1): lambda value, form: shown(value, form, zone()),
    ("strptime", 1): read,
}
