"""csplit: the package of that name. The results are those of GNU csplit."""

from cases import Case, outcome, parametrize

CASES = [
    Case("lines", "seq 20 | csplit - 5 10; tail -n 1 xx*", "", "8\n10\n33\n==> xx00 <==\n4\n\n==> xx01 <==\n9\n\n==> xx02 <==\n20\n"),
    Case("repeated-lines", "seq 9 | csplit -s - 3 '{1}'; wc -l xx* | head -3", "", "2 xx00\n3 xx01\n4 xx02\n"),
    Case("patterns", "seq 30 | csplit -f p -n 3 - '/5$/' '{*}'; head -n 1 p001; ls", "", "8\n25\n30\n18\n5\np000\np001\np002\np003\n"),
    Case("skipped", "seq 20 | csplit -z - '%7%' '/9/+1'; cat xx00", "", "6\n33\n7\n8\n9\n"),
    Case("offset-back", "seq 20 | csplit -s - '/7/-2'; tail -n 1 xx00", "", "4\n"),
    Case("errors", "seq 20 > n; csplit -s n 99 2>&1; csplit -s n /zz/ 2>&1; ls; csplit -sk n 3 /zz/ 2>&1; ls", "",
         "csplit: 99: line number out of range\ncsplit: /zz/: match not found\nn\ncsplit: /zz/: match not found\nn\nxx00\nxx01\n"),
]  # fmt: skip


@parametrize(CASES)
def test_csplit(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
