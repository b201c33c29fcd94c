"""tools/diatom: run and console, and the simulator as a board."""

import os
import subprocess

import pytest
from harness import PATIENCE, ROOT

PROGRAM = """
def __main__(args):
    print("args", args)
    try:
        print("input", input())
    except EOFError:
        print("no input")
    return 7
"""


@pytest.fixture(params=["serial", "telnet"])
def board(request, remote):
    board = remote()
    if request.param == "telnet":
        board.address = board.serve()
    return board


def test_a_program(board, tmp_path):
    path = tmp_path / "pro-gram.py"
    path.write_text(PROGRAM)
    result = board("run", path, "a", "b c", "$x", stdin="one\ntwo\n")
    assert (result.stdout, result.status) == ("args ['a', 'b c', '$x']\ninput one\n", 7)
    result = board("run", path)
    assert (result.stdout, result.status) == ("args []\nno input\n", 7)
    assert board("ls", "/tmp").stdout == ""


def test_plain_python_and_a_script(board, tmp_path):
    (tmp_path / "plain.py").write_text("import sys\nprint(sys.argv[1:], 6 * 7)\n")
    assert board("run", tmp_path / "plain.py", "x").stdout == "['x'] 42\n"
    (tmp_path / "script.sh").write_text('for i in 1 2; do\n  echo "$i $1"\ndone\nexit 4\n')
    result = board("run", tmp_path / "script.sh", "it's")
    assert (result.stdout, result.status) == ("1 it's\n2 it's\n", 4)


def test_commands(board):
    result = board("run", "-c", 'echo "a  b" | wc -c; false')
    assert (result.stdout.split(), result.status) == (["5"], 1)
    assert board("run", "-c", "seq 3000").stdout == "".join(f"{i}\n" for i in range(1, 3001))


def test_console(board):
    result = board("console", stdin="echo $((40 + 2))\r")
    assert result.status == 0
    assert "\r\n42\r\n" in result.stdout


def test_a_board_with_telnet_alone(remote):
    board = remote()
    board.serve()
    board.address = f"telnet://root:geheim@127.0.0.1:{23 + board.offset}"
    assert "\r\n42\r\n" in board("console", stdin="echo $((40 + 2))\r").stdout
    result = board("ls", "/")
    assert result.status == 1 and "does not reach the board's files" in result.stderr and "geheim" not in result.stderr


@pytest.fixture
def own_simulator(tmp_path):
    """Callable: tools/diatom for a simulated board of this test's own."""
    address = f"sim:{tmp_path / 'own.img'}"

    def run(*words):
        command = [str(ROOT / "tools" / "diatom"), "-b", address, *words]
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)

    yield run
    run("sim", "stop")


def test_the_simulator_is_a_board(own_simulator, tmp_path):
    name = str(tmp_path / "own.img")
    first = own_simulator("ls", "/etc")
    assert first.returncode == 0 and "motd" in first.stdout.split()
    assert name in own_simulator("sim", "status").stdout
    assert own_simulator("run", "-c", "echo kept > /home/kept").returncode == 0
    assert own_simulator("sim", "stop").returncode == 0
    assert name not in own_simulator("sim", "status").stdout
    assert own_simulator("sim", "stop").returncode == 1
    assert own_simulator("cat", "/home/kept").stdout == "kept\n"


def test_options_of_the_simulator(own_simulator):
    assert own_simulator("sim", "start", "--", "--image", "romfs", "--heap", "250k").returncode == 0
    assert own_simulator("ls", "/lib/kernel").returncode == 1  # it is in the ROM
    result = own_simulator("sim", "start", "--", "--heap", "300k")
    assert result.returncode == 1 and "runs already" in result.stderr


def test_help_everywhere():
    tool = str(ROOT / "tools" / "diatom")
    overview = subprocess.run([tool, "--help"], capture_output=True, text=True)
    verbs = [line.split()[0] for line in overview.stdout.splitlines() if line.startswith("  ") and "  " in line.strip()]
    verbs = [verb for verb in verbs if verb.isalpha() and verb != "sim,"]
    assert {"info", "ls", "cp", "deploy", "flash", "mount"} <= set(verbs)
    for verb in verbs:
        result = subprocess.run([tool, verb, "--help"], capture_output=True, text=True)
        assert result.returncode == 0 and result.stdout.startswith(f"usage: diatom {verb}"), verb
    wrong = subprocess.run([tool, "frob"], capture_output=True, text=True)
    assert wrong.returncode == 2 and "frob: no such verb" in wrong.stderr
    assert subprocess.run([tool], capture_output=True, env={**os.environ}).returncode == 2


def test_a_board_that_restarts_meanwhile(board):
    result = board("run", "-c", "echo before; reboot", stdin="input\n")
    assert result.stdout.startswith("before\n") and result.status == 1
    assert result.stderr.startswith("diatom: ") and "Traceback" not in result.stderr
