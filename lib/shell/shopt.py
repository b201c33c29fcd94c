# shopt: the options that bash has besides those of set. Loaded when first used.

from base.errors import Failure
from shell import options

_USED = ("dotglob", "failglob", "globstar", "lastpipe", "nocaseglob", "nocasematch", "nullglob")
# What is so always, or makes no difference here; those with a plus are on at first.
_VOID = (
    "+assoc_expand_once autocd cdable_vars cdspell checkhash checkjobs +checkwinsize +cmdhist +complete_fullquote direxpand "
    "dirspell execfail +expand_aliases extdebug +extglob +extquote +force_fignore +globasciiranges +globskipdots gnu_errfmt "
    "histappend histreedit histverify hostcomplete huponexit +inherit_errexit +interactive_comments lithist "
    "localvar_inherit localvar_unset mailwarn no_empty_cmd_completion noexpand_translation +patsub_replacement +progcomp "
    "progcomp_alias +promptvars shift_verbose +sourcepath varredir_close xpg_echo"
)


def is_on(shell, name):
    """Whether an option is set; None where there is none of that name."""
    if name in _USED:
        return name in shell.options
    for word in _VOID.split():
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
        names = sorted(list(_USED) + [word.lstrip("+") for word in _VOID.split()])
        if set_names:
            options.show_options(shell, "p" not in letters)
            return 0
        for name in names:
            on = is_on(shell, name)
            if not ("s" in letters and not on) and not ("u" in letters and on):
                show(shell, name, on, letters)
        return 0
    status = 0
    for name in args:
        on = is_on(shell, name) if not set_names else options.is_on(shell, name)
        if on is None or (
            set_names and ("s" in letters or "u" in letters) and not options.set_option(shell, name, "s" in letters)
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
                show(shell, name, on, letters)
    return status


def show(shell, name, on, letters):
    if "p" in letters:
        shell.write(f"shopt -{'s' if on else 'u'} {name}\n")
    else:
        shell.write(f"{name:<15}\t{'on' if on else 'off'}\n")
