# Imports, and names of hosts, of a system that runs in a thread with a board's small stack.
#
# The host build keeps a path buffer of 4096 bytes on the C stack for each import that is under way (PATH_MAX of
# ports/unix), where a board keeps 128 or less. With a stack of the size that gives a board's number of Python
# frames, two imports inside each other would end it. So the main thread, which only waits, does the importing. It also
# asks this computer's resolver, which takes more than such a stack where the name is none that it knows.

import _thread
import builtins
import sys

import sim_from

_import = builtins.__import__
_modules = sys.modules


class Importer:
    """Imports and looks up names for another thread, one at a time."""

    def __init__(self):
        self.main = _thread.get_ident()
        self.asked = _thread.allocate_lock()
        self.answered = _thread.allocate_lock()
        self.turn = _thread.allocate_lock()
        self.asked.acquire()
        self.answered.acquire()
        self.request = self.value = self.error = None
        builtins.__import__ = self.load
        _look_up_names(self)

    def load(self, name, space=None, local=None, fromlist=None, level=0):
        """What the import statement calls."""
        if level == 0 and name in _modules:
            module = _modules.get(name if fromlist else name.split(".", 1)[0])
            if module is None:  # entered before there was no memory for it: it has no value, and to use that is a crash
                _modules.pop(name, None)
                raise MemoryError
            if fromlist and name == "machine":
                sim_from.check(module, fromlist)
            return module
        module = self.call(_import, (name, space, local, fromlist, level))
        if fromlist and name == "machine":
            sim_from.check(module, fromlist)
        return module

    def call(self, function, args):
        """function(*args) in the main thread."""
        if _thread.get_ident() == self.main:
            return function(*args)
        with self.turn:  # programs in threads import, too
            self.request = (function, args)
            self.asked.release()
            self.answered.acquire()
            value, error = self.value, self.error
            self.value = self.error = None
        if error:
            raise error
        return value

    def leave(self):
        """The other thread ends, and needs no more imports."""
        self.request = None
        self.asked.release()

    def serve(self):
        """The main thread's work, until the other one leaves; mostly for ever, since that ends the simulation."""
        while True:
            try:
                self.asked.acquire()
            except KeyboardInterrupt:
                continue
            if self.request is None:
                return
            try:
                function, args = self.request
                self.value = function(*args)
            except BaseException as e:
                self.error = e
            self.request = None
            function = args = None  # among them the globals of the module that imports, which may be unloaded meanwhile
            self.answered.release()


def _look_up_names(importer):
    """Put a socket module in place whose getaddrinfo() is called in the main thread."""
    import socket

    class Module:
        pass

    real = socket.getaddrinfo
    module = Module()
    for name in dir(socket):
        setattr(module, name, getattr(socket, name))
    module.getaddrinfo = lambda *args: importer.call(real, args)
    _modules["socket"] = module
