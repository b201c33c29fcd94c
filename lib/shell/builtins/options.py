# set, shopt, getopts: the options of the shell, what some of them do (nullglob and its like, set -x), and those of a script.

from base.errors import Failure, Usage
from shell import expand
from shell.expand import text_of
from shell.lexer import ShellSyntaxError, is_name

_LETTERS = "abefnuvxCET"


# --- set


_LONG = {
    "allexport": "a",
    "notify": "b",
    "errexit": "e",
    "noglob": "f",
    "noexec": "n",
    "nounset": "u",
    "verbose": "v",
    "xtrace": "x",
    "noclobber": "C",
}


_NAMED = ("envredir", "errtrace", "functrace", "nohistexpand")  # those without a letter that do something


# What other shells have, and a script may ask for: it is so already, or makes no difference here.
_VOID = "emacs vi monitor ignoreeof nolog posix hashall interactive-comments history physical braceexpand"


def b_set(shell, args):
    if not args:
        from text.quoting import on_a_line  # late: rare

        for name in sorted(shell.vars):
            if is_name(name):
                shell.write(f"{name}={on_a_line(expand.text_of(shell.vars[name]))}\n")
        return 0
    i = 0
    while i < len(args):
        arg = args[i]
        if arg == "--" or arg == "-":
            i += 1
            if arg == "-":
                set_flag(shell, "x", False)
                set_flag(shell, "v", False)
                if i == len(args):
                    return 0
            break
        if arg == "+":
            i += 1
            continue
        if arg[:1] not in ("-", "+"):
            break
        i += 1
        on = arg[0] == "-"
        for letter in arg[1:]:
            if letter == "o":
                if i >= len(args):
                    show_options(shell, on)
                    return 0
                if not set_option(shell, args[i], on):
                    raise Usage("invalid option", args[i])
                i += 1
            elif letter in _LETTERS:
                if letter in "ET":
                    set_option(shell, "errtrace" if letter == "E" else "functrace", on)
                else:
                    set_flag(shell, letter, on)
            elif letter == "H":
                set_option(shell, "histexpand", on)
            elif letter not in "hmBP":
                raise Usage("invalid option", arg[0] + letter)
    else:
        if args[-1] not in ("--", "-"):
            return 0
    shell.args = list(args[i:])
    if "OPTIND" in shell.vars:
        shell.assign("OPTIND", 1)  # other arguments: getopts begins anew
    return 0


def set_flag(shell, letter, on):
    shell.flags = shell.flags.replace(letter, "")
    if on:
        shell.flags += letter
    if letter == "v" and shell.source:
        shell.source.echo = shell.process.stderr if on else None


def set_option(shell, name, on):
    """Change an option by its long name; False where there is none of that name."""
    if name in _LONG:
        set_flag(shell, _LONG[name], on)
    elif name == "pipefail":
        shell.pipefail = on
    elif name == "histexpand":  # it is what is off that is kept
        set_option(shell, "nohistexpand", not on)
    elif name in _NAMED or name in _VOID.split():
        shell.options = tuple([o for o in shell.options if o != name])
        if on:
            shell.options += (name,)
    else:
        return False
    return True


def is_on(shell, name):
    if name in _LONG:
        return shell.flag(_LONG[name])
    return shell.pipefail if name == "pipefail" else name in shell.options


def names_of(shell):
    """The options that are set, as $SHELLOPTS has them."""
    names = [name for name in list(_LONG) + ["pipefail"] + list(_NAMED) if is_on(shell, name)]
    return ":".join(sorted(names + ["braceexpand", "hashall", "interactive-comments"]))


def show_options(shell, table):
    for name in sorted(list(_LONG) + ["pipefail"] + list(_NAMED)):
        on = is_on(shell, name)
        if table:
            shell.write(f"{name:<15} {'on' if on else 'off'}\n")
        else:
            shell.write(f"set {'-' if on else '+'}o {name}\n")


# --- shopt


_SHOPT_USED = ("dotglob", "failglob", "globstar", "lastpipe", "nocaseglob", "nocasematch", "nullglob")


# What is so always, or makes no difference here; those with a plus are on at first.
_SHOPT_VOID = (
    "+assoc_expand_once autocd cdable_vars cdspell checkhash checkjobs +checkwinsize +cmdhist +complete_fullquote direxpand "
    "dirspell execfail +expand_aliases extdebug +extglob +extquote +force_fignore +globasciiranges +globskipdots gnu_errfmt "
    "histappend histreedit histverify hostcomplete huponexit +inherit_errexit +interactive_comments lithist "
    "localvar_inherit localvar_unset mailwarn no_empty_cmd_completion noexpand_translation +patsub_replacement +progcomp "
    "progcomp_alias +promptvars +python shift_verbose +sourcepath varredir_close xpg_echo"
)


def is_shopt_on(shell, name):
    """Whether an option is set; None where there is none of that name."""
    if name in _SHOPT_USED:
        return name in shell.options
    for word in _SHOPT_VOID.split():
        if word.lstrip("+") == name:
            return (word[0] == "+") != (name in shell.options)
    return None


def b_shopt(shell, args):
    letters = ""
    while args and args[0][:1] == "-" and len(args[0]) > 1:
        letters += args[0][1:]
        args = args[1:]
    if letters.strip("supqo"):
        raise Failure("-" + letters.strip("supqo")[0], "invalid option", 2)
    set_names = "o" in letters
    if not args:
        names = sorted(list(_SHOPT_USED) + [word.lstrip("+") for word in _SHOPT_VOID.split()])
        if set_names:
            show_options(shell, "p" not in letters)
            return 0
        for name in names:
            on = is_shopt_on(shell, name)
            if not ("s" in letters and not on) and not ("u" in letters and on):
                show_shopt(shell, name, on, letters)
        return 0
    status = 0
    for name in args:
        on = is_shopt_on(shell, name) if not set_names else is_on(shell, name)
        if on is None or (
            set_names and ("s" in letters or "u" in letters) and not set_option(shell, name, "s" in letters)
        ):
            shell.complain("shopt", name + ": invalid shell option name")
            status = 1
        elif "s" in letters or "u" in letters:
            if not set_names and on != ("s" in letters):
                shell.options = (
                    tuple([o for o in shell.options if o != name]) if name in shell.options else shell.options + (name,)
                )
        else:
            if not on:
                status = 1
            if "q" not in letters:
                show_shopt(shell, name, on, letters)
    return status


def show_shopt(shell, name, on, letters):
    if "p" in letters:
        shell.write(f"shopt -{'s' if on else 'u'} {name}\n")
    else:
        shell.write(f"{name:<15}\t{'on' if on else 'off'}\n")


# --- what options do


def glob(shell, out, pieces):
    """Append to out what a word stands for; False where that is the word itself."""
    options = shell.options
    from base import files  # noqa: F401  (leaves first)
    from text import glob

    found = glob.expand(
        expand.escaped(pieces),
        shell.process.cwd,
        "dotglob" in options,
        "nocaseglob" in options,
        "globstar" in options,
    )
    out.extend(found)
    if not found and "failglob" in options:
        raise Failure("".join(pieces[::2]), "no match")
    return bool(found) or "nullglob" in options


def trace(shell, stderr, assigns, argv):
    """set -x: write PS4 and the command to stderr, quoted so that it could be typed; a generator."""
    from text.quoting import quote  # late: only for set -x

    words = []
    for item in assigns:
        name = item[0].rstrip("+")
        words.append(name + "=" + quote(expand.text_of(shell.lookup(name) or "")))
    words.extend([quote(arg) for arg in argv])
    prompt = expand.text_of(shell.vars.get("PS4", "+ "))
    if "$" in prompt or "`" in prompt:
        from shell.substitution import parse_text  # late: only for PS4

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


# --- getopts


def step(optstring, args, optind, offset):
    """(letter, optarg, optind, offset) of the next option; the letter is None behind the last.

    optind counts from 1. offset is the place of the next letter in args[optind - 1], 0 where an argument begins. For
    an unknown option the letter is "?", for one whose argument is missing ":", and optarg is then the letter in
    question, also where optstring begins with no colon: what to print and to assign is for settle().
    """
    if optind < 1:
        optind = 1
        offset = 0
    if optind > len(args):
        return None, None, optind, 0
    arg = args[optind - 1]
    if offset < 1 or offset >= len(arg):
        if len(arg) < 2 or arg[0] != "-":
            return None, None, optind, 0
        if arg == "--":
            return None, None, optind + 1, 0
        offset = 1
    letter = arg[offset]
    offset += 1
    last = offset == len(arg)
    at = -1 if letter == ":" else optstring.find(letter, 1 if optstring[:1] == ":" else 0)
    if at >= 0 and optstring[at + 1 : at + 2] == ":":
        if not last:
            return letter, arg[offset:], optind + 1, 0
        if optind < len(args):
            return letter, args[optind], optind + 2, 0
        return ":", letter, optind + 1, 0
    if last:
        optind += 1
        offset = 0
    if at < 0:
        return "?", letter, optind, offset
    return letter, None, optind, offset


def settle(optstring, letter, optarg):
    """(value for the variable, OPTARG, message) for what step() gave: without a leading colon errors have a message."""
    if letter is None:
        return "?", None, ""
    if letter not in "?:" or optstring[:1] == ":":
        return letter, optarg, ""
    return "?", None, f"{optarg}: invalid option" if letter == "?" else f"{optarg}: option requires an argument"


def b_getopts(shell, args):
    if len(args) < 2:
        raise Usage("usage: getopts OPTIONS NAME [ARG...]")
    optstring, name = args[0], args[1]
    if not is_name(name):
        raise Failure(name, "not a valid identifier")
    words = args[2:] or shell.args
    text = text_of(shell.lookup("OPTIND"))
    optind = int(text) if text.isdigit() else 1
    offset = shell.cluster[1] if shell.cluster[0] == optind else 0
    letter, optarg, optind, offset = step(optstring, words, optind, offset)
    value, optarg, message = settle(optstring, letter, optarg)
    if message:
        shell.process.stderr.write(f"{text_of(shell.name)}: {message}\n")
    shell.assign("OPTIND", optind)
    shell.cluster = (optind, offset)
    if optarg is None and (message or letter is None):
        shell.unset("OPTARG")
    else:
        shell.assign("OPTARG", optarg or "")
    shell.assign(name, value)
    return 1 if letter is None else 0
