"""A web server that serves releases as GitHub does: each file is a redirect to another address with a long query."""

import functools
import http.server
import threading

from release import serve

STORE = "/store/"
QUERY = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%s&X-Amz-Signature=%s" % ("c" * 120, "5" * 64)


class Handler(serve.Handler):
    """Redirects, and what they lead to, with ranges."""

    quiet = True

    def do_GET(self):  # noqa: N802 (the name that http.server calls)
        """Send the address of a file, or the file itself."""
        path, _, query = self.path.partition("?")
        if path.startswith(STORE) and query:
            self.path = path[len(STORE) - 1 :]
            super().do_GET()
            return
        self.send_response(302)
        self.send_header("Location", STORE + path[1:] + QUERY)
        self.send_header("Content-Length", "0")
        self.end_headers()


class Hub:
    """Such a server for a directory; url is where it begins."""

    def __init__(self, directory):
        handler = functools.partial(Handler, directory=str(directory))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.url = "http://127.0.0.1:%d/" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        """Serve no more."""
        self.server.shutdown()
        self.server.server_close()
