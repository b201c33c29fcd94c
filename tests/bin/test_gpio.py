"""gpio: pins are read without being changed, written, pulled and pulsed."""

import pytest

GET = "> import simulator; print(simulator.get('%s'))"


def test_levels_are_read_and_written(sim):
    result = sim(
        "gpio 4; gpio 5 1; gpio 5; gpio 5 toggle; gpio 4 5; gpio 4 > 0\n< utls.getenv('0') + 1", set={"pin.4.input": 1}
    )
    assert (result.stdout, result.stderr) == ("1\n1\n4: 1\n5: 0\n2\n", "")


def test_reading_leaves_an_output_what_it_is(sim):
    assert sim(f"gpio 5 1; gpio 5; {GET % 'pin.5.mode'}").stdout == "1\nout\n"


def test_pulls(sim):
    result = sim(
        f"gpio -u 6; gpio 6; {GET % 'pin.6.pull'}\ngpio -d 6; gpio 6; {GET % 'pin.6.pull'}\ngpio 6 in; {GET % 'pin.6.pull'}"
    )
    assert result.stdout == "1\nup\n0\ndown\nNone\n"


@pytest.mark.parametrize("board, number", [("pico", 27), ("esp32-c3", 3)])
def test_a_voltage(sim, board, number):
    value = int(sim(f"gpio -a {number}", board=board, set={f"adc.{number}.volts": 3.3}).stdout)
    assert value == 65535


def test_all_pins_of_the_board(sim):
    lines = sim("gpio", board="pico", set={"pin.26.input": 1}).stdout.splitlines()
    assert lines[0].split() == ["GPIO", "PIN", "VALUE"]
    assert len(lines) == 27
    assert "26 31 1" in [" ".join(line.split()) for line in lines]
    assert [line.split()[0] for line in sim("gpio -a", board="pico").stdout.splitlines()[1:]] == ["26", "27", "28"]


def test_a_pulsed_pin(sim):
    result = sim(
        f"gpio -w 25 -f 500 4; {GET % 'pwm.4.duty_u16'}\n{GET % 'pwm.4.freq'}\ngpio -w 0 4; {GET % 'pwm.4.active'}"
    )
    assert (result.stdout, result.stderr) == ("16384\n500\nFalse\n", "")


@pytest.mark.parametrize(
    "command, error, status",
    [
        ("gpio 99", "gpio: 99: No such device or address", 1),
        ("gpio -a 2", "gpio: 2: No such device or address", 1),
        ("gpio x", "gpio: x: not the number of a GPIO", 2),
        ("gpio 4 up", "gpio: up: No such device or address", 1),
        ("gpio -u", "gpio: expected one GPIO", 2),
        ("gpio -w 101 4", "gpio: 101: not 0 to 100", 2),
        ("gpio -w 5 99", "gpio: 99: invalid pin", 1),
    ],
)
def test_wrong_use(sim, command, error, status):
    result = sim(command, board="pico")
    assert result.stderr.splitlines()[0] == error
    assert result.status == status
