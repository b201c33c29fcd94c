# The least that can move a file between a socket and the flash: what FTP is compared with.
#
# usage: bare_socket get|put PORT PATH BUFFER     serves one connection, and blocks the board meanwhile

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
    if kind == "get":
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
