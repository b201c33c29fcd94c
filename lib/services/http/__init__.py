# httpd: the web desktop, the files of the board and its JSON API, on microdot.
#
# In system.conf: "httpd": {"port": 80, "clients": 16, "hosts": [], "origins": []}; hosts are more names by which the
# board may be called, origins the web pages of others that may use /fs/ and /cp/ with a password. With "certificate"
# and "key", files in DER, it is HTTPS on port 443.

NAME = "httpd"


def begin():
    """Start the service; Failure or OSError where it cannot be."""
    from services.http import start  # late: each client has this module, and nothing of that one

    return start.begin(NAME)
