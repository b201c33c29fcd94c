"""/bin shows the programs that can be run, wherever they are stored (lib/base/overlay.py)."""

import pytest

COUNT = "ls /bin | wc -l; ls /bin | sort | uniq -d; echo /bin/w[ac]*; find /bin -name 'ls.*'"
LOOK = "which ls; type wc; command -v sed; test -x /bin/ls && echo runs; test -x /bin/nix || echo none; /bin/echo hi; ls / | grep -c bin"

in_rom = pytest.mark.parametrize("image", ["romfs", "packed"])


@in_rom
def test_what_the_system_has_is_in_bin(sim, image):
    result = sim(COUNT, image=image)
    count, names, ls = result.stdout.splitlines()
    assert (int(count) > 150, names, ls) == (True, "/bin/wait.mpy /bin/watch.mpy /bin/wc.mpy", "/bin/ls.mpy")
    result = sim(f"{LOOK}; cmp /bin/ls.mpy /rom/bin/ls.mpy && ls -l /bin/ls.mpy | grep -c rwx", image=image)
    assert result.stdout == "/bin/ls\nwc is /bin/wc\n/bin/sed\nruns\nnone\nhi\n1\n1\n", result.stderr


def test_the_same_commands_on_files(sim):
    assert sim(LOOK, image="mpy").stdout == "/bin/ls\nwc is /bin/wc\n/bin/sed\nruns\nnone\nhi\n1\n"


@in_rom
def test_the_flash_comes_first_and_can_be_changed(sim, image):
    script = """
echo 'echo mine' > /bin/pwd.sh; pwd; echo 'def __main__(args): print("other")' > /bin/sync.py; sync; ls /bin/sync*
cp /bin/wc.mpy /bin/count.mpy; printf 'a b' | count -w; mv /bin/count.mpy /bin/words.mpy; printf 'a b' | words -w
rm /bin/words.mpy /bin/sync.py; sync; words; mkdir /bin/d; cd /bin/d; > f; ls /bin/d; cd ..; rm -r d; pwd; ls -d d
rm /bin/ls.mpy; mv /bin/ls.mpy /home; > /bin/none/x; cat /bin
"""
    result = sim(script, image=image)
    assert result.stdout == "/home\nother\n/bin/sync.mpy\n/bin/sync.py\n2\n2\nf\n/bin\n" or result.stdout == (
        "/\nother\n/bin/sync.mpy\n/bin/sync.py\n2\n2\nf\n/bin\n"
    )
    assert [line.rpartition(": ")[2] for line in result.stderr.splitlines()] == [
        "not found",
        "No such file or directory",
        "Read-only file system",
        "Read-only file system",
        "No such file or directory",
        "Is a directory",
    ]
    assert sim("ls /bin/pwd.sh; df | grep -c bin; grep /bin /proc/mounts", image=image).stdout == (
        "/bin/pwd.sh\n0\nnone /bin overlay rw 0 0\n"
    )


def test_its_names_can_be_completed(console):
    console(image="romfs")
    console.expect("$: ")
    console.send("ls /bin/sha25\t\r")
    console.expect("\r\n/bin/sha256sum.mpy")
