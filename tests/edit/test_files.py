"""Files in the editors: binary files, files that do not fit, full and read-only flash, power cuts, lost sessions."""

import pytest
from harness import copy_flash

KEYS = {"vi": "ihello \x1b:wq\r", "edit": "hello \x18y\r"}


def on_flash(console, flash, data):
    """Wait until the journal has been written to the flash, which happens when nobody types."""
    while data not in flash().read_bytes():
        console.display()


@pytest.mark.parametrize("name", ["vi", "edit"])
def test_an_editor_needs_a_terminal(sim, name):
    result = sim(f"echo a | {name} /home/f; echo $?")
    assert (result.stdout, result.stderr) == ("1\n", f"{name}: input and output must be a terminal\n")


@pytest.mark.parametrize("name", ["vi", "edit"])
def test_what_is_no_text_is_refused_with_a_sentence(console, name):
    console(quiet_boot=True)
    console.expect("$: ")
    console.send(f"{name} /bin\r")
    console.expect(f"{name}: /bin: Is a directory")
    console.send(f"printf 'a\\000b' > /home/b; {name} /home/b\r")
    console.expect(f"{name}: /home/b: is a binary file")
    console.send(f"seq 60000 > /home/n; {name} /home/n\r")
    console.expect(f"{name}: /home/n: too large: 340 KB, there is memory for ")


@pytest.mark.parametrize("name", ["vi", "edit"])
def test_a_file_is_written(console, name):
    console(quiet_boot=True)
    console.expect("$: ")
    console.send(f"echo world > /home/f; {name} /home/f\r")
    console.expect('"f" 1 lines, 6 bytes')
    console.send(KEYS[name])
    console.expect("$: ")
    console.send("cat /home/f; ls -a /home\r")
    console.expect("hello world\r\n.  ..  f\r\n")


def test_bytes_that_are_no_utf8_and_line_ends_of_windows_are_kept(console):
    console(quiet_boot=True)
    console.expect("$: ")
    console.send("printf 'a\\351b\\r\\nc\\r\\n' > /home/f; vi /home/f\r")
    console.expect("[CR LF] 2 lines, 6 bytes")
    assert console.shows("a<e9>b", "6 bytes")[:2] == ["a<e9>b", "c"]
    console.send("Goend\x1b:wq\r")
    console.expect("$: ")
    console.send("od -c /home/f\r")
    console.expect("a 351   b  \\r  \\n   c  \\r  \\n   e   n   d  \\r  \\n")


def test_a_full_flash_keeps_the_old_file_and_the_text(console):
    console(quiet_boot=True)
    console.expect("$: ")
    console.send("echo old > /home/f; mkdir /home/x; i=0\r")
    fill = "while head -c $n /dev/zero > /home/x/$i 2>/dev/null; do i=$((i+1)); done"
    console.send(f"for n in 262144 65536 16384 4096 500; do {fill}; done; echo fu''ll\r")
    console.expect("full")
    console.send("vi /home/f\r")
    console.expect("1 lines")
    console.send("yy1500pA new\x1b:w\r")
    console.expect("No space left on device")
    console.send(":!cat /home/f; rm -r /home/x\r")
    console.expect("old\r\n")
    console.expect("[a key goes on]")
    console.send(" :wq\r")
    console.expect("$: ")
    console.send("wc -l /home/f; sed -n 2p /home/f\r")
    console.expect("1501 /home/f\r\nold new\r\n")


def test_a_protected_file_is_read_only(console):
    console(quiet_boot=True)
    console.expect("$: ")
    console.send("vi /main.py\r")
    console.expect("[read only]")
    console.send("x:w!\r")
    console.expect("protected system file")


@pytest.mark.parametrize("name", ["vi", "edit"])
def test_a_power_cut_loses_only_the_last_moments(console, name, flash):
    console(quiet_boot=True)
    console.expect("$: ")
    console.send(f"seq 100 > /home/f; sync; {name} /home/f\r")
    console.expect("100 lines")
    console.send("50Gofirst\x1b" if name == "vi" else "\x1f51\rfirst\r")
    console.expect("first")
    console.send("GAlast" if name == "vi" else "\x1b/last")
    console.expect("last")
    on_flash(console, flash, b"last")
    console.send(" of all")
    on_flash(console, flash, b"last of all")  # so what was typed before is, to its last block
    console.close()
    console(quiet_boot=True)
    console.expect("$: ")
    console.send(f"{name} /home/f\r")
    console.expect("Unsaved changes of a lost session")
    console.send("r")
    console.expect("recovered")
    console.send(":wq\r" if name == "vi" else "\x18y\r")
    console.expect("$: ")
    console.send("sed -n '51p;$p' /home/f; wc -l /home/f; ls -a /home\r")
    console.expect("first\r\n100last")
    console.expect("\r\n101 /home/f\r\n.  ..  f\r\n")


def test_changes_of_a_lost_session_can_be_dropped(console, flash):
    console(quiet_boot=True)
    console.expect("$: ")
    console.send("echo old > /home/f; vi /home/f\r")
    console.expect("1 lines")
    console.send("Alost words")
    on_flash(console, flash, b"lost words")
    console.send(" and more")
    on_flash(console, flash, b"lost words and more")
    console.close()
    console(quiet_boot=True)
    console.expect("$: ")
    console.send("vi /home/f\r")
    console.expect("Unsaved changes of a lost session")
    console.send("d:q\r")
    console.expect("$: ")
    console.send("cat /home/f; ls -a /home\r")
    console.expect("old\r\n.  ..  f\r\n")


@pytest.mark.slow
@pytest.mark.parametrize("torn", ["", ":torn"])
def test_a_power_cut_while_writing_leaves_the_old_or_the_new_file(sim, keys_run, play, flash, tmp_path, torn):
    keys = {"editor": "vi", "columns": 80, "rows": 24, "path": "/home/f", "keys": ["Onew\x1b:w\r"]}
    sim("seq 40 > /home/f")
    old = sim("cat /home/f").stdout
    before = tmp_path / "before.img"
    copy_flash(flash(), before)
    writes = keys_run([keys], count_writes=True).writes
    assert writes > 5
    seen = set()
    for number in range(1, writes + 1):
        copy_flash(before, flash())
        assert keys_run([keys], cut_power_at=f"{number}{torn}").status == 99
        seen.add(sim("cat /home/f").stdout)
        assert seen <= {old, "new\n" + old}
        found = play([keys | {"keys": ["r"]}])[0]  # where a swap file is left it is offered; else r waits for a key
        assert found["text"] in (old, "new\n" + old)
    assert len(seen) == 2


def test_a_change_that_memory_is_too_short_for_is_made_whole_or_not_at_all(console):
    console(image="romfs", heap="320k")
    console.expect("$: ")
    console.send("seq -f 'line number %g' 3000 > f; vi f\r")
    console.expect('"f" 3000 lines')
    console.send("ggdG")
    console.expect("no memory to change 3000 lines at once")
    console.send(":%s/number/nr/g\r")
    console.expect("change too large to undo")
    console.send(":1,50d\r:wq\r")
    console.expect("$: ")
    console.send("wc -l f; grep -c '^line nr [0-9]*$' f\r")
    console.expect("2950 f\r\n2950\r\n")
