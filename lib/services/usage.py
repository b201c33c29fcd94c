# Who holds how much memory: an estimate for `free -v` and `ps -v`. It keeps nothing, so it costs nothing until it is used.
#
# MicroPython does not tell the size of an object. So the sizes of all objects that Python code can reach are added up from
# the layout of MicroPython's structures, each charged to the first owner that leads to it: sessions, services, programs,
# processes, then modules. Code that is not executed in place is taken for a part of its file. The figures below were
# fitted to 95 modules whose size was measured by loading them: the sum is within a tenth of what is in use.

import os
import sys

from micropython import const

from process import process as processes
from services import intern

_WORD = 8 if sys.maxsize > 1 << 32 else 4
_BLOCK = 4 * _WORD  # the heap is allocated in blocks of so many bytes

_OBJECTS_MAX = const(1500)  # objects that are looked at
_MODULE = const(6)  # words of a module besides its names and constants
_FUNCTION = const(4)  # words of a function besides its code
_CLASS = const(22)  # words of a class without its members
_COROUTINE = const(28)  # words of a coroutine; its variables cannot be seen
_OTHER = const(8)  # words of an object of the firmware
_TABLES = const(44)  # words of constants and names for each kilobyte of a compiled file,
_FEWER = const(33)  # and where short strings are names, as in what is never unloaded
_CODE = const(85)  # percent of a compiled file that is code
_SOURCE = const(30)  # percent of a source that it has when it is compiled
_NAME = const(10)  # bytes of the text of a name
_INTERNED = const(9)  # characters of a string that may be a name as well
_FIRST = const(20)  # names in the first of the tables, which double
_PLACES = (0, 1, 2, 4, 6, 8, 10, 12, 17, 23, 29, 37, 47, 59, 73, 97, 127, 167, 223, 293, 389)  # places in a dict

_SYSTEM = ("base", "kernel", "process", "packs", "main", "boot", "asyncio")  # modules and packages

_Module = type(sys)
_Function = type(lambda: 0)
_Coroutine = type((lambda: (yield))())


def table(count):
    """Words of a dict's table with so many entries."""
    for places in _PLACES:
        if places >= count:
            return 2 * places
    return 3 * count


def rounded(words):
    return (words * _WORD + _BLOCK - 1) // _BLOCK * _BLOCK


def is_mapped(path):
    """True where the file is in a memory from which it is executed."""
    return path.startswith("/rom/") and "packs" not in sys.modules


def code(path):
    """Bytes of the code and the constants of a module or program from the file at path."""
    try:
        size = os.stat(path)[6]
    except OSError:  # in the firmware
        return 0
    if path.endswith(".py"):
        size = size * _SOURCE // 100
    few = "/shell/" in path or "/process/" in path or "/base/" in path
    return size * (_FEWER if few else _TABLES) * _WORD // 1024 + (0 if is_mapped(path) else size * _CODE // 100)


class Sum:
    """The bytes of all that some roots lead to, without what another Sum with the same `seen` has counted."""

    def __init__(self, seen):
        self.seen = seen  # ids of objects
        self.todo = []
        self.bytes = 0
        self.text = 1  # 0: the text of strings is in a memory from which code is executed

    def add_space(self, space, owner, path):
        """Add the globals of a module or program with its code; its functions have `owner` for their globals."""
        if id(space) in self.seen:
            return
        self.seen.add(id(space))
        self.bytes += rounded(_MODULE) + code(path) + rounded(table(len(space)))
        self.members(space, space.get("__name__"), owner)
        self.text = 0 if is_mapped(path) else 1
        self.walk()
        self.text = 1

    def add_image(self, image, space):
        """Add the image of a program, whose globals are in `space`."""
        self.add_space(space, image.globals, image.path)
        self.add(image)

    def members(self, space, name, owner):
        """Add what the module of that name defines: functions, classes, and the values in its tables."""
        classes = [space]
        while classes:
            members = classes.pop()
            for key in members:
                value = members[key]
                if isinstance(value, _Function):
                    if getattr(value, "__globals__", None) is owner:
                        self.bytes += rounded(_FUNCTION)
                elif isinstance(value, type):
                    if getattr(value, "__module__", None) == name and id(value) not in self.seen:
                        self.seen.add(id(value))
                        classes.append(value.__dict__)
                        self.bytes += rounded(_CLASS) + rounded(table(len(classes[-1])))
                else:
                    self.todo.append(value)

    def add(self, value):
        """Add an object with all that it leads to."""
        self.todo.append(value)
        self.walk()

    def walk(self):
        todo = self.todo
        while todo:
            value = todo.pop()
            if value is None or isinstance(value, (int, type, _Module, _Function)):
                continue
            if isinstance(value, (str, bytes)):
                if len(value) > _INTERNED:
                    self.bytes += _BLOCK + rounded(len(value) // _WORD + 1) * self.text
            elif id(value) not in self.seen and len(self.seen) < _OBJECTS_MAX:
                self.seen.add(id(value))
                self.bytes += self.size(value)

    def size(self, value):
        """The bytes of an object; what it leads to is put on the list."""
        if isinstance(value, dict):
            for key in value:
                self.todo.append(key)
                self.todo.append(value[key])
            return _BLOCK + rounded(table(len(value)))
        if isinstance(value, (list, tuple, set)):
            self.todo.extend(value)
            return _BLOCK + rounded(len(value) * (2 if isinstance(value, set) else 1))
        if isinstance(value, bytearray):
            return _BLOCK + rounded(len(value) // _WORD + 1)
        if isinstance(value, _Coroutine):
            return rounded(_COROUTINE)
        members = getattr(value, "__dict__", None)
        if members is None:
            self.todo.append(getattr(value, "coro", None))  # of a task
            return rounded(_OTHER)
        for key in members:
            self.todo.append(members[key])
        return rounded(5) + rounded(table(len(members)))


def names():
    """Bytes of MicroPython's intern pool."""
    count = intern.count()
    places = _FIRST
    while places < count:
        places = places * 2 + _FIRST
    return places * (_WORD + 3) + count * (0 if is_mapped("/rom/") else _NAME)


class Report:
    """The holders, each with a Sum."""

    def __init__(self):
        self.rows = {}  # holder: (pid, Sum)
        self.seen = {id(globals()), id(processes.table), id(self)}  # what is only there for the report does not count

    def sum(self, holder, pid=1):
        """The Sum of a holder, which belongs to the process pid."""
        if holder not in self.rows:
            self.rows[holder] = pid, Sum(self.seen)
        return self.rows[holder][1]

    def add_processes(self):
        """Add sessions, services, and the other processes with their programs."""
        everybody = [processes.table[pid] for pid in sorted(processes.table)]
        self.seen.update([id(process) for process in everybody])  # sessions and jobs know them
        for process in everybody:
            session = process.session
            if session and session.leader:
                self.sum("session " + session.name, session.leader.process.pid).add(session)
        for process in everybody:
            self.seen.discard(id(process))
        for process in everybody:
            if getattr(process, "server", None):
                self.sum("service " + process.name, process.pid).add(process)
        for process in everybody:
            found = self.sum(f"process {process.pid} {process.name}", process.pid)
            for image in images("running"):
                if image.globals.get("proc") is process:
                    found.add_image(image, image.globals)
            found.add(process)

    def add_modules(self):
        """Add each module to its service, the shell, the libraries or the system."""
        for name in sorted(sys.modules):
            module = sys.modules[name]
            parts = name.split(".")
            service = len(parts) > 2 and f"service {parts[1]}d"
            if service in self.rows:
                holder = service
            else:
                holder = "system" if parts[0] in _SYSTEM else "shell" if parts[0] == "shell" else "libraries"
            path = getattr(module, "__file__", None)
            if path is None:
                self.sum(holder).add(module)  # of the firmware, which takes no heap, or an object in its place
            else:
                self.sum(holder).add_space(module.__dict__, module.__dict__, path)


def images(kind):
    """The images of programs that run ("running"), or are kept for the next run ("kept")."""
    load = sys.modules.get("process.load")
    return getattr(load, kind) if load else ()


def report(used):
    """Rows (holder, pid, bytes), the largest first, together at most `used`; pid 1 has what belongs to no other process."""
    found = Report()
    found.add_processes()
    for image in images("kept"):
        found.sum("programs kept").add_image(image, image.fresh)
    found.add_modules()
    found.sum("names").bytes = names()
    rows = [(holder, found.rows[holder][0], found.rows[holder][1].bytes) for holder in found.rows]
    share = min(1, used / sum([row[2] for row in rows]))  # an estimate may be too large
    rows = [(holder, pid, int(size * share)) for holder, pid, size in rows if size]
    return sorted(rows, key=lambda row: -row[2])
