"""Shared by the tests of the web desktop: a connection to the board that can be cut or held, and opening a view."""

import contextlib
import select
import socket
import threading


class Line:
    """A proxy between the browser and the board that can be cut, or held."""

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.pairs = []
        self.down = False
        self.flows = threading.Event()
        self.flows.set()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                near = self.listener.accept()[0]
                if self.down:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.target))
                self.pairs.append((near, far))
                threading.Thread(target=self.carry, args=(near, far), daemon=True).start()

    def carry(self, near, far):
        with contextlib.suppress(OSError, ValueError):
            while True:
                for sock in select.select([near, far], [], [])[0]:
                    data = sock.recv(65536)
                    self.flows.wait()
                    (far if sock is near else near).sendall(data)
                    if not data:
                        return near.close(), far.close()

    def cut(self):
        """Cut the network: nothing in transit arrives, and nobody answers."""
        self.down = True
        for pair in self.pairs:
            for sock in pair:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        self.pairs.clear()

    def mend(self):
        self.down = False

    def hold(self):
        """Carry nothing further until go_on(); connections stay."""
        self.flows.clear()

    def go_on(self):
        self.flows.set()


def view(page, name):
    page.value(f"location.hash = '#{name}'")
    page.wait(f"document.querySelector('#views a[aria-current]')?.hash === '#{name.split('/')[0]}'")
    page.wait("[...document.querySelectorAll('main > section')].some((s) => !s.hidden && s.childElementCount)")
