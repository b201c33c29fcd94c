"""tar: interchange with other tars, in both directions; owners, and file names from a list."""

import os
import subprocess
import tarfile

import pytest

MOMENT = 1600000000


def members(path):
    with tarfile.open(path) as archive:
        return [(m.name, m.size, m.uname, m.uid, m.gname, m.gid, m.mtime) for m in archive]


@pytest.mark.parametrize("letter", ["", "z"])
def test_what_is_packed_comes_out_again(sim, tmp_path, letter):
    long = "d/" + "n" * 120
    script = f"cd /tmp; mkdir d; seq 3000 > d/a; : > d/empty; echo long > {long}; tar c{letter}f /mnt/t/x.tar d; sum=$(md5sum d/a)"
    result = sim(
        script
        + f'; rm -r d; tar x{letter}f /mnt/t/x.tar; test "$(md5sum d/a)" = "$sum" && cat {long}; wc -c < d/empty',
        mount=f"{tmp_path}:/mnt/t",
    )
    assert (result.stdout, result.stderr) == ("long\n0\n", "")
    with tarfile.open(tmp_path / "x.tar") as archive:
        assert sorted(archive.getnames()) == ["d", "d/a", "d/empty", long]
        assert archive.extractfile("d/a").read() == b"".join(b"%d\n" % i for i in range(1, 3001))


@pytest.mark.parametrize(
    "options, owner",
    [
        ("", ("root", 0, "root", 0)),
        ("--owner=joe:5 --group=staff:7", ("joe", 5, "staff", 7)),
        ("--owner 1000", ("", 1000, "root", 0)),
        ("--owner=:5 --group joe", ("", 5, "joe", 0)),
        ("--owner=joe:5 --numeric-owner", ("", 5, "", 0)),
    ],
)
def test_files_belong_to_whom_the_options_say(sim, tmp_path, options, owner):
    (tmp_path / "f").write_text("hi\n")
    os.utime(tmp_path / "f", (MOMENT, MOMENT))
    result = sim(f"cd /mnt/t; tar {options} -cf x.tar f; tar tvf x.tar", mount=f"{tmp_path}:/mnt/t")
    assert members(tmp_path / "x.tar") == [("f", 3, *owner, MOMENT)]
    whose = f"{owner[0] or owner[1]}/{owner[2] or owner[3]}"
    assert result.stdout == f"-rw-r--r-- {whose} {3:{18 - len(whose)}} 2020-09-13 12:26 f\n"


@pytest.mark.parametrize(
    "option, moment",
    [("--mtime=@100", 100), ("--mtime '2020-01-01 10:00'", 1577872800), ("--mtime=./dated", MOMENT)],
)
def test_all_files_get_the_time_that_is_asked_for(sim, tmp_path, option, moment):
    (tmp_path / "dated").write_text("hi\n")
    os.utime(tmp_path / "dated", (MOMENT, MOMENT))
    sim(f"cd /mnt/t; mkdir d; echo 1 > d/a; tar {option} -cf x.tar d", mount=f"{tmp_path}:/mnt/t")
    assert {member[6] for member in members(tmp_path / "x.tar")} == {moment}


def test_names_come_from_a_list(sim, tmp_path):
    result = sim(
        "cd /tmp; echo 1 > a; echo 2 > 'b c'; echo 3 > -v; printf 'a\\0b c\\0-v\\0' > null; tr '\\0' '\\n' < null > lines\n"
        "tar cf x --null -T null; tar tf x; tar cf x -T lines; tar tf x; tar cf x -T - < lines; tar tf x\n"
        "tar cf x -T /dev/null; echo $?; tar tf x; tar cf x -T nope; echo $?; tar cf x; echo $?"
    )
    assert result.stdout == "a\nb c\n-v\n" * 3 + "0\n2\n2\n"
    assert result.stderr.splitlines()[:2] == [
        "tar: nope: No such file or directory",
        "tar: x: cowardly refusing to create an empty archive",
    ]


@pytest.mark.parametrize(
    "option, error",
    [
        ("--owner=joe:x", "x: invalid number"),
        ("--owner=9999999", "9999999: invalid owner"),
        ("--mtime=foo", "foo: invalid date"),
        ("--mtime=./nope", "./nope: No such file or directory"),
    ],
)
def test_an_owner_or_time_that_is_none_leaves_the_archive(sim, option, error):
    result = sim(f"cd /tmp; echo 1 > f; echo old > x; tar {option} -cf x f; cat x; ls -A")
    assert result.stdout == "old\nf\nx\n"
    assert result.stderr.splitlines()[0] == "tar: " + error


def test_it_lists_as_others_do(sim, tmp_path, require):
    tar = require("tar")
    (tmp_path / "file").write_text("x" * 5000)
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "hard").hardlink_to(tmp_path / "file")
    (tmp_path / "dir").mkdir()
    env = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.environ["PATH"]}
    names = ["dir", "file", "hard", "link"]
    subprocess.run([tar, "-cf", "x.tar", "--owner=a_long_name:7", *names], cwd=tmp_path, check=True, env=env)
    expected = subprocess.run([tar, "-tvf", "x.tar"], cwd=tmp_path, capture_output=True, text=True, env=env).stdout
    assert sim("tar tvf /mnt/t/x.tar", mount=f"{tmp_path}:/mnt/t").stdout == expected
