"""How wide characters are, compared with the tables of the package wcwidth."""

import pytest
import wcwidth

# Ranges of characters that are asked for; surrogates are no characters.
RANGES = [(0x20, 0x7E), (0xA0, 0x2FFF), (0x3000, 0xD7FF), (0xE000, 0xFFFD), (0x1F000, 0x1FAFF), (0x20000, 0x20100)]


@pytest.mark.slow
@pytest.mark.parametrize("first, last", RANGES)
def test_width(sim, tmp_path, first, last):
    (tmp_path / "widths.py").write_text(
        "from text.width import width\n"
        "def __main__(args):\n"
        "    for start in range(int(args[0]), int(args[1]) + 1, 64):\n"
        "        codes = range(start, min(start + 64, int(args[1]) + 1))\n"
        "        print(''.join([str(width(chr(code))) for code in codes]))\n"
    )
    found = ""
    for start in range(first, last + 1, 4096):  # MicroPython keeps every character that chr() has made
        result = sim(f"/mnt/w/widths {start} {min(start + 4095, last)}", mount=[f"{tmp_path}:/mnt/w"])
        assert result.status == 0, result.stderr
        found += "".join(result.stdout.split())
    expected = "".join(
        [str(max(wcwidth.wcwidth(chr(code)), 1 if code == 0xAD else 0)) for code in range(first, last + 1)]
    )
    wrong = [hex(first + i) for i in range(len(expected)) if found[i : i + 1] != expected[i]]
    assert not wrong
