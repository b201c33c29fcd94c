"""mount and umount: RAM disks, image files, partitions, cards, and refusals."""

import random

import pytest

ON_SPI = {"sd.blocks": 4096, "sd.spi": '"0"', "sd.cs": 17}  # the pins that the board file of a Pico has


@pytest.mark.parametrize("kind", ["littlefs2", "fat"])
def test_a_disk_in_memory_holds_files_until_umount(sim, kind):
    result = sim(
        f"mount -t {kind} -o size=96k ram /ram && cp /bin/awk.mpy /ram/a && cmp /bin/awk.mpy /ram/a && cat /proc/mounts\n"
        "umount /ram && ls /ram"
    )
    name = "vfat" if kind == "fat" else kind
    assert f"ram /ram {name} rw 0 0\n" in result.stdout
    assert result.stderr == "ls: /ram: No such file or directory\n"


@pytest.mark.parametrize("kind", ["littlefs2", "fat"])
def test_an_image_file_keeps_its_files(sim, kind):
    result = sim(
        f"truncate -s 64k /home/img; mount /home/img /i; mount -f -t {kind} /home/img /i && echo kept > /i/x && umount /i\n"
        "mount -r /home/img /i && cat /i/x; mount | grep img; echo y > /i/y; rm /i/x; umount /i; echo $?"
    )
    lines = result.stdout.splitlines()
    assert lines[0] == "kept"
    assert lines[1].startswith("/home/img on /i type ") and lines[1].endswith("(ro)")
    assert lines[2:] == ["0"]
    errors = result.stderr.splitlines()
    assert errors[0] == "mount: /home/img: no file system (-f makes one)"
    assert [line.rpartition(": ")[2] for line in errors[1:]] == ["Read-only file system"] * 2


def test_a_romfs_image_is_found_out(sim, tmp_path):
    from simulator.compiled import make_romfs

    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "text").write_text("from a ROMFS\n")
    (shared / "rom.img").write_bytes(make_romfs([(str(shared / "text"), "dir/text")]))
    result = sim(
        "mount /shared/rom.img /r && cat /r/dir/text; mount | grep romfs; umount /r; mount -f -t romfs /shared/rom.img /r",
        image="mpy",
        mount=[f"{shared}:/shared"],
    )
    assert result.stdout == "from a ROMFS\n/shared/rom.img on /r type romfs (ro)\n"
    assert result.stderr == "mount: /shared/rom.img: a ROMFS can only be made on a computer\n"


CARD = """
mount sd /sd
mount -f sd /sd && cat /bin/a*.mpy > /sd/all && cp /bin/awk.mpy /sd/one && umount /sd
mount -r sd /sd && cat /bin/a*.mpy | cmp - /sd/all && cmp /bin/awk.mpy /sd/one && mount | grep sd
mount sd /other
umount /sd; mount -f -t littlefs2 sd /sd
"""


@pytest.mark.parametrize("board, world", [("pico", ON_SPI), ("esp32-wroom-32", {"sd.blocks": 4096})])
def test_a_card_is_formatted_written_and_read(sim, board, world):
    result = sim(CARD, board=board, set=world)
    assert result.stdout == "sd on /sd type vfat (ro)\n"
    assert result.stderr.splitlines() == [
        "mount: sd: no file system (-f makes one)",
        "mount: sd: mounted at /sd",
        "mount: sd: only FAT is supported on a card",
    ]


def test_a_card_keeps_its_files_over_a_restart(sim):
    sim("mount -f sd /sd; echo kept > /sd/x; umount /sd", board="pico", set=ON_SPI)
    assert sim("mount sd /sd; cat /sd/x", board="pico", set=ON_SPI).stdout == "kept\n"


def test_the_pins_of_a_card_can_be_given(sim):
    world = {"sd.blocks": 2048, "sd.spi": '"1"', "sd.cs": 13}
    result = sim("mount -f -o spi=1,sck=10,mosi=11,miso=12,cs=13 sd /sd && df /sd | wc -l", board="pico", set=world)
    assert (result.stdout, result.stderr) == ("2\n", "")


@pytest.mark.parametrize(
    "board, command, error",
    [
        ("pico", "mount sd /sd", "sd: no response from the card: No such device"),
        ("pico", "mount -o spi=7 sd /sd", "sd: requires -o spi=N,sck=GPIO,mosi=GPIO,miso=GPIO,cs=GPIO"),
        ("pico", "mount -o cs=99 sd /sd", "sd: invalid pin"),
        ("esp32-c3", "mount sd /sd", "sd: no card, or no response"),
        ("esp32-c3", "mount -o slot=9 sd /sd", "sd: slot number must be between 0 and 3 inclusive"),
        ("esp32-c3", "mount vfs /v", "vfs: in use by the system"),
        ("esp32-c3", "mount -f vfs /v", "vfs: in use by the system"),
        ("esp32-c3", "mount -f nvs /v", "nvs: not a data partition"),
        ("pico", "mount vfs /v", "vfs: no such partition or image file"),
        ("pico", "mount -o size=1k ram /r", "1024: invalid size (RAM disk: 4096 to 8388608 bytes)"),
        ("pico", "mount -o size=x ram /r", "x: invalid size"),
        ("pico", "mount -t ext4 ram /r", "ext4: unknown file system type (fat, littlefs2 or romfs)"),
        ("pico", "mount ram /", "/: cannot mount on /"),
        ("pico", "mount ram /no/dir", "/no/dir: parent is not a directory"),
        ("pico", "mount ram /proc", "/proc: already a mount point"),
        ("pico", "mount -t romfs /etc/motd /r", "/etc/motd: not a romfs file system: No such device"),
    ],
)
def test_what_cannot_be_mounted_is_one_sentence(sim, board, command, error):
    result = sim(command + "; echo $?; ls / | grep -c '^[rsv]d*$'", board=board)
    assert result.stderr == f"mount: {error}\n"
    assert result.stdout == "1\n0\n"


def test_umount_refuses_what_is_in_use(sim):
    result = sim("mount ram /r; cd /r; umount /r; cd /; mkdir /r/in; mount ram /r/in; umount / /proc /lib /r; ls /r")
    assert [line.partition(": ")[2] for line in result.stderr.splitlines()] == [
        "/r: process 2 uses it",
        "/r/in: inside another mounted file system",
        "/: in use by the system",
        "/proc: in use by the system",
        "/lib: is not mounted",
        "/r: No such file or directory",
    ]


@pytest.mark.parametrize("kind", ["littlefs2", "fat"])
def test_the_root_of_a_volume_is_a_directory_as_any_other(sim, kind):
    result = sim(
        f"mount -t {kind} -o size=96k ram /r; cd /r; mkdir d; echo hi > f; ls; ls ./; find . | sort; cp f d; cp -r . /tmp/all\n"
        "ls -R /tmp/all; mv f ./g; cd d; ls ..; ls ./; mv ../g .; tar cf /tmp/t . && tar tf /tmp/t; cd ..; find . -type f -delete; ls d"
    )
    assert result.stderr == ""
    assert result.stdout.split("\n")[:7] == ["d", "f", "d", "f", ".", "./d", "./f"]
    assert result.stdout.endswith("\nd\ng\nf\n./\nf\ng\n")


def test_a_file_system_that_is_read_only_keeps_its_files_and_says_which(sim):
    commands = {
        "cp /etc/motd f": "cp: f",
        "cp /etc/motd .": "cp: ./motd",
        "mv f g": "mv: f",
        "rm f": "rm: f",
        "touch n": "touch: n",
        "tee n < f": "tee: n",
        "split f": "split: xaa",
        "sort -o f f": "sort: f",
        "sed -i s/1/2/ f": "sed: f",
        "sed -n 'w n' f": "sed: n",
        "uniq f n": "uniq: n",
        "xxd f n": "xxd: n",
        "dd if=f of=n": "dd: n",
        "tar cf n.tar f": "tar: n.tar",
        "gzip f": "gzip: f.gz",
        "truncate -s 0 f": "truncate: f",
        "mkdir n": "mkdir: n",
    }
    script = "truncate -s 64k /home/img; mount -f -t fat /home/img /i; seq 3 > /i/f; umount /i; mount -r /home/img /i; cd /i\n"
    result = sim(script + "".join(f"{command} > /dev/null; echo $?\n" for command in commands) + "cat f; ls")
    errors = result.stderr.splitlines()
    assert errors == [f"{who}: Read-only file system" for who in commands.values()]
    statuses = ["2\n" if command[:4] == "tar " else "1\n" for command in commands]
    assert result.stdout == "".join(statuses) + "1\n2\n3\nf\n"


def test_a_card_that_is_pulled_out_is_an_error_and_goes_in_again(sim):
    out = "python -c \"import simulator; simulator.set('sd.blocks', {})\"; "
    result = sim(
        f"mount -f sd /sd; seq 100 > /sd/f; {out.format(None)} cat /sd/f; echo $?\n"
        f"umount /sd; echo $?; mount sd /sd; {out.format(4096)} mount sd /sd; wc -l < /sd/f; ls /sd",
        board="pico",
        set=ON_SPI,
    )
    assert result.stdout == "1\n0\n100\nf\n"
    assert result.stderr == "cat: /sd/f: Input/output error\nmount: sd: no response from the card: No such device\n"


UNCLOSED = "python -c \"import gc, simulator; f = open('/sd/{}', 'w'); f.write('{}'); {}; f = None; gc.collect()\"; "


def test_what_is_not_closed_is_written_by_umount(sim):
    kept = UNCLOSED.format("f", "kept", "0") + UNCLOSED.format("g", "too", "0")
    result = sim(f"mount -f sd /sd; {kept} umount /sd; mount sd /sd; cat /sd/f /sd/g", board="pico", set=ON_SPI)
    assert (result.stdout, result.stderr) == ("kepttoo", "")


def test_what_was_not_on_a_card_that_is_pulled_out_is_lost_with_one_message(sim):
    lost = UNCLOSED.format("f", "lost", "simulator.set('sd.blocks', None)")
    result = sim(
        "mount -f sd /sd; echo old > /sd/old\n"
        f"{lost} umount /sd; echo $?\n"
        "python -c \"import gc, simulator; gc.collect(); simulator.set('sd.blocks', 4096)\"; mount sd /sd; cat /sd/old",
        board="pico",
        set=ON_SPI,
    )
    assert (result.stdout, result.stderr) == ("1\nold\n", "umount: /sd: Input/output error\n")


USE = """mount /mnt/d/img /i; echo mount $?
ls -lR /i > /dev/null; echo ls $?; find /i > found; echo find $?; du /i > /dev/null; echo du $?; cat /i/b/z; umount /i; cat found
"""


@pytest.fixture
def image(sim, tmp_path):
    """Callable: the path of an image of some file system type, with some files."""
    place = tmp_path / "d"
    place.mkdir()

    def make(kind):
        files = "mkdir /i/a /i/b; printf '%0600d' 7 > /i/a/x; seq 30 > /i/a/y; echo whole > /i/b/z; umount /i"
        sim(f"truncate -s 64k /mnt/d/img; mount -f -t {kind} /mnt/d/img /i; {files}", mount=f"{place}:/mnt/d")
        return place / "img"

    return make


def test_a_directory_that_is_damaged_is_reported_and_the_rest_is_there(sim, image):
    path = image("fat")
    data = bytearray(path.read_bytes())
    entry = data.index(b"A          \x10")
    first = data.index(b"X          \x20")  # the directory of a has become what is in x: entries of digits
    data[entry + 26 : entry + 28] = data[first + 26 : first + 28]
    path.write_bytes(data)
    result = sim(USE, mount=f"{path.parent}:/mnt/d")
    assert result.stdout.startswith("mount 0\nls 1\nfind ")
    assert "du 1\nwhole\n/i\n/i/a\n" in result.stdout
    assert result.stdout.endswith("/i/b\n/i/b/z\n")
    assert all(line.split(": ")[1].startswith("/i/a/") for line in result.stderr.splitlines())


@pytest.mark.parametrize(
    "kind, block, message",
    [
        ("littlefs2", 4096, "not a littlefs2 file system: Corrupted file system"),
        ("fat", 512, "no file system (-f makes one)"),
    ],
)
def test_a_file_system_whose_beginning_is_damaged_is_refused(sim, image, kind, block, message):
    path = image(kind)
    data = bytearray(path.read_bytes())
    for start in (0, block):
        data[start + 24 : start + block] = bytes(block - 24)
    path.write_bytes(data)
    result = sim("mount /mnt/d/img /i; echo $?; ls /i 2> /dev/null; mount | grep -c img", mount=f"{path.parent}:/mnt/d")
    assert (result.stdout, result.stderr) == ("1\n0\n", f"mount: /mnt/d/img: {message}\n")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["fat", "littlefs2"])
def test_random_damage_is_an_error_and_the_system_goes_on(sim, image, kind):
    path = image(kind)
    good = path.read_bytes()
    chance = random.Random(kind)
    used = [at for at in range(0, len(good), 256) if any(good[at : at + 256])]
    for _ in range(20):
        data = bytearray(good)
        for at in chance.choices(used, k=3):
            data[at : at + 256] = chance.choice([bytes(256), b"\xff" * 256, chance.randbytes(256)])
        path.write_bytes(data)
        result = sim(USE + "echo here", mount=f"{path.parent}:/mnt/d", timeout=60)
        assert result.stdout.endswith("here\n")
        assert "Traceback" not in result.stderr
