"""tools/diatom serve: a release for the boards of this network, over HTTP with ranges."""

import errno
import http.server
import os
import re
import sys

from release import announce
from remote.errors import RemoteError

PORT = 8070
RANGE = re.compile(r"bytes=(\d+)-(\d*)\Z")
PIECE = 65536


class Handler(http.server.SimpleHTTPRequestHandler):
    """Files of one directory; a range of a file if the client asks for one."""

    protocol_version = "HTTP/1.1"
    quiet = False

    def do_GET(self):  # noqa: N802 (the name that http.server calls)
        """Send a file, or the part of it that is asked for."""
        path = self.translate_path(self.path)
        wanted = RANGE.match(self.headers.get("Range", ""))
        if os.path.isdir(path) or not wanted:
            super().do_GET()
            return
        try:
            file = open(path, "rb")
        except OSError:
            self.send_error(404)
            return
        with file:
            size = os.fstat(file.fileno()).st_size
            first = int(wanted[1])
            last = min(int(wanted[2] or size - 1), size - 1)
            if first > last:
                self.send_response(416)
                self.send_header("Content-Range", "bytes */%d" % size)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self.send_response(206)
            self.send_header("Content-Type", self.guess_type(path))
            self.send_header("Content-Range", "bytes %d-%d/%d" % (first, last, size))
            self.send_header("Content-Length", str(last - first + 1))
            self.end_headers()
            file.seek(first)
            left = last - first + 1
            while left and (data := file.read(min(left, PIECE))):
                self.wfile.write(data)
                left -= len(data)

    def handle(self):
        """A client may disconnect at any time."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def log_message(self, format, *args):  # noqa: A002 (the name that http.server gives)
        """A line for each request."""
        if not self.quiet:
            sys.stderr.write("%s %s\n" % (self.address_string(), format % args))


def server(directory, address="", port=0, quiet=True):
    """A server for a directory, not yet started."""

    class Here(Handler):
        def __init__(self, *args):
            super().__init__(*args, directory=directory)

    Here.quiet = quiet
    return http.server.ThreadingHTTPServer((address, port), Here)


def arguments(parser, verb):
    """The words of the verb."""
    parser.add_argument("directory", metavar="DIR", help="what `diatom release` has made")
    parser.add_argument("--port", type=int, default=PORT, help="(default: %d)" % PORT)
    parser.add_argument("--address", default="", help="of this computer (default: all)")


def run(options, out):
    """Serve until Ctrl-C."""
    if not os.path.isdir(options.directory):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), options.directory)
    if not 0 <= options.port < 65536:
        raise RemoteError("serve: %d: this port is none" % options.port, 2)
    with server(options.directory, options.address, options.port, options.quiet) as http_server:
        port = http_server.server_address[1]
        with announce.announced(port) as heard:
            if heard:
                out.remark("On a board of this network: upgrade lan")
            out.remark("On the board: upgrade http://THIS-COMPUTER:%d/" % port)
            out.result({"directory": options.directory, "port": port, "announced": bool(heard)})
            http_server.serve_forever()
    return 0
