"""Packs (lib/packs.py): the system on a small flash."""

import hashlib
import os
import subprocess
import zlib

import pytest
from harness import PATIENCE, SIM
from plain_board import PLAIN_MAIN

from simulator import packs

PICO_W = "848K"  # of the 2 MB, the file system


@pytest.fixture
def empty(remote, tmp_path):
    """Callable: a board that has MicroPython alone."""

    def empty(**options):
        plain = tmp_path / "plain"
        plain.mkdir(exist_ok=True)
        (plain / "main.py").write_text(PLAIN_MAIN)
        return remote(image="source", tree=plain, **options)

    return empty


def test_the_file_system(sim, tmp_path):
    """Every file and directory of a ROMFS image, read-only."""
    script = "cd /rom; find lib | sort; ls -l bin/ls.mpy; sha256sum bin/*.mpy lib/shell/*.mpy"
    packed, rom = sim(script, image="packed"), sim(script, image="romfs", flash=str(tmp_path / "rom.img"))
    left_out = "lib/packs.mpy\n"  # which cannot lie in a pack itself
    writer = "lib/romfs.mpy\n"  # which replaces the image, and is not in it
    assert packed.stdout.replace(writer, "") == rom.stdout.replace(left_out, "") and packed.stdout.count("\n") > 500
    result = sim(
        "cd /rom/lib/base; pwd; ls .. | head -n 1; cd nix; cat /rom/bin; cat nix; > /rom/x; rm /rom/bin/ls.mpy; grep rom /proc/mounts",
        image="packed",
    )
    assert result.stdout == "/rom/lib/base\narchive\nnone /rom packs ro 0 0\n"
    assert [line.rpartition(": ")[2] for line in result.stderr.splitlines()] == [
        "No such directory",
        "Is a directory",
        "No such file or directory",
        "Read-only file system",
        "Read-only file system",
    ]


def test_a_name_that_only_has_the_same_sum_is_not_there(sim, tmp_path):
    """Two names with one CRC (found by counting): the pack has one of them."""
    name, other = same_sum("bin/%s.mpy")
    found = packs.make({name: b"what it holds"})
    for path, data in found.items():
        place = tmp_path / os.path.basename(path)
        place.write_bytes(data)
    script = f"""
import packs
found = packs.Packs("/mnt/host/")
print(found.open("/{name}", "r").read(), list(found.ilistdir("/bin")))
try:
    found.stat("/{other}")
except OSError as e:
    print(e.errno)
"""
    (tmp_path / "look.py").write_text(script)
    result = sim("python /mnt/host/look.py", mount=f"{tmp_path}:/mnt/host")
    assert result.stdout == f"what it holds [('{name[4:]}', 32768, 0, 0)]\n2\n"
    with pytest.raises(AssertionError, match="CRC"):
        packs.make({name: b"", other: b""})


def test_files_that_share_a_stream_end_where_they_end(sim, tmp_path):
    """Several small files in one stream, each read in every way, forwards and backwards."""
    files = {f"bin/{number}.mpy": b"%d line\n" % number * (number * 60 + 1) for number in range(40)}
    largest = max(len(data) for data in files.values())
    assert largest > packs.STREAM
    for path, data in packs.make(files).items():
        (tmp_path / os.path.basename(path)).write_bytes(data)
    script = """
import packs
found = packs.Packs("/mnt/host/")
buffer = bytearray(1000)
for number in range(40):
    content = b"%d line\\n" % number * (number * 60 + 1)
    name = "/bin/%d.mpy" % number
    assert found.stat(name)[6] == len(content)
    with found.open(name, "rb") as file:
        assert file.read() == content and file.read() == b"" == file.readline()
        assert file.seek(2) == 2 and file.read(5) == content[2:7]
        assert file.seek(-3, 2) and file.readinto(buffer) == 3 and buffer[:3] == content[-3:]
        file.seek(0)
        assert file.readlines() == content.splitlines(True)
        print(number, end=" ")
"""
    (tmp_path / "look.py").write_text(script)
    result = sim("python /mnt/host/look.py", mount=f"{tmp_path}:/mnt/host", heap="2M")
    assert (result.stdout, result.stderr) == ("".join("%d " % number for number in range(40)), "")


def test_its_files_have_lines_characters_and_a_position(sim, tmp_path):
    """Compared with a copy of the same file on the flash."""
    script = """
import os
name, copy = "/rom/lib/heads.txt", "/home/heads.txt"
for mode in ("r", "rb"):
    with open(name, mode) as one, open(copy, mode) as two:
        size = os.stat(name)[6]
        assert one.seek(0, 2) == one.tell() == size and not one.read() and one.seek(-2, 1) == size - 2
        for place in (0, 40_000, 7, size - 9, 300):
            assert one.seek(place) == two.seek(place) == place
            assert one.read(9) == two.read(9), place
            assert one.readline() == two.readline(), place
            assert one.tell() == two.tell(), place
        assert one.seek(100_000_000) == size
        one.seek(size - 400)
        two.seek(size - 400)
        assert [line for line in one] == list(two)
for line in ("one.seek(-1)", "one.write('x')"):
    one = open(name)
    try:
        exec(line)
    except OSError as e:
        print(line, e.errno)
"""
    (tmp_path / "look.py").write_text(script)
    look = "tail -n 1 $F; tail -c 9 $F; tac $F | head -n 1; xxd -s 500 -l 16 $F; sed -n '$p' $F; tail -c 8 /rom/bin/ls.mpy | xxd"
    copy = look.replace("/rom/bin/ls.mpy", "/home/ls.mpy")
    result = sim(
        f"F=/rom/lib/heads.txt; cp $F /rom/bin/ls.mpy /home; ({look}) > /home/a; F=/home/heads.txt; ({copy}) > /home/b; "
        "cmp /home/a /home/b && grep -c . /home/a; python /mnt/host/look.py",
        image="packed",
        mount=f"{tmp_path}:/mnt/host",
    )
    assert (result.stdout, result.stderr) == ("6\none.seek(-1) 22\none.write('x') 30\n", "")


def test_characters_of_several_bytes(sim, tmp_path):
    text = "aä€😀b" * 50
    for path, data in packs.make({"lib/text.txt": text.encode()}).items():
        (tmp_path / os.path.basename(path)).write_bytes(data)
    script = """
import packs
for size in range(1, 9):
    file = packs.Packs("/mnt/host/").open("/lib/text.txt", "r")
    found = []
    while piece := file.read(size):
        assert len(piece) <= size
        found.append(piece)
    print(len(found), "".join(found) == "aä€😀b" * 50)
"""
    (tmp_path / "look.py").write_text(script)
    result = sim("python /mnt/host/look.py", mount=f"{tmp_path}:/mnt/host")
    assert result.stdout == "".join("%d True\n" % -(-250 // size) for size in range(1, 9)), result.stderr


def test_the_space_is_that_of_the_packs(sim):
    result = sim("cat /lib/packed/* | wc -c; df /rom; stat -f /rom | grep Blocks", image="packed")
    size, _, line, blocks = result.stdout.splitlines()
    kind, total, used, free, share, point = line.split()
    assert (kind, point, used, free, share) == ("packs", "/rom", total, "0", "100%")
    assert 0 <= int(total) - int(size) / 1024 <= 4 * packs.PACKS
    assert blocks.split()[2] == str(int(total) // 4)


def same_sum(pattern):
    seen = {}
    for number in range(1_000_000):
        name = pattern % hashlib.md5(b"%d" % number).hexdigest()[:12]
        crc = zlib.crc32(name.encode())
        if crc in seen:
            return seen[crc], name
        seen[crc] = name
    raise AssertionError("no two names with one CRC")


@pytest.mark.slow(25)
def test_a_pico_w_has_room_for_it(empty, tmp_path):
    """Nothing is changed by what does not fit; the smallest profile leaves room, and is brought up to date in place."""
    board = empty(flash_size=PICO_W, heap="400k")
    before = board.json("ls", "-R", "/")
    result = board("deploy")
    assert result.status == 1
    assert "as packed with --profile full the system needs " in result.stderr
    assert "(smaller: --profile small, --profile minimal)" in result.stderr
    assert board.json("ls", "-R", "/") == before
    result = board.json("deploy", "--minimal")
    assert result["as"] == "packed" and len(result["written"]) < 60
    board.wait_for_prompt()
    assert board.json("info")["free_flash"] > 172_000
    assert board.shell("echo one two | sed s/two/2/; cd /rom/bin; man ls | grep -c usage") == "one 2\n1\n"
    again = board.json("deploy", "--minimal")
    assert (again["as"], again["written"], again["removed"]) == ("packed", [], [])


@pytest.mark.slow(25)
def test_from_compiled_files_to_packs_and_back(remote, small_tree):
    """Unknown files stay: packages of the owner among the files that are removed."""
    board = remote(image="mpy", tree=small_tree)
    board.json("deploy", "--as", "mpy", "--tree", small_tree, "--no-reset")
    board.shell("echo 'def __main__(args): print(42)' > /bin/mine.py; mkdir /lib/more; echo x > /lib/more/data")
    result = board.json("deploy", "--as", "packed", "--tree", small_tree)
    assert "/lib/packed/00" in result["written"] and "/bin/ls.mpy" in result["removed"]
    board.wait_for_prompt()
    assert (
        board.shell("mine; ls /bin/*.py; ls -A /lib")
        == "42\n/bin/mine.py\nmore  packed  packs.mpy  spare.py  spare.z\n"
    )
    (small_tree / "bin" / "hello.py").write_text("def __main__(args):\n    print('hello')\n")
    result = board.json("deploy", "--tree", small_tree)
    assert result["as"] == "packed" and 0 < len(result["written"]) < 6  # its pack, and those of /bin and the manuals
    board.wait_for_prompt()
    assert board.shell("hello; which ls") == "hello\n/bin/ls\n"
    result = board.json("deploy", "--as", "mpy", "--tree", small_tree)
    assert "/lib/packed/00" in result["removed"]
    board.wait_for_prompt()
    assert board.shell("which ls; mine; ls /rom 2>/dev/null; cat /lib/more/data") == "/bin/ls\n42\nx\n"


def test_a_pack_that_is_missing_is_not_half_a_system(sim):
    """While a deployment adds or removes packs, the files in /lib run; without any, the firmware's prompt appears."""
    sim("rm /lib/packed/03", image="packed")
    result = sim("echo here", image="packed")
    assert "Rescue: the system cannot be started" in result.stdout + result.stderr


def test_it_runs_with_the_stack_of_a_pico(tmp_path):
    command = [*SIM, "--fresh", "--flash", str(tmp_path / "x.img"), "--image", "packed", "--stack", "rp2"]
    script = (
        "for i in 1 2; do ls / | sed -n 's/var/y/p' | sort | awk '{print}' | wc -l; done; echo '{\"a\":[1]}' | jq -c .a"
    )
    run = subprocess.run([*command, "-c", script], capture_output=True, text=True, timeout=PATIENCE)
    assert (run.stdout, run.stderr) == ("1\n1\n[1]\n", "")
