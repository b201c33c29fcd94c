# The state of a shell: variables, options and streams (POSIX 2.12). shell/shell.py runs commands with it.
#
# A shell belongs to one process. A subshell is a copy that runs as a process of its own, so what it changes stays
# there. Variables keep the Python type they were given (upyOS) and become text when they are expanded.

from base.errors import Failure, reason
from shell import expand, resolve

_IFS = " \t\n"


_INHERITED = (
    "flags mask options pipefail status last_job last_pid tested depth base loops "
    "aliases space source line attributes kept bash"
)


class State:
    """One shell environment (POSIX 2.13)."""

    # Defaults that most shells never change are class attributes.
    flags = ""  # letters that are set: e u x f n C a
    mask = 0o22  # the umask
    options = ()  # names set by `set -o` that have no letter
    pipefail = False
    status = 0
    last_job = ""  # $! : the pid of the last background process
    last_pid = ""
    unwind = None  # (what, argument) while break, continue, return, goto or skip take effect
    tested = 0  # depth of commands whose failure is no error (set -e)
    depth = 0  # functions and scripts inside each other
    base = 0  # what it is outside of functions and sourced files
    loops = 0  # enclosing loops
    locals = None  # variables to put back when the function returns
    outer_jobs = None  # those of the shell that this is a copy of, for $(jobs -p)
    jobs = None  # shell.jobs.Jobs once there is one
    traps = None
    aliases = None
    kept = None  # {name: what shell.special keeps of SECONDS, RANDOM and DIRSTACK}
    attributes = None  # {name: letters} of variables that typeset -i -l -n or -u has made
    space = None  # the namespace of `> code` and `< expression`
    source = None  # the script that is being read
    line = 0
    fds = None  # streams above 2
    files = None  # those of <( ) and >( ) in the command that is being expanded
    interactive = False
    bash = False  # run as bash: most errors of the shell end the command, and not the script
    typed = ""  # the command as it was typed, for the list of jobs
    shared = False  # vars, exported and functions are another shell's too, until own()
    substituted = False  # the command had a $( ), whose status counts if there is no other
    pending = False  # a trap waits to be run
    trapped = None  # while one runs: the status from before
    pipes = None  # the statuses of the last pipeline, until the next command
    calls = None  # (name, calls, line of the call) of the functions that run
    last_args = ("",)  # of which $_ is the last
    cluster = (0, 0)  # getopts: $OPTIND, and the next letter in that argument
    turns = 0  # gotos since the script gave way
    DEPTH_MAX = 150  # functions, scripts and sourced files inside each other (a script counts as six)

    def __init__(self, process, name="sh", args=()):
        self.process = process
        self.name = name
        self.args = args
        self.vars = {}
        self.exported = set()
        self.readonly = ()
        self.functions = {}
        process.shell = self

    def copy(self, process):
        """A subshell environment for process; shared tables are copied on write."""
        other = type(self)(process, self.name, self.args)
        other.vars = self.vars
        other.exported = self.exported
        other.readonly = self.readonly
        other.functions = self.functions
        self.shared = other.shared = True
        for name in _INHERITED.split():
            value = getattr(self, name)
            if value is not getattr(State, name):
                setattr(other, name, value)
        other.outer_jobs = self.jobs or self.outer_jobs
        if self.fds:
            other.fds = {fd: stream.dup() for fd, stream in self.fds.items()}
        if self.traps:
            from shell import traps  # loaded already

            traps.inherit(self, other)
        return other

    def inherit(self):
        """Take the variables of a new shell from its environment."""
        env = self.process.env
        self.vars.update(env)
        self.exported.update(env)
        self.vars["IFS"] = _IFS  # whatever the environment says
        self.moved(None)

    def moved(self, old):
        """The working directory has changed: PWD and OLDPWD, which programs see, too."""
        env = self.process.env
        if old is None and env.get("PWD") == self.process.cwd:
            return
        self.own()
        env = self.process.env = env.copy()
        for name, value in (("PWD", self.process.cwd), ("OLDPWD", old)):
            if value is not None:
                self.vars[name] = env[name] = value
                self.exported.add(name)

    def own(self):
        """Copy the tables shared with a subshell, before a change."""
        if self.shared:
            self.shared = False
            self.vars = self.vars.copy()
            self.exported = self.exported.copy()
            self.functions = self.functions.copy()

    # --- what lib/process asks the leader of a session

    def is_background(self, process):
        """Whether process belongs to one of the jobs."""
        for job in self.jobs.list if self.jobs else ():
            if process in job.processes:
                return True
        return False

    def give_up(self, space):
        """Memory does not suffice: forget the Python variables (space), or cancel the job that was started last."""
        if space:
            self.space = None
        elif self.jobs:
            self.jobs.cancel()

    # --- variables

    def lookup(self, name):
        """The value of a variable or special parameter, None where it is not set."""
        value = self.vars.get(name)
        if value is not None:
            return value
        c = name[0]
        if c.isdigit():
            number = int(name)
            if not number:
                return self.name
            return self.args[number - 1] if number <= len(self.args) else None
        if c == "?":
            return self.status
        if c == "#":
            return len(self.args)
        if c == "!":
            return self.last_job
        if c == "$":
            return self.root().pid
        if c == "-":
            return self.flags + ("i" if self.interactive else "")
        if c in "@*":
            ifs = self.vars.get("IFS", _IFS)
            return ifs[:1].join(self.args) if self.args else ("" if c == "*" else None)
        if name == "PPID":
            return self.root().ppid
        if name == "LINENO" and not (self.kept and name in self.kept):
            return self.line
        if (c in "SFB_POREHUDGM" and name == name.upper()) or name[-1] == "]":
            from shell import special  # late: rare

            return special.lookup(self, name)
        if name == "COLUMNS" or name == "LINES":
            terminal = self.process.tty
            return terminal and (terminal.columns if name == "COLUMNS" else terminal.rows)
        return None

    def root(self):
        """The process of the shell that is no subshell: $$ and $PPID are of it."""
        process = self.process
        while process.subshell_of:
            process = process.subshell_of
        return process

    def assign(self, name, value):
        """Set a variable; one that is exported reaches the programs too."""
        if self.attributes and name in self.attributes:
            from shell import special  # late: rare

            value = special.changed(self, name, value)
            if value is None:
                return
        if name in self.readonly:
            raise Failure(name, "readonly variable", 1 if self.bash else 2)
        if self.shared:
            self.own()
        self.vars[name] = value
        if name in self.exported or "a" in self.flags:
            self.exported.add(name)
            self.set_env(name, value)
        if name == "PATH":
            resolve.rehash()
        elif name == "SECONDS" or name == "RANDOM":
            from shell import special  # late: rare

            special.assigned(self, name, value)

    def export(self, name, value=None):
        """Mark a variable for export, with a value if one is given."""
        if value is not None:
            self.assign(name, value)
        self.own()
        self.exported.add(name)
        if name in self.vars:
            self.set_env(name, self.vars[name])

    def set_env(self, name, value):
        """Change the environment of programs to come; those that run keep theirs."""
        env = self.process.env = self.process.env.copy()
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value

    def unset(self, name):
        """Forget a variable."""
        if name in self.readonly:
            raise Failure(name, "readonly variable")
        self.own()
        self.vars.pop(name, None)
        if self.attributes and name in self.attributes:
            from shell import special  # late: rare

            special.clear_attributes(self, name)
        if name in self.exported:
            self.exported.discard(name)
            self.set_env(name, None)

    def put_back(self, name, value, exported):
        """Restore a variable as it was: after `name=value command` and at the end of a function."""
        self.unset(name)
        if value is not None:
            self.vars[name] = value
            if exported:
                self.export(name)

    def ifs(self):
        """The characters that split fields."""
        value = self.vars.get("IFS")
        return _IFS if value is None else expand.text_of(value)

    def flag(self, letter):
        """True where `set -letter` is in force."""
        return letter in self.flags

    def arith(self, text):
        """The value of an arithmetic expression."""
        from shell import arith  # late: only scripts that count

        value = arith.quick(text, self.lookup)
        if value is None:
            from shell import expression  # late, and here, where it is shallow

            value = expression.evaluate(text, self.lookup, self.put)
        return value

    def put(self, name, value):
        """assign(), also to an element of an array."""
        if name[-1] != "]":
            return self.assign(name, value)
        from shell import arrays  # late: rare

        return arrays.put(self, name, value)

    def prompt(self, name):
        """The text of PS1 or PS2; a generator where that has to be found out."""
        text = self.vars.get(name)
        if text is None:
            return "> " if name == "PS2" else f"{self.process.cwd} $: "
        text = str(text)
        if "\\" in text or "$" in text or "`" in text:
            from shell import prompt  # late: many never set one

            return prompt.text(self, text)
        return text

    # --- streams

    def write(self, text):
        """Text to the shell's stdout."""
        self.process.stdout.write(text)

    def complain(self, obj, why, line=True):
        """An error of the shell itself; a script's names script and line."""
        if self.source and line:
            text = f"{self.source.name}: line {self.line}: "
        else:
            text = f"{self.name}: " if not self.interactive else ""
        if isinstance(why, BaseException):
            why = reason(why)
        self.process.stderr.write(f"{text}{obj}: {why}\n" if obj else f"{text}{why}\n")

    def alias(self, name):
        """The text of an alias, or None."""
        return self.aliases.get(name) if self.aliases else None
