"""Which release is newer, and where one may write: as lib/update decides, and rescue.py by itself."""

import json

import pytest

from release import freeze

# Each is older than the next (semver.org 2.0.0, item 11, and words that end in a number).
ORDER = (
    *("0.9.9", "0.10.0", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta"),
    *("1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0-rc9", "1.0.0-rc10", "1.0.0", "1.0.1-rc1"),
    *("2.0.0", "2.1.0", "2.1.1", "2.1.10"),
)
EQUAL = (("1.0.0+linux", "1.0.0+mac"), ("1.0.0-rc.1+1", "1.0.0-rc.1"))
GOOD = ("/bin/ls.py", "/lib/kernel/boot.py", "/etc/init.sh", "/etc/sslinfo", "/boot.py", "/main.py", "/www/a@2x.png")
BAD = (
    *("/etc/shadow", "/etc/SHADOW", "/etc/Shadow.", "/etc/ssl", "/etc/ssl/cert.pem", "/etc/SSL/key.pem", "/etc/ssh/x"),
    *(
        "/etc/.ssl/x",
        "/etc/HOSTS~1.CON",
        "/etc/hosts.conf",
        "/etc/Hosts.Conf",
        "/etc/crontab",
        "/etc/CronTab",
        "/etc./x",
    ),
    *("/local/x", "/home/x", "/LOCAL/x", "/var/x", "/tmp/x", "/x.py", "/bin/../x", "bin/x", "/etc/motd~", "/lib/./x"),
)
SCRIPT = """
import sys
sys.path.insert(0, "/")
from {module} import allowed, numbers
order, equal, good, bad = {values}
for i in range(len(order)):
    for j in range(len(order)):
        a, b = numbers(order[i]), numbers(order[j])
        if (a < b, a == b, a > b) != (i < j, i == j, i > j):
            print("order", order[i], order[j])
for a, b in equal:
    if numbers(a) != numbers(b):
        print("equal", a, b)
print([path for path in good if not allowed(path)], [path for path in bad if allowed(path)])
"""


@pytest.mark.parametrize("module", ["repository.manifest", "rescue"])
def test_versions_and_places(sim, module):
    script = SCRIPT.format(module=module, values=json.dumps([ORDER, EQUAL, GOOD, BAD]))
    assert sim(f"cat > /tmp/s.py <<'X'\n{script}X\npython /tmp/s.py").stdout == "[] []\n"


def test_versions_as_a_firmware_with_the_system_compares_them(sim, tmp_path):
    (tmp_path / "frozen.py").write_bytes(freeze.facts("0.1.0", "0123456789abcdef", 0, []) + b"allowed = bool\n")
    script = SCRIPT.format(module="frozen", values=json.dumps([ORDER, EQUAL, [], []])).replace('"/"', '"/mnt/host"')
    (tmp_path / "s.py").write_text(script)
    assert sim("python /mnt/host/s.py", mount=f"{tmp_path}:/mnt/host").stdout == "[] []\n"


def test_other_files_under_the_version_that_is_installed(board, releases):
    assert "everything is up to date" in board.run("upgrade -f /mnt/release/old").stdout
    tree = releases.tree("0.9.1", "tree-changed")
    (tree / "bin/ls.py").write_text("# other\n")
    releases.make(tree, "changed")
    run = board.run("upgrade -f /mnt/release/changed; echo $?; upgrade -f --downgrade /mnt/release/changed; echo $?")
    assert "0.9.1 is installed with other files" in run.stderr
    assert run.stdout.startswith("1\n") and run.stdout.endswith("0\n"), run.stdout + run.stderr
