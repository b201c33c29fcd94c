# The shell: runs parsed commands, one complete command at a time, from a script, a text or standard input.

import asyncio

from base.errors import Failure
from process.process import Process
from shell import execute, expand
from shell.ast import HANDLERS
from shell.lexer import ShellSyntaxError
from shell.parser import Parser
from shell.variables import State


class Shell(State):
    """A shell execution environment."""

    def visit(self, node):
        """Run a node: its status, or a generator that returns it."""
        return HANDLERS[node[0]](self, node)

    def failed(self, status):
        """A command has failed, or not: set -e ends the shell when nothing tests it. For trap ERR, too."""
        if status and not self.tested and not self.unwind:
            if self.traps:
                self.traps.failed(self, status)
            if "e" in self.flags:
                raise SystemExit(status)

    def fork(self, node, name, run=None, **streams):
        """Run a node, or else run(shell), a generator, in a subshell; returns its Process."""
        from shell import scripts  # late: a session may run programs only

        process = Process(name, [], self.process, **streams)
        process.subshell_of = self.process
        try:
            shell = self.copy(process)
            process.start(lambda args: execute.run(scripts.run_forked(shell, node, run)))
        except MemoryError:
            process.end(1)
            raise
        return process

    def script(self, path, name):
        """The main function of a process that runs the script at path."""
        from shell import scripts  # late: a session may run programs only

        return scripts.main_of(self, path, name)

    def capture(self, part):
        """The output of $( ), without the newlines at its end; a generator."""
        from shell import capture  # late: with the first of them

        return capture.output(self, part)

    def pipe(self, part):
        """The stream of <( ) or >( ) that is the target of a redirection; a generator."""
        from shell import capture  # late: rare

        return capture.pipe(self, part)

    def pause(self):
        """Let others run: for loops that wait for nothing; a generator."""
        yield from asyncio.sleep_ms(0)

    def run_text(self, text, line=1):
        """Run commands from text in this shell (eval, -c); a generator that returns the status."""
        return self.run_parser(Parser(text=text, line=line))

    def run_reader(self, read):
        """Run commands from lines of read(); a generator that returns the status."""
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
            raise SystemExit(self.status or 2, True)  # True: an error, no exit

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
        if self.bash and not self.process.subshell_of and not isinstance(e, expand.Unset):
            self.failed(e.status)
        else:
            self.failed_syntax()

    def run_source(self, source):
        """Run a script to its end; a generator that returns the status."""
        outer = self.source
        self.source = source
        if "v" in self.flags:
            source.echo = self.process.stderr
        parser = Parser(source.read)
        parser.alias = self.alias
        ran = False
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
                        return self.status if ran else 0
                    if source.kept is not None:
                        source.keep(place, node, source.place())
                ran = True
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
                elif node[0] == "label":
                    source.labels[node[2]] = source.place()
        finally:
            self.source = outer
            source.file.close()
