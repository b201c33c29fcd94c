"""Exceeded limits: each is an error message, and the system continues."""

import pytest

FORK = "sleep 100 & i=$((i + 1))"


@pytest.mark.parametrize(
    "script, error",
    [
        (
            "cat <<END\n" + ("x" * 63 + "\n") * 16384 + "END\n",
            "line 1027: syntax error: here-document longer than 65536 bytes",
        ),
        ("if true; then " * 3000, "line 1: longer than 32768 bytes"),
        ("f() { f; }; f", "line 1: f: maximum function nesting level exceeded (150)"),
        ("(" * 400 + "echo x" + ")" * 400, "operator expected"),
        ("echo " + "${x:-" * 300 + "x" + "}" * 300, "out of memory"),
        ("echo " + "$(" * 300 + "echo x" + ")" * 300, "not enough memory for another process"),
        ("{ " * 1200 + "echo x" + "; }" * 1200, "out of memory"),
        ("echo {1..100000}", "too many"),
        ("echo 'no end", "unterminated quote"),
        ("while true; do echo x", "expected 'done', found end of file"),
    ],
    ids=range(10),
)
def test_a_script_beyond_a_limit_is_told_so(sim, script, error):
    result = sim(script + "\n", args=["a"])
    assert error in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("\n") < 4


def test_a_here_document_without_end_ends_with_the_file(sim):
    assert sim("cat <<END\nab\n", args=["a"]).stdout == "ab\n"


def test_lines_that_end_with_carriage_returns(sim):
    script = "echo a\r\nif true; then\r\necho b\r\nfi\r\nx=5\r\necho $x.\r\ncat <<E\r\nhi\r\nE\r\n"
    assert sim(script, args=["a"]).stdout == "a\nb\n5.\nhi\n"


def test_a_file_with_nul_bytes_is_no_script(sim):
    result = sim("printf 'echo a\\0b\\n' > /tmp/s; sh /tmp/s")
    assert (result.stdout, result.status) == ("", 126)
    assert "cannot execute: binary file" in result.stderr


@pytest.fixture
def crowd(tmp_path):
    """A directory of the host with ten thousand files, as the option that mounts it."""
    (tmp_path / "crowd").mkdir()
    for i in range(10_000):
        (tmp_path / "crowd" / f"f{i}").touch()
    return [f"{tmp_path / 'crowd'}:/mnt/crowd"]


def test_ten_thousand_words(sim, crowd):
    script = "cd /mnt/crowd; set -- *; echo $#; echo * | wc -w; n=0; for i in *9; do n=$((n + 1)); done; echo $n"
    assert sim(script, heap="4M", mount=crowd).stdout == "10000\n10000\n1000\n"


def test_ten_thousand_words_in_the_memory_of_a_board(sim, crowd):
    result = sim("cd /mnt/crowd; echo *; echo never", mount=crowd, heap="300k")
    assert result.stdout == ""
    assert "not enough memory for more than" in result.stderr
    assert sim("cd /mnt/crowd; (echo *) 2>/dev/null; ls -d /bin", mount=crowd).stdout == "/bin\n"


def test_a_hundred_jobs(sim):
    result = sim(
        f"i=0; while [ $i -lt 100 ]; do {FORK}; done; jobs | wc -l; kill %1; kill $(jobs -p); wait; jobs; echo end",
        heap="800k",
    )
    assert result.stdout.split() == ["100", "end"]


def test_more_jobs_than_memory(sim):
    result = sim(
        f"i=0; while [ $i -lt 100 ]; do {FORK}; done 2> /tmp/e\n"
        "kill %1 %2 %3 %4 %5 %6 %7 %8; wait %1 %8; (echo sub)\n"
        "[ $(grep -c 'not enough memory' /tmp/e) -gt 10 ] && echo some; killall sleep; wait; ls -d /bin",
    )
    assert result.stdout.split() == ["sub", "some", "/bin"]


def test_a_job_that_ignores_the_request_to_end(sim):
    result = sim(
        "sh -c 'trap \"\" TERM; echo ready; while true; do sleep .05; done' > /tmp/o &\n"
        "until grep -q ready /tmp/o; do sleep .02; done; kill %1; sleep .1; jobs | wc -l; kill -KILL %1; wait %1; echo $?"
    )
    assert result.stdout.split() == ["1", "137"]
