# History expansion: !! !n !-n !text !?text? and ^old^new, with the words and modifiers of bash. Loaded with the first
# typed line that has such a sign.
#
# A sign in '...', behind a backslash, or before a blank, = ( or the end of "..." means nothing, nor do $! ${! and [!.

from base.errors import Failure
from shell import history

_BLANKS = " \t\n"
_BREAK = " \t\n|&;<>()"
_PLAIN = _BLANKS + "=("  # what a ! before it is no event
_EVENT_END = _BLANKS + ":;&|<>()^$*%\"'`"


def expand(shell, editor, line):
    """The line with its events expanded, which is shown; Failure where one is not found.

    With the modifier :p it is only kept in the history, and there is nothing to run.
    """
    if line[0] in "<>" or "nohistexpand" in shell.options:  # Python has signs of its own
        return line
    if line[0] == "^":
        line = "!!:s" + line
    entries = None
    out = ""
    quote = ""
    runs = True
    i = 0
    while i < len(line):
        c = line[i]
        if c == "\\" and quote != "'":
            out += line[i : i + 2]
            i += 2
            continue
        if (c == "'" and quote != '"') or (c == '"' and quote != "'"):
            quote = "" if quote else c
        elif c == "!" and quote != "'" and is_event(line, i, quote):
            if entries is None:
                entries = history.load(editor)
            event = Event(entries, line, i, out)
            out += event.value()
            runs = runs and event.runs
            i = event.at
            continue
        out += c
        i += 1
    if entries is None:
        return line
    shell.process.stderr.write(out)
    if runs:
        return out
    editor.remember(out[:-1])
    return "\n"


def is_event(line, i, quote):
    """True where the ! at i begins an event."""
    following = line[i + 1 : i + 2]
    if not following or following in _PLAIN or (quote and following == quote):
        return False
    before = line[i - 1] if i else ""
    return before not in ("$", "[") and line[i - 2 : i] != "${"


class Event:
    """An event of a line: at is behind what has been read of it."""

    def __init__(self, entries, line, start, before):
        self.entries = entries
        self.line = line
        self.start = start
        self.at = start + 1
        self.runs = True
        self.sought = ""  # the text of !?text?, for the word %
        self.before = before  # what the line has become so far, for !#

    def value(self):
        text = self.entry()
        words = self.words(text)
        if words is not None:
            text = words
        while self.peek(":"):
            text = self.modified(text)
        return text

    def peek(self, text):
        return self.line.startswith(text, self.at)

    def missing(self, what="event not found"):
        return Failure(self.line[self.start : self.at], what)

    def upto(self, end):
        """The text up to end, or to the end of the line; then behind it."""
        found = self.line.find(end, self.at)
        if found < 0:
            found = len(self.line) - (self.line[-1:] == "\n")
        text = self.line[self.at : found]
        self.at = min(found + 1, len(self.line) - (self.line[-1:] == "\n"))
        return text

    def entry(self):
        """The entry of the history that is meant."""
        line = self.line
        entries = self.entries
        if self.peek("!"):
            self.at += 1
        elif self.peek("#"):
            self.at += 1
            return self.before
        elif self.peek("?"):
            self.at += 1
            self.sought = self.upto("?")
            for entry in reversed(entries):
                if self.sought and self.sought in entry:
                    return entry
            raise self.missing()
        elif line[self.at] not in ":^$*%":
            end = self.at + (line[self.at] == "-")
            while end < len(line) and line[end].isdigit():
                end += 1
            word = line[self.at : end]
            if word.lstrip("-"):
                number = int(word)
                place = len(entries) + number if number < 0 else number - 1
                self.at = end
                if not 0 <= place < len(entries):
                    raise self.missing()
                return entries[place]
            end = self.at
            while end < len(line) and line[end] not in _EVENT_END:
                end += 1
            word = line[self.at : end]
            self.at = end
            for entry in reversed(entries):
                if entry.startswith(word):
                    return entry
            raise self.missing()
        if not entries:
            raise self.missing()
        return entries[-1]

    def number(self, default):
        """The number of a word: digits, ^ or $; default where there is none."""
        line = self.line
        end = self.at
        if line[end : end + 1] == "^":
            self.at += 1
            return 1
        if line[end : end + 1] == "$":
            self.at += 1
            return -1
        while end < len(line) and line[end].isdigit():
            end += 1
        digits = line[self.at : end]
        self.at = end
        return int(digits) if digits else default

    def words(self, text):
        """The words that are chosen; None where none are, which is all of the text."""
        start = self.at
        colon = self.peek(":")
        if colon:
            self.at += 1
        c = self.line[self.at : self.at + 1]
        if not c or not (c in "^$*%" or (colon and (c.isdigit() or c == "-"))):
            self.at = start
            return None
        words = words_of(text)
        last = len(words) - 1
        if c == "%":
            self.at += 1
            return "".join([word for word in words if self.sought in word][-1:])
        if c == "*":
            self.at += 1
            return " ".join(words[1:])
        first = self.number(0)
        if first < 0:
            first = last
        end = first
        if self.peek("*"):
            self.at += 1
            end = max(last, first - 1)
        elif self.peek("-"):
            self.at += 1
            end = self.number(last - 1)
            if end < 0:
                end = last
        if not 0 <= first <= last + (end < first) or end > last:
            raise self.missing("bad word specifier")
        return " ".join(words[first : end + 1])

    def modified(self, text):
        """The text with the next modifier."""
        start = self.at
        self.at += 1
        every = self.peek("g") or self.peek("a")
        if every:
            self.at += 1
        c = self.line[self.at : self.at + 1]
        self.at += 1
        if c == "h":
            return text.rsplit("/", 1)[0] if "/" in text else text
        if c == "t":
            return text.rsplit("/", 1)[-1]
        if c == "r":
            return text.rsplit(".", 1)[0]
        if c == "e":
            dot = text.rfind(".")
            return text[dot:] if dot >= 0 else text
        if c == "p":
            self.runs = False
            return text
        if c == "q":
            return "'" + text.replace("'", "'\\''") + "'"
        if c == "s" and self.at < len(self.line):
            end = self.line[self.at]
            self.at += 1
            old = self.upto(end)
            new = self.upto(end)
            if old not in text:
                raise self.missing("substitution failed")
            return text.replace(old, new) if every else text.replace(old, new, 1)
        self.at = max(start + 1, min(self.at, len(self.line.rstrip("\n"))))
        raise Failure(self.line[start : self.at], "unrecognized history modifier")


def words_of(text):
    """The words of a command, as its text has them; signs such as | and && are words, too."""
    words = []
    i = 0
    n = len(text)
    while i < n:
        start = i
        if text[i] in _BLANKS:
            i += 1
            continue
        if text[i] in _BREAK:
            i += 2 if text[i : i + 2] in ("&&", "||", ";;", ">>", "<<", ">&", "<&", "&>", "|&") else 1
        while i < n and (i == start or text[start] not in _BREAK) and text[i] not in _BREAK:
            i = behind(text, i)
        words.append(text[start:i])
    return words


def behind(text, i):
    """The index behind the character at i, or behind what is quoted or substituted there."""
    c = text[i]
    if c == "\\":
        return i + 2
    if c in "'\"`":
        end = text.find(c, i + 1)
        return end + 1 if end > 0 else len(text)
    if text[i : i + 2] == "$(":
        depth = 0
        for j in range(i + 1, len(text)):
            depth += (text[j] == "(") - (text[j] == ")")
            if not depth:
                return j + 1
        return len(text)
    return i + 1
