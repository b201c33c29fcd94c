"""The place that is kept for the interpreter's table of names."""

SCRIPT = """
import os
from process import load, names

def fill(upto):
    while names.count() < upto:
        for i in range(10):
            getattr(os, "name%d-%d" % (names.count(), i), None)

place = []
few = 0
few = names.mind(place, few, False)
print("early", len(place))
fill(2000)
few = names.mind(place, few, False)
print("soon", len(place))
before = len(place[0])
few = names.mind(place, few, False)
print("once", len(place), len(place[0]) == before, before > 2560 * 7)
few = names.mind(place, few, True)
print("failed", len(place))
fill(2560)
few = names.mind(place, few, False)
print("grown", len(place))
"""


def test_a_place_is_kept_when_the_table_comes_to_its_end(sim):
    result = sim(f"cat > /tmp/s.py <<'X'\n{SCRIPT}X\npython /tmp/s.py", heap="1M", image="mpy")
    assert result.stdout == "early 0\nsoon 1\nonce 1 True True\nfailed 1\ngrown 0\n"


def test_the_place_is_given_back_when_memory_is_short(sim):
    script = (
        "from process import load\nfrom shell import session\nload.minds = session.mind_place\n"
        "load.place.append(bytearray(100))\n"
        "load.drop(False)\nprint(len(load.place))\n"
        "load.drop(True, keep=True)\nprint(len(load.place))\n"
        "load.drop(True)\nprint(len(load.place))\n"
    )
    result = sim(f"cat > /tmp/s.py <<'X'\n{script}X\npython /tmp/s.py", heap="1M")
    assert result.stdout == "1\n1\n0\n"  # the table is far from its end: it is given at once


def test_modules_are_forgotten_without_a_list_of_them(sim):
    script = (
        "import sys\nimport text.words\nimport text.sizes\nfrom process import load\n"
        "load.forget_room('text.')\n"
        "print([name for name in sys.modules if name.startswith('text.')], 'shell.login' in sys.modules)\n"
    )
    result = sim(f"cat > /tmp/s.py <<'X'\n{script}X\npython /tmp/s.py")
    assert result.stdout == "[] True\n"
