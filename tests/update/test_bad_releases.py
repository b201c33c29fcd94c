"""Releases that are signed and broken: the board rolls each of them back by itself."""

from pathlib import Path

import pytest

from simulator import standalone
from update.releases import OLD, PATHS, Releases

SHORT = """echo '{"upgrade": {"healthy": 2}}' > /etc/system.conf; """
BOOTS = 7  # the switch, three of the trial, one that takes it back, and some that restart by themselves


@pytest.fixture
def taken_back(releases, board, request):
    """A function: make a release of a tree after spoil(tree), bring it onto the board, and start that again and again."""

    def check(spoil, prepare="", *words, script="while sleep 1; do :; done"):
        name = request.node.name.partition("[")[0]
        tree = releases.tree("0.9.4", "tree-" + name)
        Releases.change(tree)
        spoil(tree)
        releases.make(tree, name)
        run = board.run(f"{SHORT}{prepare}upgrade -f /mnt/release/{name}", *words)
        assert run.returncode == 0, run.stderr
        said = ""
        for _ in range(BOOTS):
            run = board.run(f"upgrade --status > /tmp/s; grep -q trial /tmp/s || exit 7; {script}", *words)
            said += run.stdout + run.stderr
            if run.returncode == 7:
                break
        assert run.returncode == 7, said
        assert board.files() == releases.sums(releases.old, PATHS)
        assert f"back to {OLD}" in board.run("upgrade --status").stdout
        return said

    return check


def append(path, text):
    path.write_text(path.read_text() + text)


def test_a_kernel_that_raises(taken_back):
    assert "oops" in taken_back(lambda tree: append(tree / "lib/kernel/boot.py", 'raise ValueError("oops")\n'))


def test_a_kernel_that_cannot_be_compiled(taken_back):
    taken_back(lambda tree: append(tree / "lib/kernel/__init__.py", "def (\n"))


def test_a_main_program_that_cannot_be_compiled(taken_back):
    taken_back(lambda tree: append(tree / "main.py", "def (\n"))


@pytest.mark.slow(15)
def test_a_kernel_that_hangs(taken_back):
    taken_back(lambda tree: append(tree / "lib/kernel/boot.py", "while True:\n    pass\n"))


@pytest.mark.slow(15)
def test_a_loop_that_hangs_after_the_prompt(taken_back):
    taken_back(lambda tree: append(tree / "lib/kernel/start.py", HANG))


HANG = """
_trial = trial


def trial():
    _trial()
    base.schedule(_hang())


async def _hang():
    while True:
        pass
"""


@pytest.mark.slow(15)
def test_a_service_that_does_not_start(taken_back, port_offset):
    prepare = "mkdir -p /local/services; cp /etc/services/telnetd /local/services/telnetd; "
    prepare += "echo enabled=yes >> /local/services/telnetd; "

    def spoil(tree):
        append(tree / "bin/utelnetd.py", 'raise ValueError("oops")\n')

    taken_back(
        spoil,
        prepare + "printf 'secret\\nsecret\\n' | passwd root; service start telnetd; ",
        "--port-offset",
        str(port_offset),
    )


def test_a_recovery_program_that_fails_only_when_it_matters(taken_back):
    """The one that has put it in place is still there, and rolls it back."""

    def spoil(tree):
        path = tree / "recovery.py"
        text = path.read_text()
        assert "    global counted\n" in text
        line = '    if ROOM == "/var/update/":\n        raise ValueError("oops")\n'
        path.write_text(text.replace("    global counted\n", "    global counted\n" + line, 1))

    said = taken_back(spoil)
    assert "oops" in said and "does not work" in said


REFUSED = {
    "boot.py that does not compile": ("boot.py", "def (\n"),
    "boot.py that raises": ("boot.py", 'raise ValueError("oops")\n'),
    "boot.py that does not start recovery.py": ("boot.py", "import sys\n"),
    "recovery.py that does not compile": ("recovery.py", "def (\n"),
    "recovery.py that raises": ("recovery.py", 'raise ValueError("oops")\n'),
    "recovery.py that does nothing": ("recovery.py", "def run():\n    pass\n"),
}


@pytest.fixture(scope="session")
def spoiled(releases):
    """The tree of another release, once; its rescue.py is complete, so that it needs no recovery.py to be made."""
    tree = releases.tree("0.9.5", "tree-refused")
    Releases.change(tree)
    (tree / "rescue.py").write_bytes(Path(standalone.path(tree, "rescue.py")).read_bytes())
    return tree


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_not_be_taken_back_is_not_put_in_place(board, releases, spoiled, name):
    path, text = REFUSED[name]
    before = (spoiled / path).read_text()
    (spoiled / path).write_text(text)
    try:
        releases.make(spoiled, "refused")
    finally:
        (spoiled / path).write_text(before)
    run = board.run("upgrade -f /mnt/release/refused; echo status $?; upgrade --status; ls /var/update")
    assert "status 1" in run.stdout and f"upgrade: {path}: the release's file" in run.stderr, run.stdout + run.stderr
    assert "is ready" not in run.stdout and "rehears" not in run.stdout
    assert board.files() == releases.sums(releases.old, PATHS)


def test_a_recovery_program_that_works_otherwise_but_not_the_way_back(board, releases, spoiled):
    path = spoiled / "recovery.py"
    before = path.read_text()
    assert "            rename(old, path)\n" in before
    path.write_text(before.replace("            rename(old, path)\n", "            pass\n", 1))
    try:
        releases.make(spoiled, "one-way")
    finally:
        path.write_text(before)
    assert "cannot roll back" in board.run("upgrade -f /mnt/release/one-way").stderr
    assert board.files() == releases.sums(releases.old, PATHS)
