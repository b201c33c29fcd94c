# httpd: the web desktop, the files of the board and its JSON API.
#
# In system.conf: "httpd": {"port": 80, "clients": 16, "hosts": [], "origins": []}; hosts are further names of
# the board, origins the sites whose pages may use /fs/ and /cp/ with a password. With "certificate"
# and "key", files in DER, it is HTTPS on port 443.

NAME = "httpd"


def begin():
    """Start the service; Failure or OSError if it cannot start."""
    from services.http import start  # late: each client has this module, and nothing of that one

    return start.begin(NAME)
