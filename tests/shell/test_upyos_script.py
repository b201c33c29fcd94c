"""`command > name` in scripts of upyOS's dialect: a variable; in other scripts: a file. And sdata.sysconfig["env"]."""

import pytest

LINES = """date > d
free > f
test 1 == 1 > z
uptime > u
[ -n "$d" ] && [ -n "$f" ] && [ -n "$u" ] && echo "variables $z"
ls -d d f z u 2> /dev/null
"""


def run(sim, tmp_path, script, behind=""):
    (tmp_path / "s.sh").write_text(script)
    return sim("sh /mnt/t/s.sh" + behind, mount=f"{tmp_path}:/mnt/t")


@pytest.mark.parametrize(
    "line",
    [
        ":exit",
        "  :exit  # the end",
        "goto exit\n:exit",
        "if $z == True echo yes",
        "if 3 in [3] echo yes",
        "export n 5",
        "export n = v",
        "export n v -s",
        "#upyos",
        "#upyOS 0.9",
    ],
)
def test_scripts_of_the_dialect(sim, tmp_path, line):
    result = run(sim, tmp_path, LINES + line + "\n")
    assert result.stdout.startswith("variables True\n"), result.stdout + result.stderr
    assert not set(result.stdout.split()) & {"d", "f", "z", "u"}


@pytest.mark.parametrize(
    "line",
    [
        "true",
        ": ${x:=5}",
        "# :exit and goto exit",
        "if [ 1 = 1 ]; then echo yes; fi",
        "if true < /dev/null; then\n  echo yes\nfi",
        "export A B",
        "export A=5",
    ],
)
def test_other_scripts_write_files(sim, tmp_path, line):
    result = run(sim, tmp_path, "cd /tmp\nset -- $z\n" + LINES + line + "\n")
    assert result.stdout.startswith("d\nf\nu\nz\n"), result.stdout + result.stderr


def test_what_stays_a_file_in_the_dialect(sim, tmp_path):
    script = "cd /tmp\n:top\necho 1 > a.txt\necho 2 > ./b\necho 3 > /tmp/c\necho 4 >> n\necho 5 > n-m\ncat a.txt b c n-m; echo $n\n"
    result = run(sim, tmp_path, script, "; ls -d /tmp/n")
    assert result.stdout == "1\n2\n3\n5\n4\n"
    assert "No such file" in result.stderr


def test_everywhere_with_envredir(sim):
    assert sim("set -o envredir; echo 5 > a; echo $a; ls a").stdout == "5\n"


def test_the_environment_of_upyos_is_live(sim, tmp_path):
    """With the incr of upyOS in mind: it looks into sdata.sysconfig, and goes through utls for the rest."""
    program = """
import json, sdata, utls

def __main__(args):
    env = sdata.sysconfig["env"]
    if args[0] not in env:
        env[args[0]] = 0
    env[args[0]] = env[args[0]] + 1
    env.update({"made": True})
    print(sorted(name for name in env if name in ("a", "made")), env.get("nosuch", 3), env.pop("nosuch", 4))
    if "gone" in env:
        del env["gone"]
    try:
        env["gone"]
    except KeyError as e:
        print("KeyError", e)
    print("env" in sdata.sysconfig, sdata.sysconfig.get("pfiles"), json.loads(json.dumps(sdata.sysconfig))["env"])
    utls.save_conf_file(sdata.sysconfig, "/tmp/c.json")
    print(utls.load_conf_file("/tmp/c.json")["env"])
"""
    script = (
        'export a 5 -i; incr a; gone=1; /tmp/up a; echo "$a $made [$gone]"; (/tmp/up a > /dev/null; echo $a); echo $a'
    )
    (tmp_path / "up.py").write_text(program)
    result = sim(script.replace("/tmp/up", "/mnt/t/up"), mount=f"{tmp_path}:/mnt/t")
    assert result.stdout.splitlines() == [
        "['a', 'made'] 3 4",
        "KeyError gone",
        "True ['/boot.py', '/main.py'] {'TZ': '0'}",
        "{'TZ': '0'}",
        "7 True []",
        "8",
        "7",
    ], result.stdout + result.stderr
