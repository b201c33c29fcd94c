# pushd, popd, dirs: the stack of directories; and CDPATH.

from base.errors import Failure, Usage
from base.paths import isdir, normal
from shell import builtins


def along(places, target, cwd):
    """The first of the places of CDPATH that has the directory target; None where that is none, or here."""
    for place in places.split(":"):
        path = normal(target, normal(place or ".", cwd))
        if isdir(path):
            return path if place and place != "." else None
    return None


def stack_of(shell):
    """The directories below the working directory."""
    return list((shell.kept or {}).get("DIRSTACK", ()))


def keep(shell, places):
    from shell import special  # late: with the first of them

    special.keep(shell, "DIRSTACK", places)


def place(word, size):
    """The index that +N or -N is among size directories; None for a path."""
    if word[:1] not in ("+", "-") or not word[1:].isdigit():
        return None
    at = int(word[1:])
    if at >= size:
        raise Failure(word, "directory stack index out of range")
    return at if word[0] == "+" else size - 1 - at


def change_to(shell, places, stay, quiet=False):
    """Make places the stack; the first is where the shell is, or goes to."""
    if not stay:
        builtins.b_cd(shell, [places[0]])
        places[0] = shell.process.cwd
    keep(shell, places[1:])
    if not quiet:
        show(shell, places)


def show(shell, places, long=False, end=" "):
    home = str(shell.lookup("HOME") or "")
    out = []
    for path in places:
        if home and not long and (path == home or path.startswith(home + "/")):
            path = "~" + path[len(home) :]
        out.append(path)
    shell.write(end.join(out) + "\n")


def b_pushd(shell, args):
    stay = args[:1] == ["-n"]
    args = args[stay:]
    if args[:1] == ["--"]:
        args = args[1:]
    if len(args) > 1:
        raise Usage("too many arguments")
    places = [shell.process.cwd] + stack_of(shell)
    if not args:
        if len(places) < 2:
            raise Failure("", "no other directory")
        places[:2] = [places[1], places[0]]
    else:
        at = place(args[0], len(places))
        if at is None:
            if stay:
                places.insert(1, args[0])
            else:
                places.insert(0, args[0])
        else:
            places = places[at:] + places[:at]
    change_to(shell, places, stay)
    return 0


def b_popd(shell, args):
    stay = args[:1] == ["-n"]
    args = args[stay:]
    places = [shell.process.cwd] + stack_of(shell)
    if len(places) < 2:
        raise Failure("", "directory stack empty")
    at = place(args[0], len(places)) if args else int(stay)
    if at is None:
        raise Usage("not a valid number", args[0])
    del places[at]
    change_to(shell, places, stay or at > 0)
    return 0


def b_dirs(shell, args):
    places = [shell.process.cwd] + stack_of(shell)
    letters = ""
    for arg in args:
        at = place(arg, len(places))
        if at is not None:
            places = [places[at]]
        elif arg[:1] == "-" and not arg[1:].strip("clpv"):
            letters += arg[1:]
        else:
            raise Usage("invalid option", arg)
    if "c" in letters:
        keep(shell, [])
    elif "v" in letters:
        for i in range(len(places)):
            shell.write(f"{i:2}  ")
            show(shell, places[i : i + 1], "l" in letters)
    else:
        show(shell, places, "l" in letters, "\n" if "p" in letters else " ")
    return 0
