# curl - talk to web servers
# usage: curl [-fiIkLsSv] [-X METHOD] [-H HEADER] [-d DATA] [-F NAME=VALUE] [-A AGENT] [-u USER:PASSWORD]
#             [-m SECONDS] [--connect-timeout SECONDS] [--cacert FILE] [-O | -o FILE] URL...
#
#   -X METHOD  instead of GET, or of POST if there is data       -H HEADER  "Name: value"; "Name:" omits it
#   -d DATA  send it (@FILE: from a file, @- standard input); several are joined with &
#   --json DATA  the same as JSON       -F NAME=VALUE  send a form's field; NAME=@FILE a file
#   -o FILE  write the response there   -O  write it to the file name in the URL     -i  with the headers
#   -I  request the headers only        -L  follow redirects     -f  fail silently on server errors
#   -u USER:PASSWORD  basic authentication       -A AGENT  the user agent            -s  no warnings, no errors
#   -S  errors in spite of -s           -k  accept any certificate                   -v  show the headers on stderr
#   -m SECONDS  for the whole transfer  --connect-timeout SECONDS (15)               --cacert FILE  trusted authority
# The status is that of curl: 1, 22 for -f, 28 for a timeout, 47 for too many redirects, else 2.
# Certificates are verified if /etc/ca.pem or /etc/ca.der has the authority. See docs/network.md

from base.errors import Failure, Usage
from net.http import REDIRECTS_MAX, Request
from net.sockets import within
from net.url import Url
from program import complain, options, status

proc = None

LETTERS = "X:H:d:F:A:u:m:o:OiILsSfkv"
LONG = (
    ("request", "X"),
    ("header", "H"),
    ("data", "d"),
    ("form", "F"),
    ("user-agent", "A"),
    ("user", "u"),
    ("max-time", "m"),
    "cacert:",
    "connect-timeout:",
    "json:",
    ("output", "o"),
    ("include", "i"),
    ("head", "I"),
    ("location", "L"),
    ("silent", "s"),
    ("fail", "f"),
    ("insecure", "k"),
    ("verbose", "v"),
)


async def __main__(args):
    opts, urls = options(args, LETTERS, LONG)
    if not urls:
        raise Usage("missing operand")
    if opts["o"] and (opts["O"] or len(urls) > 1):
        raise Usage("-o cannot be used with -O or several URLs")
    failed = 0
    for url in urls:
        limit = opts.number("m", 0) * 1000 or None
        try:
            await within(talk(url, opts), limit)
        except (Failure, OSError) as e:
            failed = 28 if isinstance(e, OSError) and e.args[0] == 110 else getattr(e, "status", 2)
            if not opts["s"] or opts["S"]:
                complain(url, e)
    return failed or status()


async def talk(url, opts):
    """Send one request and handle the response."""
    request = await prepare(opts)
    response = await (request.follow(url, REDIRECTS_MAX) if opts["L"] else request.open(url))
    try:
        if opts["f"] and response.status >= 400:
            raise Failure(url, f"server returned {response.status} {response.reason}", 22)
        name = Url(url).name if opts["O"] else opts["o"]
        if name and name != "-":
            from base.files import Replacement  # late: only for -o

            with Replacement(name) as file:
                await copy(response, file, opts)
        else:
            await copy(response, proc.stdout, opts)
    finally:
        await response.close()


async def copy(response, out, opts):
    """Write the headers, if wanted, and the body."""
    from net.download import stream  # late: with the first body

    if opts["i"] or opts["I"]:
        lines = [f"{response.version} {response.status} {response.reason}"]
        lines.extend([f"{name}: {value}" for name, value in response.headers])
        out.write("\r\n".join(lines) + "\r\n\r\n")
    await stream(response, out)


async def prepare(opts):
    """Return the Request that the options describe."""
    request = Request()
    request.agent = opts["A"] or request.agent
    request.insecure = opts["k"]
    request.ca = opts["cacert"]
    request.connect_ms = opts.number("connect-timeout", 15) * 1000
    if opts["u"]:
        request.user, _, request.password = opts["u"].partition(":")
    if not opts["s"]:
        request.on_unverified = warn
    if opts["v"]:
        request.on_request = lambda lines: note("> ", lines)
        request.on_answer = answered
    kind = await write_body(request, opts)
    request.method = opts["X"] or ("HEAD" if opts["I"] else "POST" if request.body else "GET")
    for line in opts.all("H"):
        if ":" not in line or "\n" in line or "\r" in line:
            raise Usage("not a header", line)
        request.headers.append(line)
    if kind and not any(line.lower().startswith("content-type:") for line in request.headers):
        request.headers.append("Content-Type: " + kind)
    return request


async def write_body(request, opts):
    """Set the body of a request; return the type of the body."""
    if "F" in opts:
        from net.body import form  # late: only for -F

        request.body, kind = form(opts.all("F"))
        return kind
    letter = "json" if "json" in opts else "d"
    if letter not in opts:
        return None
    from net.body import Data, File, Several  # late: only for -d

    parts = []
    for value in opts.all(letter):
        if parts and letter == "d":
            parts.append(Data(b"&"))
        if value == "@-":
            data = []
            while piece := await proc.stdin.read():
                data.append(piece)
            parts.append(Data(b"".join(data)))
        else:
            parts.append(File(value[1:]) if value[:1] == "@" else Data(value.encode()))
    request.body = Several(parts)
    return "application/json" if letter == "json" else "application/x-www-form-urlencoded"


def warn(host):
    from net import tls  # late: only to warn

    tls.warn(proc, host)


def note(mark, lines):
    for line in lines:
        secret = line.lower().startswith("authorization:")
        proc.stderr.write(mark + (line.partition(":")[0] + ": ..." if secret else line) + "\n")


def answered(response):
    note("< ", [f"{response.version} {response.status} {response.reason}"])
    note("< ", [f"{name}: {value}" for name, value in response.headers])
