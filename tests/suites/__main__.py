"""Run the cases of other shells by hand: python tests/suites [OPTION...] [SUITE | FILE[:LINE] | SUITE/FILE]...

-v    show what failed, with what was expected
-l    list what failed, one line each
-f    the file list of what passes, too
-j N  so many boards at a time (default 2)
-w    write tests/suites/unpassed.txt anew: reasons are kept, new ones are what the runner saw
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import runner  # noqa: E402


def show(case, outcome):
    """Print a failed case."""
    print("=" * 100)
    print(f"{case.key} ({case.level}): {outcome.why}")
    expected = outcome.expected
    print("--- script", expected.get("args", ""))
    print(expected.get("prelude", "") + expected["script"])
    print(f"--- expected {expected.get('status', '')}")
    print(expected.get("stdout", "(not checked)\n"), end="")
    print(f"--- got {outcome.status}")
    print(outcome.stdout[:3000].decode(errors="backslashreplace"), end="")
    print("--- stderr")
    print(outcome.stderr[:1500].decode(errors="backslashreplace"), end="")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-v", action="store_true")
    parser.add_argument("-l", action="store_true")
    parser.add_argument("-f", action="store_true")
    parser.add_argument("-w", action="store_true")
    parser.add_argument("-j", type=int, default=2)
    parser.add_argument("wanted", nargs="*")
    options = parser.parse_args()
    if not runner.folder():
        sys.exit("no suites: they are looked for in ../shared/suites and where SUITES says")
    cases = runner.load(options.wanted)
    outcomes = runner.run(cases, options.j)
    known = runner.unpassed()
    for case in cases:
        outcome = outcomes[case.key]
        if outcome.passed:
            if case.key in known:
                print("passes now:", case.key)
            continue
        if options.v:
            show(case, outcome)
        if options.l or (known and case.key not in known):
            print(
                f"{case.key} ({case.level}): {outcome.why}{'' if case.key in known or not known else ' [regression]'}"
            )
    lines = list(runner.report(cases, outcomes))
    print("\n".join(lines if options.f else [line for line in lines if line[0] != " "]))
    if options.w:
        kept = [f"{key} -- {reason}" for key, reason in known.items() if key not in outcomes]
        new = [
            f"{case.key} -- {known.get(case.key, outcomes[case.key].why)}"
            for case in cases
            if not outcomes[case.key].passed
        ]
        runner.UNPASSED.write_text("\n".join(sorted(kept + new)) + "\n")


main()
