"""Releases that are signed and wrong: the board takes each of them back by itself."""

import pytest

from update.releases import OLD, PATHS, change

SHORT = """echo '{"upgrade": {"healthy": 2}}' > /etc/system.conf; """
BOOTS = 7  # the switch, three of the trial, one that takes it back, and some that restart by themselves


@pytest.fixture
def taken_back(releases, board, request):
    """A function: make a release of a tree after spoil(tree), bring it onto the board, and start that again and again."""

    def check(spoil, prepare="", *words, script="while sleep 1; do :; done"):
        name = request.node.name.partition("[")[0]
        tree = releases.tree("0.9.4", "tree-" + name)
        change(tree)
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


@pytest.mark.slow
def test_a_kernel_that_hangs(taken_back):
    taken_back(lambda tree: append(tree / "lib/kernel/boot.py", "while True:\n    pass\n"))


@pytest.mark.slow
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


@pytest.mark.slow
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


def test_a_boot_program_that_does_not_count(taken_back):
    """Its count is missing; the system notices, and counts itself."""
    taken_back(lambda tree: (tree / "boot.py").write_text("import sys\n"))
