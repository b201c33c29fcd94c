"""The package numfmt."""

from cases import Case, outcome, parametrize

CASES = [
    Case("numfmt-to", "numfmt --to=iec 1024 1500 999 1048576; numfmt --to=si 999999; numfmt --to=iec-i --suffix=B 2048; numfmt --round=nearest --to=iec 1560", "",
         "1.0K\n1.5K\n999\n1.0M\n1.0M\n2.0KiB\n1.5K\n"),
    Case("numfmt-from", "numfmt --from=iec 1K 2M; numfmt --from=si 1.5K; numfmt --from=auto 1Ki 1K; echo 5x | numfmt; echo $?", "",
         "1024\n2097152\n1500\n1024\n1000\n2\n"),
    Case("numfmt-fields", "printf 'n size\\na   2000 y\\n' | numfmt --header --field 2 --to=si; echo 1,2000,3 | numfmt -d, --field 2- --to=si; numfmt --padding=6 5", "",
         "n size\na   2.0K y\n1,2.0K,3\n     5\n"),
]  # fmt: skip


@parametrize(CASES)
def test_numfmt(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
