# set -x: show each command before it runs.

from base.errors import Failure
from shell import expand
from shell.lexer import ShellSyntaxError
from text.quoting import quote


def command(shell, stderr, assigns, argv):
    """Write PS4 and the command to stderr, quoted so that it could be typed; a generator."""
    words = []
    for item in assigns:
        name = item[0].rstrip("+")
        words.append(name + "=" + quote(expand.text_of(shell.lookup(name) or "")))
    words.extend([quote(arg) for arg in argv])
    prompt = expand.text_of(shell.vars.get("PS4", "+ "))
    if "$" in prompt or "`" in prompt:
        from shell.substitution import parse_text

        flags, shell.flags = shell.flags, shell.flags.replace("x", "")
        status = shell.status
        try:
            prompt = yield expand.slow_single(shell, parse_text(prompt, shell.line))
        except (Failure, ShellSyntaxError) as e:
            shell.complain("PS4", e)
        finally:
            shell.flags = flags
            shell.status = status
    stderr.write(prompt + " ".join(words) + "\n")
