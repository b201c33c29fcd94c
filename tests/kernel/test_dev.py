"""/dev: devices as files, for cat, echo and Python."""

import pytest


def test_the_devices_without_hardware(sim):
    result = sim(
        "echo x > /dev/null; cat /dev/null; head -c 3 /dev/zero | od -An -tx1; head -c 70000 /dev/zero | wc -c\n"
        "echo x > /dev/full; echo $?; a=$(head -c 8 /dev/random | base64); b=$(head -c 8 /dev/urandom | base64)\n"
        "test $a != $b && echo differ; echo to standard output > /dev/stdout; echo in | cat /dev/stdin"
    )
    assert result.stdout == " 00 00 00\n70000\n1\ndiffer\nto standard output\nin\n"
    assert "No space left on device" in result.stderr


def test_the_terminal_of_a_session(console, sim):
    console()
    console.expect("$: ")
    console.send("echo a word > /dev/tty | cat > /tmp/x; wc -c < /tmp/x\r")
    console.expect("\na word\r\n0\r\n")


def test_there_is_no_terminal_in_a_script(sim):
    assert sim("echo x > /dev/tty").stderr.rstrip("\n").endswith("/dev/tty: No such device or address")


def test_a_pin_is_written_and_read(sim, control):
    script = """
        cat /dev/gpio/4
        echo 1 > /dev/gpio/5; cat /dev/gpio/5; echo off > /dev/gpio/5; cat /dev/gpio/5
        echo toggle > /dev/gpio/5; cat /dev/gpio/5; printf 'out\\n0\\n1\\n0' > /dev/gpio/5; cat /dev/gpio/5
        echo up > /dev/gpio/6; cat /dev/gpio/6; echo down > /dev/gpio/6; cat /dev/gpio/6
        > import simulator; print(simulator.get("pin.5.mode"), simulator.get("pin.6.mode"), simulator.get("pin.6.pull"))
    """
    result = sim(script, set={"pin.4.input": 1})
    assert result.stderr == ""
    assert result.stdout == "1\n1\n0\n1\n0\n1\n0\nout in down\n"


def test_reading_a_pin_leaves_it_an_output(sim):
    result = sim(
        'echo 1 > /dev/gpio/5; cat /dev/gpio/5 > /dev/null; > import simulator; print(simulator.get("pin.5.mode"))'
    )
    assert result.stdout.splitlines()[-1] == "out"


@pytest.mark.parametrize("board, number, low, high", [("pico", 26, 32000, 33500), ("esp32-wroom-32", 34, 32000, 33500)])
def test_a_voltage_is_read(sim, board, number, low, high):
    result = sim(
        f"ls /dev/adc | grep -cx {number}; cat /dev/adc/{number}", board=board, set={f"adc.{number}.volts": 1.65}
    )
    there, value = result.stdout.split()
    assert there == "1"
    assert low < int(value) < high


@pytest.mark.parametrize("board, pin", [("pico", "25"), ("pico-w", "WL_GPIO0"), ("esp32-wroom-32", "2")])
def test_the_led_of_the_board(sim, board, pin):
    result = sim(
        f'echo on > /dev/led; cat /dev/led; > import simulator; print(simulator.get("pin.{pin}.value"))', board=board
    )
    assert (result.stdout, result.stderr) == ("1\n1\n", "")


def test_pins_are_those_of_the_board_file(sim):
    assert sim("ls /dev/gpio | sort -n | tail -n1; ls /dev/adc | tr '\\n' ' '", board="pico").stdout == "28\n26 27 28 "


@pytest.mark.parametrize(
    "board, command, error",
    [
        ("esp32-c3", "cat /dev/led", "/dev/led: No such device or address"),
        ("pico", "cat /dev/gpio/99", "/dev/gpio/99: No such device or address"),
        ("pico", "cat /dev/gpio/x", "/dev/gpio/x: No such device or address"),
        ("pico", "cat /dev/adc/2x", "/dev/adc/2x: No such device or address"),
        ("pico", "echo 5 > /dev/adc/26", "/dev/adc/26: Permission denied"),
        ("pico", "echo dance > /dev/gpio/4", "Invalid argument"),
        ("pico", "head -c 100 /dev/zero > /dev/gpio/4", "Invalid argument"),
        ("pico", "cat /dev/gpio", "/dev/gpio: Is a directory"),
        ("pico", "cat /dev/gpio/4/5", "/dev/gpio/4/5: No such file or directory"),
        ("pico", "cat /dev/nothing", "/dev/nothing: No such file or directory"),
        ("pico", "echo x > /dev/nothing", "/dev/nothing: Read-only file system"),
        ("pico", "rm /dev/null", "Read-only file system"),
    ],
)
def test_what_a_board_lacks_is_one_sentence(sim, board, command, error):
    result = sim(command, board=board)
    assert result.status
    assert result.stderr.rstrip("\n").endswith(error)
    assert result.stderr.count("\n") == 1


def test_python_opens_devices(sim):
    result = sim(
        "> f = open('/dev/gpio/7', 'w'); f.write('1'); f.close(); print(open('/dev/gpio/7').read())\n"
        "> print(open('/dev/zero', 'rb').read(3), len(open('/dev/random', 'rb').read(16)), open('/dev/null').read())\n"
        "> b = bytearray(b'xy'); f = open('/dev/zero', 'rb'); print(f.readinto(b), b)"
    )
    assert result.stderr == ""
    assert result.stdout == "1\n\nb'\\x00\\x00\\x00' 16 \n2 bytearray(b'\\x00\\x00')\n"
