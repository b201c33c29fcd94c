"""free and ps: who holds the memory."""

import re

import pytest

HOLDS = """
proc = None
kept = None

async def __main__(args):
    global kept
    kept = [bytearray(100) for _ in range(400)]
    await proc.run(args[0])
"""


def holders(text):
    """{holder: bytes} of what free -v prints, and the bytes in use."""
    used = int(re.search(r"^Memory +\d+ +(\d+)", text, re.M)[1])
    rows = text.partition("Held by")[2].splitlines()[1:]
    return {row[:21].strip(): int(row[21:]) for row in rows if row.strip()}, used


@pytest.mark.parametrize("image", ["source", "mpy", "packed", "romfs"])
def test_the_holders_have_most_of_the_memory(sim, port_offset, image):
    script = "setauth root geheim geheim; service start httpd; ls | wc > /dev/null; x=$(seq 400); free -v"
    result = sim(script, image=image, profile="full", heap="1M", flash_size="8M", port_offset=port_offset)
    found, used = holders(result.stdout)
    assert sum(found.values()) == pytest.approx(used, abs=len(found))
    assert found["other"] <= used / 5
    assert {"names", "system", "shell", "programs kept", "service httpd", "session console"} <= set(found)
    assert 1500 < found["session console"] < 6000
    assert all(size >= 0 for size in found.values())


def test_what_a_program_holds_is_charged_to_it(sim):
    """400 times 100 bytes, which take 128 each, and 32 for the object; a list of 400."""
    result = sim(f"cat > /tmp/p.py <<'END'\n{HOLDS}END\n/tmp/p 'free -v'; /tmp/p 'ps -v'; /tmp/p ps")
    table, _, rows = result.stdout.partition("  PID")
    found, _ = holders(table)
    [held] = [size for holder, size in found.items() if holder.endswith(" p")]
    assert held == pytest.approx(400 * (128 + 32 + 8), rel=0.2)
    in_all, loaded = (row.split()[5] for row in rows.splitlines() if " p ps" in row)
    assert in_all in ("65K", "66K", "67K", "68K", "69K")
    assert loaded.isdigit()


def test_free_alone_is_as_ever(sim):
    lines = sim("free").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["total", "Memory", "IDF", "Stack"]
