# Traps: actions of the shell for signals, at its end (EXIT), when a command fails (ERR), before each one (DEBUG) and behind a
# function or a file that `.` has read (RETURN). Loaded with the first trap.
#
# A signal only leaves its name here; the commands of the trap run between two commands of the script, where `pending`
# is looked at.

from base.errors import Failure, Usage
from process.signals import NUMBERS
from process.signals import name as name_of
from process.signals import number as number_of
from shell import ast, execute
from shell.lexer import ShellSyntaxError

_OWN = ("ERR", "DEBUG", "RETURN")  # besides EXIT: what is no signal


class Traps:
    """The traps of a shell."""

    def __init__(self):
        self.actions = {}  # name: text; "" ignores the signal
        self.shown = None  # those of the shell that this one is a subshell of, until it sets its own
        self.waiting = []  # (name, status before) of pending traps
        self.running = False  # one that is no signal: none of them is trapped inside another
        self.command = ""  # BASH_COMMAND
        self.within = None  # the call of the function that has set RETURN
        self.child = None  # the process that `wait` waits for

    def catch(self, process, signal):
        """Note a signal; True if a trap handles it."""
        name = name_of(signal)
        action = self.actions.get(name)
        if action is None:
            return False
        if action:
            self.waiting.append(name)
            process.shell.pending = True
            if self.child and self.child.exited:  # wait ends, too
                self.child.exited.set()
                self.child.exited = None
        return True

    def failed(self, shell, status):
        """A command has failed that nothing tests."""
        if "ERR" in self.actions and not self.running and (not shell.calls or "errtrace" in shell.options):
            self.waiting.append("ERR")
            shell.pending = True

    def run(self, shell):
        """Run pending traps; a generator."""
        shell.pending = False
        while self.waiting:
            name = self.waiting.pop(0)
            text = self.actions.get(name)
            if text:
                yield self.act(shell, name, text)

    def act(self, shell, name, text):
        """Run the text of a trap; $? and the like are as before, then."""
        status, line, unwind = shell.status, shell.line, shell.unwind
        shell.unwind = None
        self.running = name in _OWN
        outer, shell.trapped = shell.trapped, status
        try:
            yield from shell.run_text(text, line)
        finally:
            self.running = False
            shell.trapped = outer
        if shell.unwind is None:
            shell.unwind = unwind
            shell.status = status
        shell.line = line

    def returned(self, shell):
        """A function ends that has set RETURN, or any with `set -T`; a generator."""
        if not self.running and (self.within is shell.calls or "functrace" in shell.options):
            yield self.act(shell, "RETURN", self.actions["RETURN"])

    def run_exit(self, shell):
        """At the end of the shell: run pending traps and the EXIT trap; a generator."""
        try:
            if self.waiting:
                yield from self.run(shell)
            text = self.actions.pop("EXIT", None)
            if text:
                shell.unwind = None
                shell.tested = 0
                yield from self.act(shell, "EXIT", text)
        except SystemExit as e:
            if e.args and e.args[0] is not None:
                shell.status = e.args[0]

    def inherited(self):
        """Reset the traps for a subshell, except ignored signals."""
        other = Traps()
        other.shown = self.actions if self.shown is None else self.shown
        for name, text in self.actions.items():
            if not text:
                other.actions[name] = text
        return other


def inherit(shell, subshell):
    """Let a subshell inherit the traps of shell."""
    subshell.traps = shell.traps.inherited()
    if subshell.traps.actions:
        install(subshell)


def install(shell):
    """Let the signals of the shell's process come here."""
    process = shell.process

    def catch(signal):
        return shell.traps is not None and shell.traps.catch(process, signal)

    process.trap = catch


def restore(shell, actions):
    """Restore the traps of a reloaded shell."""
    shell.traps = Traps()
    shell.traps.actions = actions
    install(shell)


def b_trap(shell, args):
    show = args[:1] == ["-p"]
    if show:
        args = args[1:]
    elif args[:1] == ["-l"]:
        from shell.builtins.jobs import b_kill  # late: only for trap -l

        return b_kill(shell, ["-l"])
    if args[:1] == ["--"]:
        args = args[1:]
    if not args or show:
        return list_traps(shell, args)
    action = args[0]
    names = args[1:]
    if action == "-" or action.isdigit() or not names:
        if action != "-":
            names = args
        action = None
        if not names:
            raise Usage("usage: trap [COMMANDS | -] SIGNAL...")
    status = 0
    if shell.traps is None:
        shell.traps = Traps()
    traps = shell.traps
    traps.shown = None
    for word in names:
        try:
            name = canonical(word)
        except Failure as e:
            shell.complain("trap", e)
            status = 1
            continue
        if action is not None:
            traps.actions[name] = action
            if name == "RETURN":
                traps.within = shell.calls
            elif name == "DEBUG":
                install_debug()
            elif name not in ("EXIT", "ERR"):
                install(shell)
        else:
            traps.actions.pop(name, None)
    return status


def canonical(word):
    """The name of a signal, from its name or number."""
    upper = word.upper()
    if word == "0" or upper == "EXIT" or upper == "SIGEXIT":
        return "EXIT"
    if upper in _OWN:
        return upper
    number = number_of(word)
    name = name_of(number)
    if name not in NUMBERS:
        raise Failure(word, "invalid signal specification")
    return name


def list_traps(shell, names):
    """Write the traps so that they could be read again."""
    traps = shell.traps
    if not traps:
        return 0
    actions = traps.actions if traps.shown is None else traps.shown
    wanted = [canonical(name) for name in names]
    order = {"EXIT": 0, "DEBUG": 97, "ERR": 98, "RETURN": 99}
    for name in sorted(actions, key=lambda n: order.get(n) or NUMBERS.get(n, 0)):
        if not wanted or name in wanted:
            prefix = "SIG" if name in NUMBERS else ""
            shell.write(f"trap -- {quoted(actions[name])} {prefix}{name}\n")
    return 0


def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def ended(shell, error):
    """Run pending traps and the EXIT trap of a shell that a signal ends; a generator."""
    if shell.traps.actions.get("EXIT"):
        shell.status = 128 + (shell.process.signal or 2)
        try:
            yield from shell.traps.run_exit(shell)
        except (Failure, ShellSyntaxError) as e:
            shell.complain("trap", e)


# --- DEBUG


def install_debug():
    ast.HANDLERS["simple"] = visit_traced


def visit_traced(shell, node):
    """As execute.visit_simple()."""
    traps = shell.traps
    if not traps or traps.running or not traps.actions.get("DEBUG"):
        return execute.visit_simple(shell, node)
    if shell.calls and "functrace" not in shell.options:
        return execute.visit_simple(shell, node)
    return traced(shell, node)


def traced(shell, node):
    from shell import listing  # late: large

    shell.line = node[1]
    out = []
    yield listing.simple(out, node, "")
    shell.traps.command = "".join(out)
    yield shell.traps.act(shell, "DEBUG", shell.traps.actions["DEBUG"])
    return execute.visit_simple(shell, node)
