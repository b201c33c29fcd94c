# The least code that downloads a file from a server to the flash: the reference for wget.
#
# usage: bare_fetch PORT PATH BUFFER     blocks the board meanwhile

import socket


def __main__(args):
    port, path, size = args
    sock = socket.socket()
    sock.connect(socket.getaddrinfo("127.0.0.1", int(port))[0][-1])
    sock.write(b"GET / HTTP/1.0\r\n\r\n")
    while sock.readline() != b"\r\n":
        pass
    buffer = bytearray(int(size))
    view = memoryview(buffer)
    with open(path, "wb") as file:
        while n := sock.readinto(buffer):
            file.write(view[:n])
    sock.close()
