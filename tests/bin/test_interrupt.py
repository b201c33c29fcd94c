"""Ctrl-C (SIGINT) at any moment: status 130, the target unchanged, and no temporary file left."""

import pytest

ENDLESS = [  # commands that do not end by themselves, in a directory with a file called target
    "sort -o target /dev/random",
    "cp /dev/zero target",
    "uniq /dev/random target",
    "xxd /dev/zero target",
    "tar czf target -C / .",
    "sed -n '/^x/p;:a;ba' target",
    "find / -exec sleep 1 ';'",
    "grep zzzzzzzz /dev/random",  # eight bytes: three of them come by chance once in 16 MB, which ends a search
    "grep -r zzz / / / / / / / /",
    "tail -f target",
    "yes",
    "seq 1 99999999",
    "gzip -c /dev/random",
    "awk 'BEGIN { while (1) x++ }'",
    "md5sum /dev/zero",
    "cmp /dev/zero /dev/zero",
    "diff /dev/zero /dev/zero",
    "wc /dev/random",
    "cat /dev/zero",
    "du -a / / / / / / / / / /",
    "xargs -a /etc/services.list -n 1 sleep",
    "dd if=/dev/zero of=other bs=1k",
    "split -b 10k /dev/zero",
]
MOMENTS = (".01", ".04", ".1")


@pytest.mark.parametrize("command", ENDLESS)
def test_interrupt(sim, command):
    moments = " ".join(MOMENTS)
    script = (
        "mkdir /tmp/d; cd /tmp/d; echo old > target; echo 60 > /etc/services.list\n"
        f"for t in {moments}; do {command} < /dev/random > /dev/null 2> /tmp/err & p=$!; sleep $t; kill -INT $p\n"
        "wait $p; echo $?; cat target; cat /tmp/err >&2; done; ls -A /tmp /tmp/d"
    )
    lines = sim(
        script, image="mpy", flash_size="64m"
    ).stdout.splitlines()  # what fills it takes longer than the last moment
    assert lines[: 2 * len(MOMENTS)] == ["130", "old"] * len(MOMENTS)
    left = [name for name in lines[2 * len(MOMENTS) :] if "~" in name or name.startswith((".sort", ".gz"))]
    assert left == []
