# sed - edit a stream of lines
# usage: sed [-nErsuz] [-l WIDTH] [-i[SUFFIX]] SCRIPT [FILE...]
# usage: sed [OPTION...] -e SCRIPT... [-f SCRIPTFILE]... [FILE...]
#
# Run the commands of SCRIPT for each line of the FILEs, or of standard input, and print it.
#   -n  print only what p says      -E, -r  extended regular expressions      -s  each FILE has a last line of its own
#   -i[SUFFIX]  edit FILE in place; with SUFFIX keep the old one      -z  lines end with NUL      -u  no effect
#   -l WIDTH  for l (70)
# Addresses: N   $   /REGEX/   \cREGEXc   FIRST~STEP   A,B   A,+N   A,~N   0,/REGEX/   with the suffix ! all others
# Commands: s/REGEX/TEXT/FLAGS (& and \1 in TEXT, \U \L \u \l \E; flags g p N i m w FILE)   y/abc/xyz/
#   d p n q Q   D P N   g G h H x   a i c TEXT   b t T LABEL   : LABEL   { }   r R w W FILE   = l z F #
# Deviations: no e.  https://pubs.opengroup.org/onlinepubs/9799919799/utilities/sed.html

import os

from base.errors import Failure, Usage
from program import complain, inputs, options, protected, status, unload_if_short

proc = None
Editor = None  # the module's class, while a script runs: this reference keeps it from being unloaded

LONG = (
    ("expression", "e"),
    ("file", "f"),
    ("in-place", "i"),
    ("line-length", "l"),
    ("null-data", "z"),
    ("quiet", "n"),
    ("regexp-extended", "E"),
    ("separate", "s"),
    ("silent", "n"),
    ("unbuffered", "u"),
)


async def __main__(args):
    global Editor
    args, suffix = in_place(args)
    opts, files = options(args, "Ee:f:il:nrsuz", LONG)
    parts = []
    for letter, value in opts.order:
        if letter == "e":
            parts.append(value.encode())
        elif letter == "f":
            parts.append(await content(value))
    if not parts:
        if not files:
            raise Usage("missing script")
        parts = [files.pop(0).encode()]
    text = b"\n".join(parts)
    quiet = "n" in opts or text[:3] == b"#n\n" or text == b"#n"
    from sed.parser import Parser  # here: the image of a program keeps what its top level imports

    try:
        script = Parser(text, "E" in opts or "r" in opts).parse()
    except Failure as e:
        e.status = 1  # also for errors in regular expressions
        raise
    except UnicodeError:
        raise Failure("", "the script has a pattern or a name that is not valid UTF-8")
    Parser = None
    unload_if_short("sed.")
    from sed.editor import Editor  # late: the memory of the parser is free again

    editor = Editor(script, quiet, b"\0" if "z" in opts else b"\n", opts.number("l", 70))
    try:
        if "i" in opts:
            if not files:
                raise Failure("", "no input files")
            for name in files:
                try:
                    await replace(editor, name, suffix)
                except OSError as e:
                    complain(name, e)
        elif "s" in opts:
            for name in files or ["-"]:
                if editor.quit is None:
                    editor.number = 0
                    await editor.edit([name], proc.stdout)
        else:
            await editor.edit(files, proc.stdout)
    finally:
        editor.close()
        unload_if_short("sed.")
    return editor.quit or status()


def in_place(args):
    """Return (args without the value of -i, that value)."""
    out = []
    suffix = ""
    for k, arg in enumerate(args):
        if arg == "--":
            return out + args[k:], suffix
        if arg[:11] == "--in-place=":
            arg, suffix = "--in-place", arg[11:]
        elif arg[:1] == "-" and arg[:2] != "--":
            at = arg.find("i")
            if at > 0 and not arg[1:at].strip("Enrsuz"):
                arg, suffix = arg[: at + 1], arg[at + 1 :]
        out.append(arg)
    return out, suffix


async def content(path):
    """Return the script in a file."""
    parts = []
    for _, stream in inputs([path]):
        while data := await stream.read():
            parts.append(data)
    if status():
        raise SystemExit(1)
    data = b"".join(parts)
    return data[:-1] if data[-1:] == b"\n" else data


async def replace(editor, name, suffix):
    """Edit a file in place."""
    from base.files import Replacement, copy  # late: only for -i

    if os.stat(name)[0] & 0x4000:
        raise Failure(name, "not a regular file")
    protected(name)
    with Replacement(name) as out:
        editor.number = 0
        await editor.edit([name], out)
        if suffix:
            await copy(name, suffix.replace("*", name) if "*" in suffix else name + suffix)
