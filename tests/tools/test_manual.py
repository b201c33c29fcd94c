"""docs/programs.md matches the heads of the programs."""

import subprocess
import sys

from harness import ROOT

MANUAL = [sys.executable, "-I", "-S", str(ROOT / "tools" / "manual")]


def test_the_page_of_the_commands_is_current():
    run = subprocess.run([*MANUAL, "--check"], capture_output=True, text=True)
    assert (run.stderr, run.returncode) == ("", 0)


def test_the_page_has_every_program_and_what_the_board_shows(sim):
    page = (ROOT / "docs" / "programs.md").read_text()
    for path in [*(ROOT / "bin").glob("*.py"), *(ROOT / "opt").glob("*/bin/*.py")]:
        assert f"\n### {path.stem}\n" in page
    for name in ("mount", "cd", "services"):
        shown = sim(f"man {name}").stdout
        section = page.partition(f"\n### {name}\n\n```text\n")[2].partition("\n```\n")[0]
        assert section.split() == shown.split()  # the board breaks lines for 80 columns


def test_wrong_use_is_the_usage():
    run = subprocess.run([*MANUAL, "now"], capture_output=True, text=True)
    assert (run.stdout, run.returncode) == ("usage: manual [--check]\n", 2)
