# TAB: completes the word before the cursor to the longest common prefix of the candidates, or else lists them.
#
# The line is taken apart roughly, as a person sees it: the command that is being typed, its words so far, and the word
# at the cursor. What can stand there is asked of shell.candidates.

from micropython import const

_SHOWN_MAX = const(200)  # names in a list

# What may stand before the name of a command.
_PREFIXES = ("if", "then", "elif", "else", "while", "until", "do", "!", "{", "time", "command", "exec", "nohup", "run")

_SPECIAL = " \t\n\\'\"`$&|;<>(){}*?[]#~!"


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
    if line.lstrip()[:2] in ("> ", "< "):
        from shell import dialect, py_names

        py_names.complete(editor, dialect.space_of(editor.owner))
        return
    from shell import candidates

    word = Word(line)
    try:
        start, found = candidates.find(editor.owner, word, line)
    except OSError:
        start, found = len(line), ()
    choose(editor, start, found, lambda text: quoted(text, word.quote) if start == word.start else text)


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
    from text.columns import columns

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
