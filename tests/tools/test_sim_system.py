"""The fixtures that all other tests use, with the real system."""


def test_commands(sim):
    result = sim("echo out; echo err >&2; false")
    assert (result.stdout, result.stderr, result.status) == ("out\n", "err\n", 1)


def test_script_with_arguments(sim):
    assert sim('echo "$# $2"', args=("a", "b c")).stdout == "2 b c\n"


def test_each_test_has_a_flash_of_its_own_and_keeps_it(sim):
    assert sim("cat /home/note").status == 1
    assert sim("echo kept > /home/note").status == 0
    assert sim("cat /home/note").stdout == "kept\n"


def test_console(console):
    console.send("echo $((6 * 7))\r")
    console.expect("42")
    console.send("exit\r")
    assert console.wait() == 0


def test_options_of_the_console(console):
    console(env={"WORD": "given"}, quiet_boot=True)
    console.send("echo =$WORD=\r")
    console.shows("=given=")


def test_time_in_which_the_board_only_waits_is_skipped(sim):
    """Clock, uptime, cron's times and what sleeps agree; nothing is skipped before and afterwards."""
    script = (
        "echo '@every 1h date +%H:%M >> /tmp/hours' > /tmp/table; service start crond; crontab /tmp/table; s=$(date +%s)\n"
        "> import simulator; simulator.set('time.skip', True)\n"
        "sleep 87000 & sleep 1h; kill -0 $! && echo one sleeps; wait; up=$(cut -d. -f1 /proc/uptime)\n"
        "> import simulator; simulator.set('time.skip', False)\n"
        "echo $(($(date +%s) - s >= 87000 && up >= 87000 && up < 87300)); wc -l < /tmp/hours"
    )
    result = sim(script, set="time.skip=false")
    assert (result.stderr, result.status) == ("", 0)
    assert result.stdout.split("\n")[:3] == ["one sleeps", "1", "24"]
