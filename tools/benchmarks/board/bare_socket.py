# The least code that moves a file between a socket and the flash: the reference for FTP.
#
# usage: bare_socket get|ask|put PORT PATH BUFFER     serves one connection, and blocks the board meanwhile
#
# ask is get after a byte from the client, as HTTP begins with a request: so the clock runs before the first byte.

import socket


def __main__(args):
    kind, port, path, size = args
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(socket.getaddrinfo("0.0.0.0", int(port))[0][-1])
    listener.listen(1)
    client, _ = listener.accept()
    buffer = bytearray(int(size))
    view = memoryview(buffer)
    if kind == "ask":
        client.read(1)
    if kind != "put":
        with open(path, "rb") as file:
            while n := file.readinto(buffer):
                client.write(view[:n])
    else:
        with open(path, "wb") as file:
            while n := client.readinto(buffer):
                file.write(view[:n])
        client.write(b"k")
    client.close()
    listener.close()
