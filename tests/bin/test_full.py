"""A full flash: the target stays unchanged, nothing partial is left, and the error is reported with status 1."""

import pytest

REASON = "No space left on device"

# What is written over the file target (five lines): the object of the message.
REPLACING = {
    "cp f target": "f: ",
    "mv /mnt/t/moved target": "/mnt/t/moved: ",
    "sort -o target f": "",
    "uniq f target": "",
    "xxd f target": "",
    "tar cf target f f": "target: ",
    "tar czf target f f": "target: ",
    "gzip -k f": "f: ",
    "gunzip -k /tmp/z.gz": "/tmp/z.gz: ",
    "tar xf /mnt/t/f.tar": "f: ",
    "cp f new": "f: ",
    "cp -rT d e": "d/f: ",
    "truncate -s 200k new": "new: ",
}
APPENDING = {
    "split -b 2k f": "",
    "dd if=f of=new bs=1k status=none": "",
    "awk '{ print > \"new\" }' f": "",
    "tee new > /dev/null": "new: ",
    "cat f > new": "",
    "yes > new": "",
}

FILL = """cd /tmp; mkdir w w/d w/e; cd w; seq 1 9000 > f; cp f d; tar cf /mnt/t/f.tar f; cp f /mnt/t/moved; gzip -c f > ../z.gz
seq 1 5 > target; n=0; while cp f ../fill$n 2>/dev/null; do n=$((n + 1)); done
n=0; while head -c 4096 f > ../gap$n 2>/dev/null; do n=$((n + 1)); done; rm ../gap$n ../gap0 ../gap1 ../gap2
"""


_seen = {}  # for each command: its status, message, and the names that exist afterwards


@pytest.fixture
def results(sim, tmp_path):
    if not _seen:
        script = FILL
        for command in [*REPLACING, *APPENDING]:
            script += f"{command} < f 2> /mnt/t/err; s=$?\n"
            script += 'echo "<<<$s|$(cat /mnt/t/err)|$(echo $(cat target))"; ls -A\n'
            if command in APPENDING:
                script += "rm -f new x??\n"
        output = sim(script, mount=f"{tmp_path}:/mnt/t").stdout.split("<<<")[1:]
        _seen.update(zip([*REPLACING, *APPENDING], output, strict=True))
    return _seen


@pytest.mark.parametrize("command", REPLACING)
def test_what_is_replaced_stays(results, command):
    first, *names = results[command].splitlines()
    program = command.split()[0]
    status = "2" if program == "tar" else "1"
    assert first == f"{status}|{program}: {REPLACING[command]}{REASON}|1 2 3 4 5"
    assert names == ["d", "e", "f", "target"]


@pytest.mark.parametrize("command", APPENDING)
def test_what_goes_on_says_why_it_ends(results, command):
    first = results[command].splitlines()[0]
    assert first == f"1|{command.split()[0]}: {APPENDING[command]}{REASON}|1 2 3 4 5"
