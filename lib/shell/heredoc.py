# Here-documents: their bodies, which begin behind the line of the command. Loaded with the first of them.

from micropython import const

_HEREDOC_MAX = const(65536)  # bytes in one here-document


def read(parser):
    """Read the bodies of the parser's here-documents, which begin behind the newline just read."""
    lexer = parser.lexer
    while parser.heredocs:
        redir = parser.heredocs.pop(0)
        lines = []
        size = 0
        joined = ""  # the beginning of a line that goes on
        while True:
            end = lexer.text.find("\n", lexer.pos)
            if end < 0:
                line = ""
                if parser.read:
                    line = yield parser.read()
                if line:
                    lexer.add(line)
                    continue
                parser.read = None
                end = len(lexer.text)
                if lexer.pos >= end:
                    break  # as every shell, the end of the input ends it too
            line = lexer.text[lexer.pos : end]
            lexer.pos = min(end + 1, len(lexer.text))
            lexer.line += 1
            if redir[0] == "<<-" and not joined:
                line = line.lstrip("\t")
            if joined:
                line = joined + line
                joined = ""
            if line == redir[2]:
                break
            if not redir[3] and line[-1:] == "\\" and (len(line) - len(line.rstrip("\\"))) % 2:
                joined = line[:-1]
                continue
            size += len(line) + 1
            if size > _HEREDOC_MAX:
                raise lexer.error(f"here-document longer than {_HEREDOC_MAX} bytes")
            lines.append(line)
        if joined:
            lines.append(joined)
        lines.append("")
        redir[4] = "\n".join(lines)
