"""The simulated flash: made from the tree, kept, brought up to date, losing its power at any write."""

import pytest


def write(path, text):
    """Python code that writes a file; MicroPython writes what is buffered only when a file is closed."""
    return f"with open({path!r}, 'w') as f: f.write({text})\n"


def test_the_flash_is_kept_from_run_to_run_and_fresh_on_demand(bare):
    assert bare(write("/home/note", "'kept'")).status == 0
    assert bare("print(open('/home/note').read())").stdout == "kept\n"
    assert bare("print(os.listdir('/home'))", fresh=True).stdout == "[]\n"


def test_sync_brings_what_has_changed_and_leaves_the_users_files(bare, tree):
    bare(write("/etc/mine", "'mine'"))
    (tree / "etc" / "motd").write_text("other\n")
    (tree / "lib" / "new").mkdir()
    (tree / "lib" / "new" / "module.py").write_text("x = 1\n")
    code = "import new.module; print(open('/etc/motd').read(), open('/etc/mine').read())"
    assert bare(code, sync=True).stdout == "other\n mine\n"


def test_hidden_files_stay_on_the_computer(bare, tree):
    (tree / "lib" / ".cache").mkdir()
    (tree / "lib" / ".cache" / "junk.py").write_text("")
    (tree / "lib" / "__pycache__").mkdir()
    (tree / "lib" / "old.pyc").write_text("")
    assert bare("print(os.listdir('/lib'))").stdout == "['greeting.py']\n"


def test_flash_size(bare):
    code = "st = os.statvfs('/'); print(st[0] * st[2])"
    assert bare(code, flash_size="512k").stdout == f"{512 * 1024}\n"


def test_a_tree_that_does_not_fit_is_a_clear_message(bare, tree):
    (tree / "etc" / "large").write_bytes(bytes(200_000))
    result = bare("pass", flash_size="128k")
    assert result.status == 1
    assert "does not fit" in result.stderr


def test_a_file_that_is_no_image(bare, tmp_path):
    (tmp_path / "bare.img").write_text("nonsense")
    result = bare("pass")
    assert (result.status, "no flash image" in result.stderr) == (1, True)


def test_an_image_without_a_file_system(bare, tmp_path):
    (tmp_path / "bare.img").write_bytes(bytes(1024 * 1024))
    result = bare("pass")
    assert (result.status, "no file system" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    "image, file, path",
    [
        ("source", "/lib/greeting.py", "['', '/.sim', '.frozen', '/lib']"),
        ("mpy", "/lib/greeting.mpy", "['', '/.sim', '.frozen', '/lib']"),
        ("romfs", "/rom/lib/greeting.mpy", "['', '/.sim', '.frozen', '/rom/lib', '/lib']"),
    ],
)
def test_three_ways_onto_the_board(bare, image, file, path):
    code = "print(sys.path); import greeting; print(greeting.__file__, greeting.text)"
    assert bare(code, image=image).stdout == f"{path}\n{file} hello\n"


def test_writes_are_counted_from_the_boot(bare):
    assert bare("pass", count_writes=True).writes == 0
    assert bare(write("/home/x", "'y' * 10_000"), count_writes=True).writes > 3


@pytest.mark.parametrize("how", ["", ":torn"])
def test_a_power_cut_at_every_write_leaves_the_old_or_the_new_content(bare, how):
    bare(write("/home/x", "'a' * 3000"))
    cuts = 0
    while True:
        result = bare(write("/home/x", "'b' * 3000") + "print('done')", cut_power_at=f"{cuts + 1}{how}")
        if result.status == 0:
            break
        cuts += 1
        assert (result.status, result.stdout) == (99, "")
        assert bare("t = open('/home/x').read(); print(t in ('a' * 3000, 'b' * 3000))").stdout == "True\n"
        bare(write("/home/x", "'a' * 3000"))
    assert cuts > 2


def test_nothing_is_written_after_the_cut(bare):
    code = """
import _thread, time
def cut():
    with open('/home/first', 'w') as f: f.write('1')
_thread.start_new_thread(cut, ())
time.sleep(0.2)
with open('/home/second', 'w') as f: f.write('2')
"""
    result = bare(code, cut_power_at=1)
    assert result.status == 99
    assert bare("print(os.listdir('/home'))").stdout == "[]\n"
