# Extended patterns in words: +(a|b) and its like. Loaded with the first one; text/extglob.py matches them.

from shell.lexer import Lexer
from shell.substitution import closing

_BEFORE = ("if", "then", "elif", "else", "while", "until", "do", "{", "!", "time")  # a command begins behind them


def read(lexer, start, i):
    """The parts for the text from start on with the group whose parenthesis is at i, and go behind it; None for no group."""
    if lexer.data[i - 1] == 33 and i - 1 == lexer.start:
        # `!(a)`: behind a word an operand, else a command that is negated
        if lexer.kind != "word" or lexer.value in _BEFORE:
            return None
    text = lexer.text
    end = closing(text, i + 1, ")") + 1
    if end == i + 2:
        return None  # f@() { ... }
    group = Lexer(text[i:end], lexer.line).word(b"$`'\"\\*?[~", "}")
    lexer.line += text[i:end].count("\n")
    lexer.pos = end
    return [text[start:i]] + ([group] if isinstance(group, str) else group)
