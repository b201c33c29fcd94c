"""/etc/system.conf: damage, defaults, protection and power cuts."""

import pytest
from harness import copy_flash

CHANGE = '> from base import config; config.change("hostname", "changed")\ncat /etc/system.conf'


SHOW = "> import json; print(sorted(json.load(open('/etc/system.conf')).items()))"


def test_missing_file_is_written_as_it_stands_in_the_tree(sim):
    shipped = sim(SHOW)
    sim("rm -f /etc/system.conf")
    result = sim(SHOW)
    assert result.stdout == shipped.stdout != ""
    assert (result.status, result.stderr) == (0, "")


@pytest.mark.parametrize("text", ["", "{", '["a"]', "\\0377\\0376", '{"pfiles": 5}', '{"env": null}', '{"a": 1} x'])
def test_damaged_file_is_set_aside_with_one_line(sim, text):
    sim(f"echo -ne '{text}' > /etc/system.conf")
    result = sim("test -f /etc/system.conf.bad && echo kept; echo $TZ")
    assert result.stdout == "kept\n0\n"
    assert result.stderr.count("\n") == 1
    assert "/etc/system.conf.bad" in result.stderr
    assert sim("echo again").stderr == ""


def test_huge_file_is_damaged_too(sim):
    sim("seq 9000 > /etc/system.conf")
    assert "longer than" in sim("true").stderr


def test_variables_of_a_session_do_not_come_into_the_file(sim):
    result = sim("export secret=1; wa=True; " + CHANGE)
    assert "secret" not in result.stdout and '"changed"' in result.stdout


def test_protected_files(sim):
    script = """
for path in /boot.py //boot.py /tmp/../main.py /etc/../boot.py; do echo x > $path; echo $?; done 2>&1
cd /etc; echo x > ../main.py; echo $?
echo x > /boot.pyx; echo $?
> from base import config; config.change("pfiles", ["/etc/motd"])
echo x > motd; echo $?
echo "# mine" > /boot.pyx; rm /boot.pyx; echo $?
"""
    result = sim(script)
    assert result.stdout.count("protected") == 4
    assert [line for line in result.stdout.split("\n") if line.isdigit()] == ["1"] * 5 + ["0", "1", "0"]


@pytest.mark.slow
@pytest.mark.parametrize("torn", ["", ":torn"])
def test_power_cut_while_saving_leaves_the_old_or_the_new_file(sim, pristine, tmp_path, torn):
    image = tmp_path / "cut.img"
    copy_flash(pristine(), image)
    writes = sim(CHANGE, flash=image, count_writes=True).writes
    assert writes
    for number in range(1, writes + 1):
        copy_flash(pristine(), image)
        assert sim(CHANGE, flash=image, cut_power_at=f"{number}{torn}").status == 99
        after = sim("cat /etc/system.conf", flash=image)
        assert after.status == 0 and after.stderr == "", number
        assert '"pfiles"' in after.stdout and after.stdout.rstrip().endswith("}"), number
