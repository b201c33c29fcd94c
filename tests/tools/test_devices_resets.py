"""Resets of the simulated board: what ends a run, what the next one knows of it, and the clock."""

import pytest


@pytest.fixture
def after_reset(console, tmp_path):
    """Callable: the value of an expression after a program has reset the board."""

    def after_reset(program, expression):
        (tmp_path / "first.py").write_text(program)
        (tmp_path / "second.py").write_text(f"from machine import *\nprint('told', {expression}, 'so')")
        console(mount=f"{tmp_path}:/mnt/host")
        for name in ("first", "second"):
            console.expect("$: ")
            console.send(f"python /mnt/host/{name}.py\r")
        console.expect("told ")
        return console.expect(" so")

    return after_reset


def test_memory_survives_a_reset(after_reset):
    program = "from machine import RTC, reset\nRTC().memory(b'kept')\nreset()"
    assert after_reset(program, "RTC().memory(), reset_cause() == HARD_RESET") == "b'kept' True"


def test_a_watchdog_that_is_not_fed_resets(after_reset):
    program = (
        "import time\nfrom machine import RTC, WDT\nwdt, start = WDT(timeout=200), time.ticks_ms()\n"
        "while time.ticks_diff(time.ticks_ms(), start) < 500:\n    wdt.feed()\n"
        "RTC().memory(b'fed')\nwhile True:\n    pass"
    )
    assert after_reset(program, "RTC().memory(), reset_cause() == WDT_RESET") == "b'fed' True"


def test_deep_sleep_ends_with_a_reset(after_reset):
    told = after_reset("from machine import deepsleep\ndeepsleep(10)", "reset_cause(), wake_reason()")
    assert told == "4 4"  # DEEPSLEEP_RESET, TIMER_WAKE


def test_a_pin_wakes_from_deep_sleep(console, control, tmp_path):
    (tmp_path / "sleep.py").write_text(
        "import esp32, machine\nesp32.wake_on_ext0(machine.Pin(4), esp32.WAKEUP_ANY_HIGH)\nmachine.deepsleep()"
    )
    console(control=control.address, mount=f"{tmp_path}:/mnt/host")
    console.expect("$: ")
    console.send("python /mnt/host/sleep.py\r")
    control.wait("machine.sleep", "deep")
    control.set("pin.4.input", 1)
    console.expect("$: ")
    assert control.get("machine.wake_reason") == 2  # EXT0_WAKE


def test_the_world_stays_and_the_channel_comes_back_after_a_reset(console, control):
    console(control=control.address)
    control.set("adc.34.volts", 2.5)
    console.expect("$: ")
    console.send("reboot\r")
    console.expect("$: ")
    console.send("led on\r")
    control.wait("pin.2.value", 1)
    assert control.get("adc.34.volts") == 2.5


def test_the_clock_is_set_by_the_board_and_by_the_world(sim):
    assert sim("date -s '2031-02-03 04:05:06'; date +%Y-%m-%d").stdout.splitlines()[-1] == "2031-02-03"
    assert sim("date +%s", set={"rtc.offset": 1e9}).stdout > sim("date +%s", set={"rtc.offset": 9e8}).stdout


def test_the_clock_stays_set_over_a_reset(console):
    console()
    for command in ("date -s '2031-02-03 04:05:06'", "reboot", "date +year:%Y"):
        console.expect("$: ")
        console.send(command + "\r")
    console.expect("year:2031")
