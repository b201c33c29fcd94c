# wget - download files
# usage: wget [-cqv] [-O FILE | -P DIR] [-T SECONDS] [--no-check-certificate] URL...
#
# The file gets the name of the last part of the URL when it is complete; an interrupted download leaves an existing file
# unchanged.
#   -O FILE  its name; - is standard output    -P DIR  target directory        -q  only errors
#   -c  keep the part of an interrupted download (FILE.part), and resume it
#   -T SECONDS  timeout for a silent server (30)    -v  print the response headers
#   --no-check-certificate (or --insecure)  accept any certificate, without a warning
# Certificates are verified if /etc/ca.pem or /etc/ca.der has the authority. See docs/network.md
# The status is 1 if a download has failed.

from base.errors import Failure, Usage
from base.paths import join
from net.http import Request
from net.url import Url
from program import complain, options, status

proc = None

LONG = ("no-check-certificate", "insecure", ("quiet", "q"), ("continue", "c"), ("output-document", "O"))


async def __main__(args):
    opts, urls = options(args, "cqvO:P:T:", LONG)
    if not urls:
        raise Usage("missing operand")
    if opts["O"] and (opts["P"] or len(urls) > 1):
        raise Usage("-O is for one URL, and without -P")
    silence = opts.number("T", 30) * 1000
    for url in urls:
        try:
            await fetch(url, opts, silence)
        except (Failure, OSError) as e:
            complain(url, e)
    return status()


async def fetch(url, opts, silence):
    """Fetch one URL."""
    from net import download  # late: a usage error needs none

    name = opts["O"] or join(opts["P"] or ".", Url(url).name)
    request = Request()
    request.insecure = opts["insecure"] or opts["no-check-certificate"]
    request.idle_ms = silence
    request.on_unverified = warn
    if opts["v"]:
        request.on_answer = show
    if name == "-":
        response = await answer(request, url)
        try:
            await download.stream(response, proc.stdout)
        finally:
            await response.close()
        return
    bar = None if opts["q"] else download.Progress(proc, name)
    await download.file(request, url, name, opts["c"], bar)


async def answer(request, url):
    from net import download  # late: a usage error needs none

    return download.good(await request.follow(url))


def warn(host):
    from net import tls  # late: only to warn

    tls.warn(proc, host)


def show(response):
    proc.stderr.write(f"{response.version} {response.status} {response.reason}\n")
    for name, value in response.headers:
        proc.stderr.write(f"  {name}: {value}\n")
