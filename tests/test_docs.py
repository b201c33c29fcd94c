"""The documentation is true: its sessions match the simulator, and its links and names exist.

A fenced block that begins with ```console is a session. All blocks of a page are played in order, on a flash of its own:
    $ command            on the computer, in a directory that holds the page's files; ./tools/sim alone is a console
    /home $: command     at the console; so are lines after the prompts >, >>> and ...
    ^C                   a line with a key alone: press that key
    /home $: ^]q         the power switch
    cat > file           the lines between a command and ^D are typed
All other lines must appear as shown. A line "..." stands for any number of lines; after ```console numbers each number
stands for any number. A block ```python FILE or ```sh FILE is a file of the page.
"""

import ast
import re
import shlex
import subprocess
import time
from dataclasses import dataclass, field

import pytest
from harness import DEFAULT_SIM, PATIENCE, ROOT, Console

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]

PROMPT = re.compile(r"(/\S* \$:|\$|>>>|\.\.\.|>)(?: (.*))?$")
KEY = re.compile(r"(?:^|\$: )\^[A-Z\]]q?$")
ON_SCREEN = ("^C", "^Z")  # the terminal shows these keys
NUMBER = re.compile(r"\d+(?:\.\d+)?[KM]?|0x[0-9a-f]+")

every_page = pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])


@dataclass
class Block:
    """A fenced block: its language, what follows on that line, its lines."""

    language: str
    detail: str
    lines: list = field(default_factory=list)


def blocks_of(page):
    """The fenced blocks of a page."""
    blocks = []
    block = None
    for line in page.read_text().splitlines():
        if line.startswith("```"):
            if block is None:
                language, _, detail = line[3:].partition(" ")
                block = Block(language, detail)
                blocks.append(block)
            else:
                block = None
        elif block is not None:
            block.lines.append(line)
    assert block is None, f"{page.name}: a block has no end"
    return blocks


SESSIONS = [page for page in PAGES if any(block.language == "console" for block in blocks_of(page))]


class TallConsole(Console):
    """A console of the default board, tall enough that nothing scrolls away."""

    SIM = DEFAULT_SIM
    LINES = 400


class Player:
    """Plays the sessions of one page."""

    def __init__(self, flash):
        self.flash = flash
        self.console = None
        self.shown = []  # what has come in this block
        self.first = 0  # the row of the screen where this block begins

    def play(self, block):
        """Play a block; return the lines shown, prompts and commands included."""
        self.shown = []
        lines = block.lines
        if self.console:
            self.first = self.console.screen.cursor.y
        i = 0
        while i < len(lines):
            match = PROMPT.match(lines[i])
            behind = i + 1
            while behind < len(lines) and not PROMPT.match(lines[behind]):
                behind += 1
            if match:
                self.step(match.group(1), match.group(2) or "", lines[i + 1 : behind])
            i = behind
        self.leave_console()
        return self.shown

    def step(self, prompt, text, following):
        if prompt == "$":
            self.leave_console()
            self.host(text)
            return
        assert self.console, f"no console runs for: {prompt} {text}"
        if text == "^]q":
            self.press(text)
            self.ended()
            return
        row = self.console.screen.cursor.y
        self.console.send(text + "\r")
        keys = [i for i, line in enumerate(following) if KEY.match(line)]
        start = 0
        for i in keys:
            typed = following[i] == "^D"
            self.until(lambda: self.console.screen.cursor.y > row and not self.console.screen.cursor.x)
            if typed:
                for line in following[start:i]:
                    self.console.send(line + "\r")
            elif start < i:
                self.until(lambda i=i: following[i - 1] in self.screen_lines()[row:])
            start = i + 1
            self.press(following[i])
        if text == "exit" and prompt.startswith("/"):
            self.ended()
            return
        self.until(lambda: self.console.screen.cursor.y > row and self.at_prompt())

    def press(self, key):
        self.console.send(chr(ord(key[1]) & 31) + key[2:])

    def host(self, text):
        """Run a command of the computer; a simulator without commands becomes the console."""
        words = shlex.split(text, comments=True)
        plain = [word for word in words[1:] if "=" not in word]
        options = {}
        while words[0] == "./tools/sim" and plain and plain[0][:2] == "--":
            name = plain.pop(0)[2:].replace("-", "_")
            options[name] = plain.pop(0) if plain and plain[0][:1] != "-" else True
        self.shown.append("$ " + text)
        if words == ["./tools/sim"] or (words[0] == "./tools/sim" and not plain):
            if options.pop("fresh", False):
                self.flash.unlink(missing_ok=True)
            self.console = TallConsole(None)
            self.console(flash=str(self.flash), **options)
            self.first = 0
            self.until(self.at_prompt)
            return
        command = text.replace("./tools/sim", f"{shlex.join(DEFAULT_SIM)} --flash {shlex.quote(str(self.flash))}")
        run = subprocess.run(
            ["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, check=False
        )
        self.shown += run.stdout.decode().splitlines()

    def until(self, condition):
        """Read until condition() is true."""
        import pexpect

        limit = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < limit, "no answer:\n" + "\n".join(self.screen_lines()[-30:])
            try:
                self.console.child.read_nonblocking(4096, timeout=0.2)
            except pexpect.TIMEOUT:
                pass
            except pexpect.EOF:
                screen = "\n".join(self.screen_lines()[-30:])
                pytest.fail(f"the simulator has ended with {self.console.wait()}:\n{screen}", pytrace=False)

    def screen_lines(self):
        screen = self.console.screen
        return [line.rstrip() for line in screen.display[: screen.cursor.y + 1]]

    def at_prompt(self):
        match = PROMPT.match(self.screen_lines()[-1])
        return match is not None and match.group(1) != "$" and not match.group(2)

    def leave_console(self):
        """Save what the screen shows of this block, without the prompt at its end."""
        if self.console:
            self.shown += self.screen_lines()[self.first : self.console.screen.cursor.y]
            self.first = self.console.screen.cursor.y

    def ended(self):
        """The console's end."""
        self.console.wait()
        lines = self.screen_lines()[self.first :]
        while lines and (
            not lines[-1] or (PROMPT.match(lines[-1]) and not PROMPT.match(lines[-1]).group(2))
        ):  # the prompt at which the power went
            lines.pop()
        self.shown += lines
        self.console.close()
        self.console = None

    def close(self):
        if self.console:
            self.console.close()


def pattern_of(block):
    """The regular expression for the lines of a block, each with its newline."""
    out = []
    for line in block.lines:
        if line == "...":
            out.append("(?:.*\n)*?")
        elif KEY.search(line) and line not in ON_SCREEN:
            continue
        elif block.detail == "numbers" and not PROMPT.match(line):
            parts = [re.escape(part) for part in NUMBER.split(line)]
            text = f"(?:{NUMBER.pattern})".join(parts)
            out.append(re.sub(r"(?:\\ )+", " +", text.rstrip()) + "\n")
        else:
            out.append(re.escape(line.rstrip()) + "\n")
    return "".join(out)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """A flash of that board that has never booted."""
    path = tmp_path_factory.mktemp("delivered") / "flash.img"
    subprocess.run([*DEFAULT_SIM, "--no-boot", "--flash", str(path)], check=True, timeout=PATIENCE)
    return path


@pytest.mark.parametrize("page", SESSIONS, ids=[str(page.relative_to(ROOT)) for page in SESSIONS])
def test_sessions_are_as_shown(page, delivered, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    flash = tmp_path / "flash.img"
    flash.write_bytes(delivered.read_bytes())
    blocks = blocks_of(page)
    for block in blocks:
        if block.language in ("python", "sh") and block.detail:
            path = tmp_path / block.detail
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(block.lines) + "\n")
    player = Player(flash)
    try:
        for block in blocks:
            if block.language == "console":
                shown = "".join(line.rstrip() + "\n" for line in player.play(block))
                if not re.fullmatch(pattern_of(block), shown):
                    pytest.fail(
                        "the page shows:\n%s\n\nwhat came:\n%s" % ("\n".join(block.lines), shown), pytrace=False
                    )
    finally:
        player.close()


@every_page
def test_relative_links_exist(page):
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"", text):
        target = target[0] or target[1]
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), target
        assert ROOT in path.parents, target
        if anchor:
            assert anchor in anchors_of(path), target


def anchors_of(page):
    """The anchors of a page's headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_page
def test_python_in_the_docs_is_python(page):
    for block in blocks_of(page):
        if block.language == "python":
            ast.parse("\n".join(block.lines))


@every_page
def test_named_files_of_the_tree_exist(page):
    """Paths of the tree in running text exist, such as `lib/shell/parser.py` or `tools/sim`; NAME stands for any name."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    for path in re.findall(r"`((?:bin|etc|lib|opt|tests|tools|docs)/[\w./-]+)`", text):
        assert list(ROOT.glob(path.replace("NAME", "*"))), path


def defined(path):
    """The functions, methods (also as Class.method), classes and top-level names of a source."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef):
            methods = [each.name for each in node.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))]
            found.update([node.name, *methods, *[f"{node.name}.{method}" for method in methods]])
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.add(node.name)
        elif isinstance(node, ast.Assign):
            found.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return found


def named_pairs(text):
    """(name, file) pairs in running text, written as `drive()` in `lib/process/cpu.py`."""
    return re.findall(r"`([\w.]+)(?:\(\))?`\s+in\s+`((?:lib|bin)/[\w./-]+\.py)`", text)


def test_the_functions_that_the_architecture_names_exist():
    """`drive()` in `lib/process/cpu.py` exists, and each `name()` in running text is somewhere in the board's code."""
    text = re.sub(r"```.*?```", "", (ROOT / "docs" / "architecture.md").read_text(), flags=re.DOTALL)
    pairs = named_pairs(text)
    assert len(pairs) > 12
    for name, path in pairs:
        assert name in defined(ROOT / path), f"{name} in {path}"
    known = set().union(*[defined(path) for part in ("lib", "bin") for path in (ROOT / part).rglob("*.py")])
    for name in re.findall(r"`([\w.]+)\(\)`", text):
        first, _, last = name.rpartition(".")
        if first not in ("coro", "vfs"):  # Python's and MicroPython's
            assert name in known or last in known, name


def test_the_way_from_a_key_to_a_status_is_short():
    text = (ROOT / "docs" / "architecture.md").read_text()
    steps = text[text.index("### From a key to a status") :].split("\n\n")[2]
    files = set(re.findall(r"`(lib/[\w./]+\.py)`", steps))
    assert len(steps.splitlines()) > 12 and "lib/shell/parser.py" in files
    assert len(files) <= 12, sorted(files)


def test_every_file_of_the_shell_is_on_the_page():
    text = (ROOT / "docs" / "architecture.md").read_text()
    for path in (ROOT / "lib/shell").glob("[a-z]*.py"):
        assert f"`{path.name}`" in text, path.name


def test_the_glossary_is_sorted_and_names_what_exists():
    text = (ROOT / "docs" / "glossary.md").read_text()
    for section in text.split("\n## ")[1:]:
        terms = re.findall(r"^\* \*\*(.+?)\*\*", section, flags=re.MULTILINE)
        assert terms and terms == sorted(terms, key=str.lower), terms
    pairs = named_pairs(text)
    assert len(pairs) > 12
    for name, path in pairs:
        assert name in defined(ROOT / path), f"{name} in {path}"


def test_every_room_of_lib_is_on_the_page():
    text = (ROOT / "docs" / "architecture.md").read_text()
    for path in (ROOT / "lib").iterdir():
        if path.suffix == ".py" or list(path.glob("*.py")):
            assert f"`lib/{path.name}`" in text, path.name


def test_the_example_of_a_test_holds(sim, tmp_path):
    blocks = [block for block in blocks_of(ROOT / "docs" / "writing-a-program.md") if block.language == "python"]
    program = next(block for block in blocks if block.detail == "mine/tally.py")
    table = next(block for block in blocks if any(line.startswith("CASES = ") for line in block.lines))
    (tmp_path / "tally.py").write_text("\n".join(program.lines) + "\n")
    space = {"__name__": "test_tally"}
    exec("\n".join(table.lines), space)
    for case in space["CASES"]:
        run = sim(f"PATH=/mnt/bin:$PATH; {case.script}", stdin=case.stdin, mount=f"{tmp_path}:/mnt/bin")
        assert (run.stdout, run.status) == (case.stdout, case.status), case.name
