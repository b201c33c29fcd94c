"""Boot and shutdown: whatever is damaged, the board reaches the prompt, with one clear message."""

import pytest

from kernel import hog


def test_banner_names_version_board_memory_and_storage(console):
    console()
    text = console.expect("$: ")
    for word in ("Diatom", "MicroPython", "Memory:", "Storage:", "help"):
        assert word in text


def test_commands_of_the_command_line_print_only_their_own_output(sim):
    result = sim("echo one; exit 3")
    assert (result.stdout, result.stderr, result.status) == ("one\n", "", 3)


def test_what_init_exports_is_set_in_the_session(sim):
    sim("echo 'export GREETING hello\necho from init' > /local/init.sh")
    result = sim("echo $GREETING")
    assert (result.stdout, result.stderr) == ("hello\n", "")


@pytest.mark.parametrize(
    "damage, message",
    [
        ("rm /etc/init.sh", "/etc/init.sh: No such file or directory"),
        ("echo '{\"board\": ' > /etc/system.conf", "system.conf.bad"),
        ("printf 'nosuchcommand\\necho on\\n' > /etc/init.sh", "/etc/init.sh: line 1: nosuchcommand: not found"),
        ("printf 'echo a\\nif true\\n' > /etc/init.sh", "/etc/init.sh: line 3: syntax error"),
        ("printf '> int(nothing)\\n' > /etc/init.sh", "NameError"),
        ("printf 'exit 5\\n' > /etc/init.sh", ""),
        ("printf '\\000\\001\\002' > /etc/init.sh", "binary file"),
        ("rm -r /etc/boards", ""),
        ("rm -rf /tmp /opt /etc/motd /etc/end.sh", ""),
    ],
)
def test_the_prompt_comes_after_damage(sim, damage, message):
    assert sim(damage).status == 0
    result = sim("echo prompt")
    assert result.stdout == "prompt\n"
    assert message in result.stderr
    assert "Traceback" not in result.stderr or "int(" in damage


def test_the_prompt_comes_on_a_full_flash(sim):
    full = sim("while cat /bin/*.mpy >> /home/fill; do :; done; rm /local/init.sh; df > 0; echo x > /home/y")
    assert "No space left on device" in full.stderr
    assert sim("echo prompt; rm /home/fill; echo freed > /home/y; cat /home/y").stdout == "prompt\nfreed\n"


def test_recovery_runs_no_user_code(sim):
    sim("echo 'export FROM init' > /local/init.sh")
    result = sim("echo [$FROM]", recovery=True)
    assert result.stdout == "[]\n"
    assert "Recovery" in result.stderr


def test_recovery_starts_what_lets_somebody_in_and_no_other_service(sim, port_offset):
    sim("printf 'secret\nsecret\n' | passwd root; service enable telnetd; service enable crond")
    look = "until ps | grep -q [t]elnetd; do sleep 0.05; done; ps"
    found = sim(look, port_offset=port_offset)
    assert "telnetd" in found.stdout and "crond" in found.stdout, found.stderr
    found = sim(look, port_offset=port_offset, recovery=True)
    assert "telnetd" in found.stdout and "crond" not in found.stdout, found.stdout + found.stderr


def test_exit_at_the_console_runs_end_and_ends_with_0(console, sim):
    sim("echo 'echo ended > /home/ended' > /etc/end.sh")
    console()
    console.expect("$: ")
    console.send("exit\r")
    assert console.wait() == 0
    assert sim("cat /home/ended").stdout == "ended\n"


@pytest.mark.parametrize("left", [1000, 2000, 3000, 4000, 6000])
def test_a_program_that_holds_all_memory_is_ended_by_the_shutdown(sim, left):
    """The shell may end because memory has run out; then there is none for the shutdown code, either."""
    sim("echo 'echo ended > /home/ended' > /etc/end.sh", heap="220k", image="romfs")
    script = f"cat > /tmp/hog.py <<'END'\n{hog.SOURCE}END\n/tmp/hog {left} &\nsleep .2\nls /nix | sort | tail -n 1\nps | wc -l"
    result = sim(script, heap="220k", image="romfs")
    assert "Traceback" not in result.stderr and "out of memory" in result.stderr
    assert result.status == 1
    assert sim("cat /home/ended", image="romfs").stdout == "ended\n"


def test_a_heap_that_is_too_small_for_the_shell_is_said(sim):
    for heap in ("110k", "120k"):
        result = sim("echo small", heap=heap, image="mpy")
        # Where memory does not even suffice to shut down, the board resets, and the status is lost.
        assert (result.stdout, result.stderr) == ("", "sh: out of memory\n")


def test_reboot_restarts_in_place(console):
    console()
    console.expect("$: ")
    console.send("reboot\r")
    console.expect("Diatom")
    console.expect("$: ")
    console.send("echo again\r")
    console.expect("\nagain\r\n")


def test_recovery_can_be_asked_for(console):
    console()
    console.expect("$: ")
    console.send("> utls.recovery()\r")
    console.expect("Recovery: no user code runs.")
    console.expect("$: ")
    console.send("reboot\r")
    assert "Recovery" not in console.expect("$: ")


LONG_PROFILE = "{ head -c 20000 /dev/zero | tr '\\0' x; echo; echo 'export AFTER=6'; } > /home/.profile"


def test_a_profile_with_a_line_that_is_far_too_long_has_one_message_and_a_prompt(sim, console, tmp_path):
    flash = tmp_path / "flash.img"
    sim(LONG_PROFILE, flash=flash)
    console(flash=flash, heap="400k")
    console.expect("xxx...: not found")
    console.expect("$: ")
    console.send("echo $((AFTER * 7))\r")
    console.expect("42")


def test_a_profile_that_lacks_memory_leaves_a_prompt(sim, console, tmp_path):
    flash = tmp_path / "flash.img"
    sim(LONG_PROFILE, flash=flash)
    console(flash=flash, heap="240k")
    console.expect("out of memory: the rest of /home/.profile is left out")
    console.expect("$: ")
    console.send("rm /home/.profile; echo $((6 * 7))\r")
    console.expect("42")
