# strerror(): the sentences of POSIX for the error numbers of MicroPython's file systems and sockets.
# Loaded when the first error is shown: before that, 2.2 kB less are in use in the simulator (ROMFS, as all such figures).

import errno

# By name, since the numbers differ between ports.
TEXT = {
    "EPERM": "Operation not permitted",
    "ENOENT": "No such file or directory",
    "EIO": "Input/output error",
    "EBADF": "Bad file descriptor",
    "EAGAIN": "Resource temporarily unavailable",
    "ENOMEM": "Cannot allocate memory",
    "EACCES": "Permission denied",
    "EEXIST": "File exists",
    "ENODEV": "No such device",
    "EISDIR": "Is a directory",
    "EINVAL": "Invalid argument",
    "EOPNOTSUPP": "Operation not supported",
    "EADDRINUSE": "Address already in use",
    "ECONNABORTED": "Connection aborted",
    "ECONNRESET": "Connection reset by peer",
    "ENOTCONN": "Not connected",
    "ETIMEDOUT": "Connection timed out",
    "ECONNREFUSED": "Connection refused",
    "EHOSTUNREACH": "No route to host",
}

# Numbers that littlefs and the network raise but the module errno does not name on every port.
MORE = {
    6: "No such device or address",
    17: "File exists",
    18: "Invalid cross-device link",
    20: "Not a directory",
    27: "File too large",
    28: "No space left on device",
    30: "Read-only file system",
    32: "Broken pipe",
    36: "File name too long",
    39: "Directory not empty",
    84: "Corrupted file system",
}


def strerror(number):
    """The sentence for an errno value, or its name where there is none."""
    name = errno.errorcode.get(number, "")
    return MORE.get(number) or TEXT.get(name) or name or f"error {number}"
