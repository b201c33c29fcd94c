"""The check of littlefs images used by the tests of updates: it reads valid images, and survives any bytes."""

import hashlib
import struct

from harness import ROOT
from hypothesis import example, given
from hypothesis import strategies as st
from littlefs_check import BLOCK, NONE, Image, commits

from update.releases import fresh


def test_a_flash_is_read_as_it_is(tmp_path):
    image = Image(fresh(tmp_path / "board.img", ROOT).image)
    assert not image.problems
    for name in ("boot.py", "bin/zcat.py", "lib/kernel/boot.py"):
        assert image.files["/" + name] == hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
    (block,) = [block for block, owner in image.used.items() if owner == "/bin/zcat.py"]
    assert not image.use((block,), "another file")
    assert image.problems == [f"block {block} belongs to /bin/zcat.py and to another file"]


def test_a_damaged_pair_is_found(tmp_path):
    path = fresh(tmp_path / "board.img", ROOT).image
    data = path.read_bytes()
    path.write_bytes(bytes(2 * BLOCK) + data[2 * BLOCK :])
    assert Image(path).problems == ["no valid commit in the pair (0, 1)"]


@given(st.binary(max_size=200))
@example(struct.pack("<II", 1, 0) + struct.pack(">I", NONE ^ 0x50000000))
@example(struct.pack("<I", 1) + struct.pack(">I", NONE ^ 0x50000000))  # the tag of a checksum without one
def test_any_block_can_be_read(data):
    _, tags = commits(data.ljust(BLOCK, b"\xff"))
    assert tags is None
