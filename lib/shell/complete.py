# TAB: completes the word before the cursor to the longest common prefix of the candidates, or else lists them.
#
# The line is taken apart roughly, as a person sees it: the command that is being typed, its words so far, and the word
# at the cursor. What a command takes is read from the usage lines of its manual: the letters of its options; a word in
# small letters, with | between several, is what must be typed there; and a name in capitals tells the kind of operand.

import os

from micropython import const

from base.files import listed
from base.paths import DIRECTORY, normal
from process import process
from process.find import PATH
from shell import resolve, session

_SHOWN_MAX = const(200)  # names in a list
_SPECIAL = " \t\n\\'\"`$&|;<>(){}*?[]#~!"
_MOST = const(500)  # names that are looked at further
_RESERVED = "if then elif else fi while until for do done case esac function"
_ON_VARIABLES = ("unset", "export", "read", "readonly", "local", "incr", "decr", "getopts")


# --- the line


# What may stand before the name of a command.
_PREFIXES = ("if", "then", "elif", "else", "while", "until", "do", "!", "{", "time", "command", "exec", "nohup", "run")


class Word:
    """The word at the cursor, and the text before it."""

    def __init__(self, line):
        self.words = []  # of the same command, without quotes
        self.text = ""  # this word, without quotes
        self.start = len(line)  # where it begins
        self.quote = ""  # the quote that is open
        self.dollar = None  # where the name of a variable begins that the word ends in
        self.target = False  # it is the target of a redirection
        self.parse(line)

    def parse(self, line):
        i = 0
        n = len(line)
        inside = False
        while i < n:
            c = line[i]
            if c == "$" and self.quote != "'":
                self.dollar = i + 1
                if line[i + 1 : i + 2] == "(":
                    self.begin(n)
                    inside = False
                    i += 2
                    continue
            elif self.dollar is not None and not (c.isalpha() or c.isdigit() or c in "_{"):
                self.dollar = None
            if self.quote:
                if c == self.quote:
                    self.quote = ""
                elif c == "\\" and self.quote == '"' and i + 1 < n:
                    i += 1
                    self.text += line[i]
                else:
                    self.text += c
            elif c in " \t;|&\n(<>`":
                if inside:
                    self.words.append(self.text)
                    if self.target:
                        self.words.pop()
                    self.target = False
                    self.text = ""
                    self.start = n
                    inside = False
                if c in ";|&\n(`":
                    self.begin(n)
                elif c in "<>":
                    self.target = True
            else:
                if not inside:
                    inside = True
                    self.start = i
                if c in "'\"":
                    self.quote = c
                elif c == "\\" and i + 1 < n:
                    i += 1
                    self.text += line[i]
                elif c != "\\":
                    self.text += c
            i += 1
        while self.words and (self.words[0] in _PREFIXES or is_assignment(self.words[0])):
            del self.words[0]

    def begin(self, start):
        """A new command begins."""
        self.words = []
        self.text = ""
        self.quote = ""
        self.start = start
        self.target = False


def is_assignment(word):
    name, equals, _ = word.partition("=")
    return equals and name.replace("_", "a").isalpha()


def press(editor, key):
    """Complete the word before the cursor."""
    line = editor.text[: editor.at]
    if line.lstrip()[:2] in ("> ", "< ") or is_python(editor.owner, line):
        from shell import dialect, python_prompt  # late: only in lines of Python

        python_prompt.complete(editor, dialect.space_of(editor.owner))
        return
    word = Word(line)
    try:
        start, found = find(editor.owner, word, line)
    except OSError:
        start, found = len(line), ()
    choose(editor, start, found, lambda text: quoted(text, word.quote) if start == word.start else text)


def is_python(shell, line):
    """True where the line is one of Python that names no command."""
    if not session.may_be_python(line, shell.space) or "python" in shell.options:
        return False
    from shell import python_line  # late: few lines are

    return python_line.completes(shell, line)


def choose(editor, start, found, shape=None):
    """Replace the text from start on by the common prefix of the names; list them if that adds nothing.

    shape makes of a name what is typed for it; a blank is put behind one that is complete then.
    """
    if not found:
        editor.terminal.write("\x07")
        return
    found = sorted(set(found))
    new = found[0]
    for name in found:
        while not name.startswith(new):
            new = new[:-1]
    if shape:
        if len(found) == 1 and new[-1] not in "/=":
            new += " "
        new = shape(new)
    old = editor.text[start : editor.at]
    if new.startswith(old) and new != old:
        editor.replace(editor.at, editor.at, new[len(old) :])
    elif len(new) > len(old) or len(found) == 1:
        editor.replace(start, editor.at, new)
    else:
        show(editor, found)


def quoted(text, quote):
    """text as it must be typed, in the quotes that are open."""
    end = ""
    if text[-1:] == " ":
        text = text[:-1]
        end = quote + " "
    if quote == "'":
        return "'" + text.replace("'", "'\\''") + end
    out = ""
    for c in text:
        if c in ('"\\$`' if quote else _SPECIAL) and not (c in "~$" and not out):
            out += "\\"
        out += c
    return quote + out + end


def show(editor, names):
    """List the candidates below the line, and redraw the line."""
    from text.columns import columns  # late: only for a list

    at = editor.at
    editor.move(len(editor.text))
    out = editor.terminal
    out.write("\n")
    shown = [name[name.rstrip("/").rfind("/") + 1 :] for name in names[:_SHOWN_MAX]]
    for row in columns(shown, editor.columns - 1):
        out.write(row + "\n")
    if len(names) > _SHOWN_MAX:
        out.write(f"... and {len(names) - _SHOWN_MAX} more\n")
    editor.at = at
    editor.show()
    if editor.text:
        editor.move(at)


# --- what could stand there


_ON_COMMANDS = ("help", "man", "type", "command", "which", "watch", "time", "nohup", "xargs", "run", "exec", "eval")


def find(shell, word, line):
    """(start, names): completions for the end of the line, from start on. A name ending in / or = is incomplete."""
    if word.dollar is not None:
        start = word.dollar
        brace = line[start : start + 1] == "{"
        prefix = line[start + brace :]
        end = "}" if brace else ""
        if prefix.replace("_", "a").isalpha() or not prefix or prefix[0].isalpha():
            return start + brace, [name + end for name in variables(shell) if name.startswith(prefix)]
    text = word.text
    if word.target:
        return word.start, files(shell, text)
    if not word.words:
        if "/" in text:
            return word.start, files(shell, text)
        return word.start, [name for name in commands(shell) if name.startswith(text)]
    return word.start, operands(shell, word.words, text)


def variables(shell):
    return [name for name in shell.vars if name[0].isalpha() or name[0] == "_"] + ["PWD", "RANDOM", "COLUMNS", "LINES"]


def commands(shell):
    """The names of all commands."""
    found = list(resolve.TABLE) + resolve.late_names()
    found += _RESERVED.split() + list(shell.functions) + list(shell.aliases or ())
    for directory in str(shell.process.env.get("PATH", PATH)).split(":"):
        try:
            for entry in os.ilistdir(normal(directory, shell.process.cwd)):
                if not entry[1] & DIRECTORY:
                    name, dot, kind = entry[0].rpartition(".")
                    found.append(name if dot and kind in ("py", "mpy", "sh") else entry[0])
        except OSError:
            pass
    return found


def files(shell, text, only_directories=False):
    """The paths that begin with text; a directory ends in /."""
    head, slash, prefix = text.rpartition("/")
    head += slash
    where = head
    if where[:2] == "~/":
        where = str(shell.lookup("HOME") or "") + where[1:]
    elif where[:1] == "$":
        name, slash, rest = where[1:].partition("/")
        where = str(shell.lookup(name.strip("{}")) or "") + slash + rest
    elif text == "~":
        return ["~/"]
    found = []
    try:
        for name, bits in listed(normal(where or ".", shell.process.cwd)):
            if name.startswith(prefix) and (name[0] != "." or prefix[:1] == "."):
                directory = bits & DIRECTORY
                if directory or not only_directories:
                    found.append(head + name + ("/" if directory else ""))
                    if len(found) >= _MOST:
                        break
    except OSError:
        pass
    return found


def jobs(shell):
    return ["%" + str(job.number) for job in shell.jobs.list] if shell.jobs else []


def processes():
    return [one for one in process.table.values() if one.pid > 1 and one.status is None]


def operands(shell, words, text):
    """What may follow the words of a command."""
    from manual import usage  # late: only for operands

    name = words[0]
    if shell.aliases and name in shell.aliases:
        words = shell.aliases[name].split() + words[1:]
        name = words[0] if words else ""
    if text[:1] == "%":
        return [job for job in jobs(shell) if job.startswith(text)]
    given = [word for word in words[1:] if word[:1] != "-"]
    usages = [line.replace("usage:", "", 1).strip() for line in usage(name)]
    if text[:1] == "-":
        return options(name, usages, text)
    kinds = []
    for line in usages:
        kind = operand(line, given)
        if kind and kind not in kinds:
            kinds.append(kind)
    found = process.completions[name](given) if name in process.completions else []
    for kind in kinds:
        if not is_kind(kind):
            found += [one for one in kind.split("|") if not is_kind(one)]
    plain = [kind for kind in kinds if is_kind(kind)]
    for kind in plain:
        if "PID" in kind or "JOB" in kind:
            found += jobs(shell) + [str(one.pid) for one in processes()]
        elif kind == "NAME" and name in ("killall", "pkill", "pidof"):
            found += [one.name for one in processes()]
        elif name in _ON_VARIABLES:
            found += variables(shell)
        elif "COMMAND" in kind or name in _ON_COMMANDS:
            found += commands(shell)
    if not found and (plain or not kinds):
        return files(shell, text, bool(plain) and all("DIRECTORY" in kind for kind in plain))
    return [one for one in found if one.startswith(text)]


def is_kind(word):
    """True for the name of a kind of operand, in capitals."""
    return word.upper() == word and word != word.lower()


def options(name, usages, text):
    """The options of a command that begin with text: letters from its usage, words from its whole manual."""
    from manual import manual  # late: only for options

    found = []
    if text[:2] == "--" or text == "-":
        for line in manual(name):
            at = line.find("--")
            while at >= 0:
                end = at + 2
                while end < len(line) and (line[end].isalpha() or line[end] == "-"):
                    end += 1
                if end > at + 3 and (not at or line[at - 1] in " [|(,`"):
                    found.append(line[at:end] + ("=" if line[end : end + 1] == "=" else ""))
                at = line.find("--", end)
    for line in usages:
        for part in line.replace("[", " ").replace("]", " ").replace("|", " ").split():
            if part[0] == "-" and part[1:2] != "-" and not (is_kind(part[1:]) and len(part) > 3):
                if len(part) > 3 and name in ("find", "test", "["):
                    found.append(part)
                else:
                    found += ["-" + letter for letter in part[1:]]
    return [one for one in found if one.startswith(text)]


def operand(line, given):
    """The operand that a usage line expects after those given: "on|off", "FILE", or None if they do not match."""
    parts = []
    depth = skip = 0  # brackets that are open; those that hold an option and its value
    value = False  # the next word is the value of an option
    text = line.replace(" | ", "|").replace("...", " ... ").replace("[", " [ ").replace("]", " ] ")
    for part in text.split()[1:]:
        if part[0] == "|":
            break  # what follows is another form
        if part == "[":
            depth += 1
        elif part == "]":
            if skip == depth:
                skip = 0
            depth -= 1
            value = False
        elif skip or value:
            value = False
        elif part[0] == "-" or part[0] == "=":
            skip = depth
            value = not depth and part[0] == "-"
        elif part != "..." or parts:
            parts.append(part)
    i = 0
    for word in given + [None]:
        while i < len(parts) and parts[i] == "...":
            if i + 1 >= len(parts):
                i -= 1
                break
            i += 1
        if i >= len(parts):
            return None
        part = parts[i]
        if word is None:
            return part
        if not is_kind(part) and word not in part.split("|"):
            return None
        i += 1
