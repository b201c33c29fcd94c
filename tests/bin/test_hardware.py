"""Programs for hardware, on different boards: what exists works, what is missing is one error message."""

import re

import pytest


def only_line(result):
    """The single line of stderr of a failed command."""
    assert result.status == 1
    assert result.stderr.count("\n") == 1
    return result.stderr.rstrip("\n")


@pytest.mark.parametrize(
    "board, speed, other, wrong",
    [
        ("pico", 125, 200, "cpufreq: 7: cannot change frequency"),
        ("pico2", 150, 200, "cpufreq: 7: cannot change frequency"),
        ("esp32-wroom-32", 160, 240, "cpufreq: 7: frequency must be 20MHz, 40MHz, 80Mhz, 160MHz or 240MHz"),
        ("esp32-c3", 160, 80, "cpufreq: 7: frequency must be 20MHz, 40MHz, 80Mhz or 160MHz"),
    ],
)
def test_the_clock_is_shown_and_set(sim, board, speed, other, wrong):
    result = sim(f"cpufreq; cpufreq {other} > /dev/null; cpufreq -v; lshw -b | tail -n 1; cpufreq 7", board=board)
    line = "CPU speed: {} MHz\n"
    assert result.stdout == line.format(speed) + line.format(other) + f"CPU speed:   {other} MHz\n"
    assert only_line(result) == wrong


@pytest.mark.parametrize(
    "board, world",
    [("pico", {"temperature": 33.4}), ("pico2-w", {"temperature": 33.4}), ("esp32-c3", {"esp32.temperature": 33})],
)
def test_the_thermometer_of_the_chip(sim, board, world):
    result = sim("sensors; sensors -q > /dev/null; sensors > 0; < utls.getenv('0') > 32", board=board, set=world)
    assert re.fullmatch(r"MCU temperature: 33\.\d C\nTrue\n", result.stdout)


@pytest.mark.parametrize("board, sda, scl", [("pico", 4, 5), ("esp32-wroom-32", 21, 22), ("esp32-c3", 4, 5)])
def test_devices_on_a_bus_are_found(sim, board, sda, scl):
    devices = '{"60": {"registers": {}}, "104": {}}'
    result = sim("i2cscan; i2cscan -q 0; i2cscan > 0; echo $0; i2cscan 7", board=board, set={"i2c.0.devices": devices})
    assert result.stdout == (
        f"I2C 0: sda {sda}, scl {scl}, 2 devices\n   60  0x3c\n  104  0x68\n0x3c\n0x68\n[60, 104]\n"
    )
    assert only_line(result) == "i2cscan: bus 7: its pins are not in the board file; specify SDA and SCL"


def test_a_bus_on_any_pins(sim):
    world = {"i2c.soft.devices": '{"35": {}}'}
    result = sim("i2cscan -f 400000 18 19; i2cscan -q 18 99", board="esp32-wroom-32", set=world)
    assert result.stdout == "I2C 0: sda 18, scl 19, 1 devices\n   35  0x23\n"
    assert only_line(result) == "i2cscan: bus 0: invalid pin"


def test_leds_are_switched(sim):
    get = "> import simulator; print([simulator.get('pin.%d.value' % n) for n in (2, 4)])"
    result = sim(f"led on; {get}\nled on 1; led off 0; {get}\nled boot; {get}\nled on 2")
    assert result.stdout == "[1, 0]\n[0, 1]\n[0, 0]\n"
    assert only_line(result) == "led: 2: this board has 2 LEDs, counted from 0"


def test_colours_are_shown_and_switched_off(sim):
    result = sim("led rgb 2; > import simulator; print(simulator.get('neopixel.8'))")
    assert (result.stdout, result.stderr) == ("[(0, 0, 0), (0, 0, 0)]\n", "")


@pytest.mark.parametrize(
    "board, command, error",
    [
        ("esp32-c3", "led on", "led: no LED in the board file"),
        ("pico", "led rgb", "led: no RGB LED in the board file"),
        ("pico", "rtc -m", "rtc: this clock has no memory"),
        ("pico", "wdt -t 9", "wdt: 9 s: timeout exceeds 8388"),
        ("pico", "wdt -f", "wdt: the watchdog is not running"),
        ("pico", "deepsleep -p 4", "deepsleep: 4: pins cannot wake this chip from deep sleep"),
        ("esp32-wroom-32", "deepsleep -p 5 1", "deepsleep: 5: cannot wake this chip: invalid pin"),
        ("pico", "lightsleep -p 99 1", "lightsleep: 99: no such pin"),
        ("pico", "lshw -f dac", "lshw: dac: not in the board file"),
    ],
)
def test_what_a_board_lacks_is_one_sentence(sim, board, command, error):
    assert only_line(sim(command, board=board)) == error


def test_the_memory_of_the_clock_and_its_time(sim):
    result = sim('rtc -m "some words"; rtc -m; rtc -s "2030-05-06 07:08:09"; date -u +%F; rtc -s 2030-05-06')
    assert re.fullmatch(r"some words\nMon 2030-05-06 07:08:\d\d UTC\n2030-05-06\n", result.stdout)
    assert result.stderr.startswith("rtc: 2030-05-06: expected YYYY-MM-DD HH:MM:SS\nusage: ")


@pytest.mark.parametrize("board, woken", [("pico", ""), ("esp32-wroom-32", "woken by: timer\n")])
def test_light_sleep_keeps_everything(sim, board, woken):
    result = sim(
        "x=5; a=$(date +%s); lightsleep 1.1; b=$(date +%s); test $((b - a)) -ge 1 && echo slept $x", board=board
    )
    assert (result.stdout, result.stderr) == (woken + "slept 5\n", "")


@pytest.mark.parametrize(
    "board, pin, woken",
    [
        ("pico", 4, ""),
        ("esp32-wroom-32", 4, "woken by: pin\n"),
        ("esp32-wroom-32", 5, "woken by: pin\n"),  # not a pin that is awake in deep sleep
        ("esp32-c6", 4, "woken by: pins\n"),
        ("esp32-c3", 4, "woken by: pin\n"),
    ],
)
def test_a_pin_ends_a_light_sleep_and_no_later_one(console, control, board, pin, woken):
    console(board=board, control=control.address)
    console.expect("$: ")
    console.send(f"lightsleep -p {pin} 60; echo a''wake; lightsleep .1; echo not by the p''in\r")
    control.wait("machine.sleep", "light", 10_000)
    control.set(f"pin.{pin}.input", 0)
    assert console.expect("awake\r\n").replace("\r\n", "\n").endswith("\n" + woken)
    assert "pin" not in console.expect("not by the pin").removesuffix("not by the pin")


def test_deep_sleep_shuts_down_sleeps_and_boots(console, sim):
    sim("echo 'echo ended > /home/ended' > /local/end.sh")
    console(board="esp32-wroom-32")
    console.expect("$: ")
    console.send("deepsleep .3\r")
    console.expect("Diatom")
    console.expect("$: ")
    console.send("reset-cause; cat /home/ended; dmesg -l info | tail -n 1 | cut -c11-\r")
    console.expect("\ndeep sleep (timer)\r\nended\r\nkernel: reset cause: deep sleep (timer)")


@pytest.mark.parametrize(
    "board, woken", [("esp32-wroom-32", "pin"), ("esp32-s3-devkitc", "pin"), ("esp32-c3", "pin"), ("esp32-c6", "pins")]
)
def test_a_pin_ends_a_deep_sleep(console, control, board, woken):
    console(board=board, control=control.address)
    console.expect("$: ")
    console.send("deepsleep -f -p 4=1\r")
    control.wait("machine.sleep", "deep", 10_000)
    control.set("pin.4.input", 1)
    console.expect("Diatom")
    console.expect("$: ")
    console.send("reset-cause\r")
    console.expect(f"\ndeep sleep ({woken})\r\n")
    console.send("lightsleep .1; reset-cause\r")
    console.expect(f"woken by: timer\r\ndeep sleep ({woken})\r\n")


def test_a_touch_ends_a_deep_sleep(console, control, tmp_path):
    (tmp_path / "sleep.py").write_text(
        "import esp32, machine\nmachine.TouchPad(machine.Pin(13)).config(400)\nesp32.wake_on_touch(True)\nmachine.deepsleep()"
    )
    console(board="esp32-wroom-32", control=control.address, mount=f"{tmp_path}:/mnt/host")
    console.expect("$: ")
    console.send("python /mnt/host/sleep.py\r")
    control.wait("machine.sleep", "deep", 10_000)
    control.set("touch.13.value", 150)
    console.expect("$: ")
    console.send("reset-cause\r")
    console.expect("\ndeep sleep (touch)\r\n")


@pytest.mark.parametrize("board, cause", [("esp32-wroom-32", "reset"), ("pico", "reset or watchdog")])
def test_the_cause_after_a_reboot_is_what_the_chip_can_tell(console, board, cause):
    console(board=board)
    for command in ("reset-cause", "reboot", "reset-cause; dmesg | cut -c11- | sed -n 2p"):
        console.expect("$: ")
        console.send(command + "\r")
    console.expect(f"\n{cause}\r\nkernel: reset cause: {cause}\r\n")


def test_the_watchdog_bites_a_system_that_stands_still(console):
    console()
    console.expect("$: ")
    console.send("wdt -t .5 -a; sleep 1; reset-cause\r")
    console.expect("\npower on\r\n")
    console.send("> while True: pass\r")
    console.expect("Diatom")
    console.expect("$: ")
    console.send("reset-cause\r")
    console.expect("\nwatchdog\r\n")


def test_lshw_knows_the_board(sim):
    result = sim("lshw -b; lshw -f spi; lshw -f ledio", board="pico-w")
    assert "SystemID:    D1A7035E0001\n" in result.stdout
    assert "Board:       Raspberry Pi Pico W\n" in result.stdout
    assert result.stdout.endswith("ledio:\n    led      LED\n")


def test_who_uses_a_file(sim):
    result = sim(
        'sleep 9 < /etc/motd & p=$!; fuser /etc/motd; lsof /etc/motd | tail -n 1; test "$(fuser /etc/motd)" = "/etc/motd: $p"; echo $?\n'
        "fuser -k /etc/motd > /dev/null; wait $p; echo $?; fuser /etc/motd; echo $?; lsof /etc/motd; echo $?; fuser -m /bin | grep -c e"
    )
    lines = result.stdout.splitlines()
    assert re.fullmatch(r"/etc/motd: \d+", lines[0])
    assert re.fullmatch(r"sleep +\d+ +0 /etc/motd", lines[1])
    assert lines[2:6] == ["0", "137", "1", "1"]


def test_fileup_takes_what_comes_at_one_stroke(sim):
    result = sim(
        "fileup /home/f; fileup /home/f < /bin/awk.mpy > /dev/null; cmp /bin/awk.mpy /home/f && echo same", stdin="a\nb"
    )
    assert result.stdout == "/home/f: 3 bytes\nsame\n"
    kept = sim(
        "head -c 30000 /dev/zero | fileup /home/f; cmp /bin/awk.mpy /home/f; fileup /boot.py < /dev/null; fileup /no/x < /dev/null"
    )
    assert kept.stderr.splitlines() == [
        "fileup: /home/f: more than 20480 bytes; nothing written",
        "fileup: /boot.py: is a protected system file",
        "fileup: /no/x: No such file or directory",
    ]


@pytest.mark.parametrize(
    "name", "free lsmod mdnsd nproc reboot reset reset-cause sensors si sync uname uptime users whoami wifid".split()
)
def test_what_takes_no_operands_says_so(sim, name):
    result = sim(f"{name} more")
    assert result.status == 2
    assert result.stderr.startswith(f"{name}: more: extra operand\nusage: {name}")


def test_the_log_of_the_firmware(sim):
    ask = '> import simulator as s; print(s.get("esp.osdebug"), s.get("esp.log.wifi"), s.get("esp.log.redirected"))'
    result = sim(f"esplog debug; esplog 3; {ask}\nesplog -t wifi info; esplog -r", board="esp32-cam")
    assert result.stdout == "3 None None\n"
    assert result.stderr == "esplog: this firmware has no loglevel()\nesplog: this firmware has no redirectlog()\n"
    script = f"esplog -r; esplog -t wifi verbose; {ask}\nesplog -R; esplog -t wifi none; {ask}"
    for place, least, error in (("esp", 0, ""), ("machine", 5, "esplog: none: Log level 1~5 expected\n")):
        result = sim(script, board="esp32-cam", set={"esp.logging": place})
        assert (result.stdout, result.stderr) == (f"None 5 True\nNone {least} False\n", error)


def test_the_heap_of_the_firmware(sim):
    heaps = {"esp32.heap_data": "[[1000, 400, 300, 200], [5000, 50, 40, 30]]", "esp32.heap_spiram": "[[9, 8, 7, 6]]"}
    result = sim("heapinfo -sd > 0; echo $0; heapinfo -h | tail -n 1; heapinfo -i", board="esp32-cam", set=heaps)
    *values, line = result.stdout.splitlines()
    assert line.split() == ["data", "4.9K", "4.8K", "50", "40", "30"]
    assert re.findall(r"'Total': (\d+)", values[0]) == ["1000", "5000", "9"]
    assert only_line(result) == "heapinfo: this firmware has no heap_info()"
    for place in ("esp", "machine"):
        assert (
            "Minimum free: 230\n" in sim("heapinfo -i", board="esp32-cam", set={**heaps, "esp.logging": place}).stdout
        )
