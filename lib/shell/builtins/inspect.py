# caller, compgen: what the shell knows about itself: where a function was called, and the names that may complete a word.

from base.errors import Usage
from shell import complete, resolve
from shell.builtins.io import option_pairs

_KEYWORDS = "if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc"
_LETTERS = {  # of compgen
    "a": "alias",
    "b": "builtin",
    "c": "command",
    "d": "directory",
    "e": "export",
    "f": "file",
    "j": "job",
    "k": "keyword",
    "v": "variable",
}


def b_caller(shell, args):
    if args and not args[0].isdigit():
        raise Usage("invalid number", args[0])
    call = shell.calls
    for _ in range(int(args[0]) if args else 0):
        call = call and call[1]
    source = shell.source.name if shell.source else "NULL"
    if not call:
        if not args:
            shell.write("0 NULL\n")
        return 1 if args else 0
    within = (call[1][0] if call[1] else "main") + " " if args else ""
    shell.write(f"{call[2]} {within}{source}\n")
    return 0


def b_compgen(shell, args):
    pairs, words = option_pairs(args, _LETTERS, "AWPS")
    given = dict(pairs)
    if len(words) > 1:
        raise Usage("extra operand", words[1])
    prefix = words[0] if words else ""
    found = []
    for letter, value in pairs:
        if letter == "A" or letter in _LETTERS:
            found += names(shell, _LETTERS.get(letter, value), prefix)
    if "W" in given:
        found += [word for word in given["W"].split(None) if word.startswith(prefix)]
    before, behind = given.get("P", ""), given.get("S", "")
    for name in found:
        shell.write(f"{before}{name}{behind}\n")
    return 0 if found else 1


def names(shell, action, prefix):
    """The names of one kind that begin with prefix, sorted."""
    if action == "file" or action == "directory":
        found = [path.rstrip("/") or "/" for path in complete.files(shell, prefix, action == "directory")]
    elif action == "keyword":
        return [word for word in _KEYWORDS.split() if word.startswith(prefix)]
    elif action == "variable":
        found = complete.variables(shell)
    elif action == "export":
        found = shell.exported
    elif action == "function":
        found = shell.functions
    elif action == "alias":
        found = shell.aliases or ()
    elif action == "builtin":
        found = list(resolve.TABLE) + resolve.late_names()
    elif action == "command":
        found = complete.commands(shell)
    elif action == "job":
        found = [job.text.split(" ")[0] for job in shell.jobs.list] if shell.jobs else ()
    else:
        raise Usage("invalid action name", action)
    return sorted({name for name in found if name.startswith(prefix)})
