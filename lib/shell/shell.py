# The shell: its state, and what the interpreter, the built-ins and the sessions do with it.
#
# A Shell belongs to one process. A subshell is a copy that runs as a process of its own, so what it changes stays
# there. Variables keep the Python type they were given (upyOS) and become text when they are expanded.

import asyncio
import os

from micropython import const

from base.errors import Failure, reason
from process.process import Process
from process.files import Capture
from shell import commands, expand, interp, trampoline
from shell.lexer import ShellSyntaxError
from shell.parser import Parser

# As in shell.parser; a constant costs nothing only in its own module.
_CMD = const(0)
_LABEL = const(14)
_PYTHON = const(12)

_CAPTURE_MAX = const(65536)  # bytes that $( ) may give

_IFS = " \t\n"

_INHERITED = "flags options pipefail status last_job last_pid tested depth loops aliases space source line"


class Shell:
    """One shell environment (POSIX 2.13)."""

    # What most shells never change stands here once instead of in each of them.
    flags = ""  # letters that are set: e u x f n C a
    options = ()  # names set by `set -o` that have no letter
    pipefail = False
    status = 0
    last_job = ""  # $! : the pid of the last background process
    last_pid = ""
    unwind = None  # (what, argument) while break, continue, return, goto or skip take effect
    tested = 0  # depth of commands whose failure is no error (set -e)
    depth = 0  # functions and scripts inside each other
    loops = 0  # loops around what runs
    locals = None  # variables to put back when the function returns
    outer_jobs = None  # those of the shell that this is a copy of, for $(jobs -p)
    jobs = None  # shell.jobs.Jobs once there is one
    traps = None
    aliases = None
    space = None  # the namespace of `> code` and `< expression`
    source = None  # the script that is being read
    line = 0
    fds = None  # streams above 2
    interactive = False
    typed = ""  # the command as it was typed, for the list of jobs
    shared = False  # vars, exported and functions are another shell's too, until own()
    substituted = False  # the command had a $( ), whose status counts if there is no other
    pending = False  # a trap waits to be run
    pipes = None  # the statuses of the last pipeline, until the next command
    calls = None  # (name, calls) of the functions that run
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
        """A subshell environment for process. What it shares with this one is copied by who first changes it."""
        other = Shell(process, self.name, self.args)
        other.vars = self.vars
        other.exported = self.exported
        other.readonly = self.readonly
        other.functions = self.functions
        self.shared = other.shared = True
        for name in _INHERITED.split():
            value = getattr(self, name)
            if value is not getattr(Shell, name):
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
        """Before a change: make what is shared with a subshell this shell's own."""
        if self.shared:
            self.shared = False
            self.vars = self.vars.copy()
            self.exported = self.exported.copy()
            self.functions = self.functions.copy()

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
            return self.root_pid()
        if c == "-":
            return self.flags + ("i" if self.interactive else "")
        if c in "@*":
            ifs = self.vars.get("IFS", _IFS)
            return ifs[:1].join(self.args) if self.args else ("" if c == "*" else None)
        if name == "PPID":
            return self.process.ppid
        if name == "LINENO":
            return self.line
        if name == "RANDOM":
            return int.from_bytes(os.urandom(2), "little") & 32767
        if name == "PWD":
            return self.process.cwd
        if c in "SFB_PO" or name[-1] == "]":
            from shell import special  # late: rare

            return special.lookup(self, name)
        if name == "COLUMNS" or name == "LINES":
            terminal = self.process.tty
            return terminal and (terminal.columns if name == "COLUMNS" else terminal.rows)
        return None

    def root_pid(self):
        """$$ : the shell that is no subshell."""
        process = self.process
        while process.subshell_of:
            process = process.subshell_of
        return process.pid

    def assign(self, name, value):
        """Set a variable; one that is exported reaches the programs too."""
        if name in self.readonly:
            raise Failure(name, "is read only", 2)
        if self.shared:
            self.own()
        self.vars[name] = value
        if name in self.exported or "a" in self.flags:
            self.exported.add(name)
            self.set_env(name, value)
        if name == "PATH":
            commands.forget()

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
            raise Failure(name, "is read only")
        self.own()
        self.vars.pop(name, None)
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

        return arith.evaluate(text, self.lookup, self.put)

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

    # --- running

    def visit(self, node):
        """Run a node: its status, or a generator that returns it."""
        return interp.VISIT[node[0]](self, node)

    def failed(self, status):
        """A command has failed, or not: set -e ends the shell when nothing tests it. For trap ERR, too."""
        if status and not self.tested and not self.unwind:
            if self.traps:
                self.traps.failed(self, status)
            if "e" in self.flags:
                raise SystemExit(status)

    def fork(self, node, name, **streams):
        """Run a node in a subshell; returns its Process."""
        from shell import scripts  # late: a session may run programs only

        process = Process(name, [], self.process, **streams)
        process.subshell_of = self.process
        try:
            shell = self.copy(process)
            process.start(lambda args: trampoline.run(scripts.run_forked(shell, node)))
        except MemoryError:
            process.end(1)
            raise
        return process

    def capture(self, part):
        """The output of $( ), without the newlines at its end; a generator."""
        if isinstance(part[2], str):
            text = part[2]
            if not text.strip():
                self.status = 0
                return ""
            parser = Parser(text=text, line=part[3])
            parser.alias = self.alias
            part[2] = yield parser.program()
        out = Capture(_CAPTURE_MAX)
        node = part[2]
        if node[0] == _PYTHON or (node[0] == _CMD and not node[3]):
            from shell import pyline  # late: rare

            node = yield pyline.contents(self, node)
        argv = commands.plain_words(self, node)
        if argv is None:
            self.status = yield self.fork(node, "sh", stdout=out.dup()).wait()
        else:  # no subshell for what could not change anything in it
            if not isinstance(argv, list):
                argv = yield argv
            status = commands.captured(self, argv, out)
            self.status = status if isinstance(status, int) else (yield status)
        self.substituted = True
        data = out.data
        if b"\0" in data:
            data = data.replace(b"\0", b"")
        try:
            return data.decode().rstrip("\n")
        except UnicodeError:
            from shell import escape  # late: rare

            return escape.loose(data).rstrip("\n")

    def pause(self):
        """Let others run: for loops that wait for nothing; a generator."""
        yield from asyncio.sleep_ms(0)

    def run_text(self, text, line=1):
        """Run commands from text in this shell (eval, -c); a generator that returns the status."""
        return self.run_parser(Parser(text=text, line=line))

    def run_reader(self, read):
        """Run the commands that read() gives line by line; a generator that returns the status."""
        return self.run_parser(Parser(read))

    def run_parser(self, parser):
        parser.alias = self.alias
        while True:
            node = yield from self.parse(parser)
            if node is None:
                return self.status
            yield from self.step(node)
            if self.unwind:
                return self.status

    def parse(self, parser):
        """The next command of parser; a syntax error ends the text with status 2."""
        try:
            return (yield parser.command())
        except ShellSyntaxError as e:
            self.syntax_error(e)
            return None

    def syntax_error(self, e):
        self.line = e.line
        self.status = 2
        name = self.source.name if self.source else self.name
        self.process.stderr.write(f"{name}: line {e.line}: syntax error: {e.args[0]}\n")
        self.failed_syntax()

    def failed_syntax(self):
        """What an error of the shell does beyond its message: a shell that is not interactive ends."""
        if not self.interactive:
            raise SystemExit(self.status or 2)

    def step(self, node):
        """Run one complete command; a generator. An error of the shell itself ends a script."""
        waiting = self.begin(node)
        if waiting:
            yield waiting

    def begin(self, node):
        """Run one complete command: None when that is done, or a generator for the rest."""
        if "n" in self.flags and not self.interactive:
            return None
        try:
            status = self.visit(node)
            if isinstance(status, int) and not self.pending:
                self.status = status
                return None
        except (ShellSyntaxError, Failure) as e:
            self.trouble(e)
            return None
        return self.finish(status)

    def finish(self, status):
        """The rest of a command that had to wait, or that a trap follows."""
        try:
            if not isinstance(status, int):
                status = yield status
            self.status = status
            if self.pending:
                yield self.traps.run(self)
        except (ShellSyntaxError, Failure) as e:
            self.trouble(e)

    def trouble(self, e):
        """An error of the shell itself, or a syntax error in a $( ) or an eval."""
        self.unwind = None
        if isinstance(e, ShellSyntaxError):
            self.syntax_error(e)
            return
        self.status = e.status
        self.complain("", e)
        self.failed_syntax()

    def run_source(self, source):
        """Run a script to its end; a generator that returns the status."""
        outer = self.source
        self.source = source
        if "v" in self.flags:
            source.echo = self.process.stderr
        parser = Parser(source.read)
        parser.alias = self.alias
        try:
            while True:
                place = (
                    source.place() if source.kept is not None or parser.lexer.pos >= len(parser.lexer.text) else None
                )
                kept = source.kept.get(place[0]) if source.kept and place else None
                if kept:
                    node, behind = kept
                    source.go(behind)
                else:
                    parser.lexer.line = place[1] if place else parser.lexer.line
                    parser.read = source.read
                    node = yield from self.parse(parser)
                    if node is None:
                        return self.status
                    if source.kept is not None:
                        source.keep(place, node, source.place())
                waiting = self.begin(node)
                if waiting:
                    yield waiting
                if self.unwind:
                    what, arg = self.unwind
                    if what not in ("goto", "skip"):
                        return self.status
                    self.unwind = None
                    if what == "goto":
                        source.goto(arg, self.line)
                        self.turns += 1
                        if not self.turns & 63:
                            yield self.pause()
                    else:
                        source.skip(arg)
                    parser.lexer.add("")
                elif node[0] == _LABEL:
                    source.labels[node[2]] = source.place()
        finally:
            self.source = outer
            source.file.close()

    def alias(self, name):
        """The text of an alias, or None."""
        return self.aliases.get(name) if self.aliases else None
