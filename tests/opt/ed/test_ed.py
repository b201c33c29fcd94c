"""ed: the package of that name. The results are those of GNU ed."""

from cases import Case, outcome, parametrize


def ed(name, commands, stdout, options="-s t", status=0):
    """Commands for the lines 1 to 5."""
    return Case(
        name, f"seq 5 > t; cat > c; cat c | ed {options}; s=$?; cat o 2>/dev/null; exit $s", commands, stdout, status
    )


CASES = [
    ed("addresses", "/3/\n//\n?2?\n;p\n2;+1p\n,3p\n2,p\n+\n\n-\n.,+2p\n%p\nQ\n", "3\n3\n2\n2\n3\n4\n5\n2\n3\n1\n2\n3\n2\n3\n4\n3\n3\n4\n5\n1\n2\n3\n4\n5\n"),
    ed("text", "2c\nA\nB\n.\n2i\nI\n.\n0a\nQ\n.\n,p\nQ\n", "Q\n1\nI\nA\nB\n3\n4\n5\n"),
    ed("marks-move-with-their-lines", "3kx\n1d\n'xp\n0a\nnew\n.\n'xn\nQ\n", "3\n3\t3\n"),
    ed("move-copy-join", "1,3m4\n,n\n2,3t$\n,p\n1,2j\n1p\nQ\n", "1\t4\n2\t1\n3\t2\n4\t3\n5\t5\n4\n1\n2\n3\n5\n1\n2\n41\n"),
    ed("replace", "s/[0-9]/<&&>/p\ns//Z/gp\n1s/1/a\\\nb/\n1,2p\n2s/b/two/\n3s/2/%/p\n2s/\\(t\\)w/\\1W/p\nQ\n", "<55>\n<ZZ>\na\nb\ntwo\ntWo\n"),
    ed("on-lines-that-match", "g/^/m0\n,p\nu\n,p\nv/3/s/$/-/\\\np\nQ\n", "5\n4\n3\n2\n1\n1\n2\n3\n4\n5\n1-\n2-\n4-\n5-\n"),
    ed("text-on-lines-that-match", "g/[24]/a\\\nafter\\\nmore\\\n.\\\ns/e/E/\n,p\nQ\n", "1\n2\nafter\nmorE\n3\n4\nafter\nmorE\n5\n"),
    ed("undo", "2,4d\n,p\nu\n,p\nu\n,p\nu\n.=\nQ\n", "1\n5\n1\n2\n3\n4\n5\n1\n5\n5\n"),
    ed("sizes-and-names", "r !echo hi\nw !cat\n1,2w o\nf\nf zz\nf\nw o\n,d\ne\nQ\n", "10\n3\n1\n2\n3\n4\n5\nhi\n13\n4\nt\nzz\nzz\n13\n?\n1\n2\n3\n4\n5\nhi\n", options="t", status=1),
    ed("save-and-leave", "1,3s/$/ end/\nwq o\n", "1 end\n2 end\n3 end\n4\n5\n"),
    ed("append-to-a-file", "1,2w o\n4W o\nQ\n", "1\n2\n4\n"),
    ed("numbers-and-escapes", "$a\na\tb\\$ é\n.\nl\n2n\n=\n.=\nQ\n", "a\\tb\\\\\\$ \\303\\251$\n2\t2\n6\n2\n"),
    ed("commands-of-the-shell", "!echo x\n!!\nQ\n", "10\nx\n!\necho x\nx\n!\n", options="t"),
    ed("errors-go-on", "zz\nH\n9p\ns/x/y/\n0p\n'kp\n1,3m2\n1p\nQ\n", "?\nUnknown command\n?\nInvalid address\n?\nNo match\n?\nInvalid address\n?\nInvalid address\n?\nInvalid destination\n1\n", status=1),
    ed("what-is-not-saved", "1d\nq\nh\nq\n", "?\nWarning: buffer modified\n?\n", status=1),
    ed("the-end-of-the-input", "1d\n", "?\n", status=2),
    ed("a-new-file", "a\nhi\n.\nw\nf o\nw\nP\n", "::?\n:o\n:3\n:hi\n", options="-p:", status=1),
    Case("a-file-that-is-not-there", "printf 'f\\nh\\n' | ed n 2>&1", "", "n: No such file or directory\nn\nCannot open input file\n", 0),
]  # fmt: skip


@parametrize(CASES)
def test_ed(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)


def test_a_text_too_large_is_refused_and_changes_of_many_lines_can_be_undone(sim):
    script = "seq 4001 > /tmp/l; printf 'h\\n' | ed -s /tmp/l; seq 3000 | sed 's/^/line /' > /tmp/l; printf 'g/9/d\\n=\\nu\\n=\\n' | ed -s /tmp/l"
    result = sim(script, packages="ed", heap="1M")
    assert result.stdout == "?\n/tmp/l: More than 4000 lines\n2187\n3000\n"
