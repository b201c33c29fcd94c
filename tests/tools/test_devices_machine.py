"""The simulated machine, with the real system on a Raspberry Pi's small stack, and its world set from outside."""

import subprocess

import pytest
from harness import PATIENCE, SIM, option_words


@pytest.fixture
def board(flash, control, tmp_path):
    """Callable: start a program on a board whose world is under control; result() waits for its lines."""
    running = []

    def board(code, **options):
        (tmp_path / "program.py").write_text(code)
        words = option_words({"control": control.address, "mount": f"{tmp_path}:/mnt/host", "stack": "rp2", **options})
        command = [*SIM, "--flash", str(flash()), *words, "-c", "python /mnt/host/program.py"]
        running.append(
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        )
        return running[-1]

    yield board
    for process in running:
        process.kill()
        process.communicate()


def result(process):
    """The lines that a program has printed; it must end well."""
    out, err = process.communicate(timeout=PATIENCE)
    assert (err, process.returncode) == (b"", 0)
    return out.decode().splitlines()


@pytest.fixture
def lines(board):
    """Callable: the lines that a program prints which needs nobody."""
    return lambda code, **options: result(board(code, **options))


# Pins


def test_a_pin_is_read_and_interrupts_from_outside(board, control):
    running = board(
        "import time\nfrom machine import Pin\n"
        "pin, seen = Pin(4, Pin.IN, Pin.PULL_UP), []\n"
        "pin.irq(lambda p: seen.append((p is pin, p.value())))\n"
        "Pin(5, Pin.OUT, value=1)\n"
        "while len(seen) < 2:\n    time.sleep_ms(1)\n"
        "print(seen)"
    )
    control.wait("pin.5.value", 1)
    assert control.tree("pin.4.") == {"pin.4.mode": "in", "pin.4.pull": "up", "pin.4.value": 1}
    control.set("pin.4.input", 0)
    control.set("pin.4.input", 1)
    assert result(running) == ["[(True, 0), (True, 1)]"]


def test_the_world_changes_while_a_program_only_looks_at_a_pin(board, control):
    running = board("from machine import Pin\npin = Pin(4, Pin.IN)\nwhile not pin.value():\n    pass\nprint('seen')")
    control.set("pin.4.input", 1)
    assert result(running) == ["seen"]


def test_an_interrupt_has_its_direction(lines):
    code = (
        "import simulator\nfrom machine import Pin\npin, seen = Pin(4, Pin.IN), []\n"
        "irq = pin.irq(lambda p: seen.append(p.value()), Pin.IRQ_RISING)\n"
        "for level in (1, 1, 0, 1, None):\n    simulator.set('pin.4.input', level)\n"
        "print(seen, irq.trigger(Pin.IRQ_FALLING) == Pin.IRQ_RISING)\n"
        "simulator.set('pin.4.input', 1); simulator.set('pin.4.input', 0); print(seen)"
    )
    assert lines(code) == ["[1, 1] True", "[1, 1, 0]"]


def test_interrupts_can_wait(lines):
    code = (
        "import simulator\nfrom machine import Pin, disable_irq, enable_irq\nseen = []\n"
        "Pin(4, Pin.IN).irq(lambda p: seen.append(p.value()))\nstate = disable_irq()\n"
        "simulator.set('pin.4.input', 1); print(seen); enable_irq(state); print(seen)"
    )
    assert lines(code) == ["[]", "[1]"]


def test_what_a_handler_raises_is_shown_and_the_system_goes_on(board):
    process = board(
        "import simulator\nfrom machine import Pin\nPin(4, Pin.IN).irq(lambda p: 1 // 0)\n"
        "simulator.set('pin.4.input', 1); print('on')"
    )
    shown = result(process)
    assert "ZeroDivisionError" in "\n".join(shown) and shown[-1] == "on"


def test_pins_as_the_port_has_them(lines):
    code = (
        "from machine import Pin, Signal\n"
        "led = Pin('LED', Pin.OUT, value=1); led.toggle(); print(led, led(), Pin(4) is Pin(4))\n"
        "drain = Pin(6, Pin.OPEN_DRAIN); drain.off(); low = drain.value(); drain.on(); print(low, drain.value())\n"
        "lamp = Signal(led, invert=True); lamp.on(); print(led.value(), lamp.value())\n"
        "for bad in (99, -1, 'X', None):\n"
        "    try:\n        Pin(bad)\n    except ValueError as e:\n        print(e)"
    )
    expected = ["0 1", "0 1"]
    assert lines(code) == ["Pin(2, mode=Pin.OUT) 0 True", *expected, *["invalid pin"] * 4]
    assert lines(code, board="pico-w") == [
        "Pin(WL_GPIO0, mode=OUT) 0 True",
        *expected,
        "invalid pin",
        "invalid pin",
        'unknown named pin "X"',
        "invalid pin",
    ]


def test_a_pin_that_is_only_an_input(lines):
    code = "from machine import Pin\ntry:\n    Pin(34, Pin.OUT)\nexcept ValueError as e:\n    print(e)"
    assert lines(code) == ["pin can only be input"]


# Voltages


def test_pwm_shows_outside(board, control):
    running = board(
        "import time\nfrom machine import PWM, Pin\npwm = PWM(Pin(4), freq=1000, duty_u16=16384)\n"
        "print(pwm.freq(), pwm.duty(), pwm.duty_ns())\n"
        "while Pin(5, Pin.IN).value() == 0:\n    time.sleep_ms(1)\n"
        "pwm.deinit()\ntry:\n    pwm.freq()\nexcept RuntimeError as e:\n    print(e)\n"
        "while Pin(5, Pin.IN).value() == 1:\n    time.sleep_ms(1)"
    )
    control.wait("pwm.4.active", True)
    assert (control.get("pwm.4.freq"), control.get("pwm.4.duty_u16")) == (1000, 16384)
    control.set("pin.5.input", 1)
    control.wait("pwm.4.active", False)
    control.set("pin.5.input", 0)
    assert result(running) == ["1000 256 250004", "PWM is inactive"]


def test_pwm_keeps_a_time_when_the_frequency_changes(lines):
    code = (
        "from machine import PWM, Pin\npwm = PWM(Pin(4), freq=1000, duty_ns=250000); pwm.freq(2000)\n"
        "print(pwm.duty_u16())\n"
        "for bad in (lambda: pwm.duty_u16(70000), lambda: pwm.freq(0), lambda: pwm.duty(-1)):\n"
        "    try:\n        bad()\n    except ValueError as e:\n        print(str(e).split()[0])"
    )
    assert lines(code) == ["32768", "duty_u16", "frequency", "duty"]


def test_adc_measures_what_is_there(board, control):
    running = board(
        "import time\nfrom machine import ADC, Pin\nadc = ADC(Pin(34), atten=ADC.ATTN_11DB)\n"
        "print(adc.read_u16(), adc.read_uv(), adc.read())\nPin(5, Pin.OUT, value=1)\n"
        "while adc.read_uv() < 3000000:\n    time.sleep_ms(1)\n"
        "adc.atten(ADC.ATTN_0DB); print(adc.read())\n"
        "for bad in (5, 99):\n    try:\n        ADC(bad)\n    except ValueError as e:\n        print(e)",
        set={"adc.34.volts": 1.65},
    )
    control.wait("pin.5.value", 1)
    control.set("adc.34.volts", 3.3)
    assert result(running) == ["32776 1650000 2048", "4095", "invalid pin", "invalid pin"]


def test_the_thermometer_of_a_pico(lines):
    code = (
        "from machine import ADC\nvolts = ADC(ADC.CORE_TEMP).read_u16() * 3.3 / 65535\n"
        "print(round(27 - (volts - 0.706) / 0.001721))"
    )
    assert lines(code, board="pico", set={"temperature": 41}) == ["41"]


# Buses


@pytest.mark.parametrize("bus, path", [("I2C(0)", "i2c.0"), ("SoftI2C(Pin(22), Pin(21))", "i2c.soft")])
def test_registers_behind_i2c(lines, bus, path):
    devices = '{"60": {"registers": {"0": 18, "2": [1, 2]}}, "80": {"addrsize": 16, "registers": {"256": 7}}}'
    code = (
        f"import simulator\nfrom machine import I2C, Pin, SoftI2C\ni2c, buffer = {bus}, bytearray(2)\n"
        "print(i2c.scan(), i2c.readfrom_mem(60, 0, 5), i2c.readfrom_mem(80, 256, 1, addrsize=16))\n"
        "i2c.writeto_mem(60, 1, b'\\x07\\x08'); print(i2c.writeto(60, b'\\x00'), i2c.readfrom(60, 3))\n"
        "i2c.readfrom_mem_into(60, 2, buffer); print(buffer, i2c.writevto(60, (b'\\x05', b'ab')))\n"
        f"print(simulator.get('{path}.60.written'), simulator.get('{path}.devices')['60']['registers']['5'])\n"
        "try:\n    i2c.readfrom(61, 1)\nexcept OSError as e:\n    print(e.errno)"
    )
    assert lines(code, set={path + ".devices": devices}) == [
        "[60, 80] b'\\x12\\x00\\x01\\x02\\x00' b'\\x07'",
        "1 b'\\x12\\x07\\x08'",
        "bytearray(b'\\x08\\x02') 3",
        "056162 97",
        "19",
    ]


def test_spi_sends_and_receives(lines):
    code = (
        "import simulator\nfrom machine import SPI, Pin\nspi, buffer = SPI(1, 1000000, sck=Pin(14)), bytearray(2)\n"
        "simulator.set('spi.1.input', '010203'); spi.write_readinto(b'ab', buffer); print(buffer, spi.read(2))\n"
        "spi.write(b'xyz'); print(simulator.get('spi.1.output'))\n"
        "simulator.set('spi.1.loopback', True); spi.readinto(buffer, 0x55); print(buffer)\n"
        "for bad in (lambda: SPI(7), lambda: spi.write_readinto(b'abc', buffer)):\n"
        "    try:\n        bad()\n    except ValueError as e:\n        print(e)\n"
        "spi.deinit()\ntry:\n    spi.write(b'x')\nexcept OSError as e:\n    print(e)"
    )
    assert lines(code) == [
        "bytearray(b'\\x01\\x02') b'\\x03\\x00'",
        "78797a",
        "bytearray(b'UU')",
        "SPI(7) doesn't exist",
        "buffers must be the same length",
        "transfer on deinitialized SPI",
    ]


def test_uart_both_ways_with_asyncio(board, control):
    running = board(
        "import asyncio\nfrom machine import UART\n\n\nasync def main():\n    uart = UART(1, 9600, tx=17, rx=16)\n"
        "    reader, writer = asyncio.StreamReader(uart), asyncio.StreamWriter(uart, {})\n"
        "    while True:\n        line = await reader.readline()\n        if line == b'end\\n':\n            return\n"
        "        writer.write(line.upper())\n        await writer.drain()\n\n\nasyncio.run(main())"
    )
    control.wait("uart.1.baudrate", 9600)
    control.set("uart.1.input", "hello\n")
    control.wait("uart.1.output", "HELLO\n")
    control.set("uart.1.output", "")
    control.set("uart.1.input", "\u00ff\u0000x\n")
    control.wait("uart.1.output", "\u00ff\u0000X\n")
    control.set("uart.1.input", "end\n")
    assert result(running) == []


def test_uart_reads_what_has_come(lines):
    code = (
        "import simulator\nfrom machine import UART\nuart, buffer = UART(2, timeout=1), bytearray(4)\n"
        "print(uart.read(), uart.readline(), uart.any())\nsimulator.set('uart.2.input', 'one\\ntwo three')\n"
        "print(uart.any(), uart.readline(), uart.read(3), uart.readinto(buffer), buffer, uart.read())\n"
        "seen = []; uart.irq(lambda u: seen.append(u.read()), UART.IRQ_RXIDLE)\n"
        "simulator.set('uart.2.input', 'x'); print(seen, uart.write('ab'), simulator.get('uart.2.output'))\n"
        "try:\n    UART(9)\nexcept ValueError as e:\n    print(e)"
    )
    assert lines(code) == [
        "None None 0",
        "13 b'one\\n' b'two' 4 bytearray(b' thr') b'ee'",
        "[b'x'] 2 ab",
        "UART(9) does not exist",
    ]


# Time


def test_timers(lines):
    code = (
        "import time\nfrom machine import Timer\nticks, once = [], []\n"
        "timer = Timer(0, period=5, callback=lambda t: ticks.append(t is timer))\n"
        "Timer(-1, mode=Timer.ONE_SHOT, freq=500, callback=once.append)\n"
        "while len(ticks) < 3:\n    time.sleep_ms(1)\n"
        "timer.deinit(); count = len(ticks); time.sleep_ms(20); print(ticks[:3], len(ticks) == count, len(once), timer is Timer(0))\n"
        "for bad in (lambda: Timer(9), lambda: timer.init(period=0), lambda: timer.init(period=1, hard=True)):\n"
        "    try:\n        bad()\n    except ValueError as e:\n        print(str(e)[:12])"
    )
    assert lines(code) == ["[True, True, True] True 1 True", "Timer(9) doe", "Timer period", "hard Timers "]


def test_timers_run_while_a_program_is_idle(lines):
    code = (
        "from machine import Timer, idle\nseen = []\nTimer(-1, mode=Timer.ONE_SHOT, period=3, callback=seen.append)\n"
        "while not seen:\n    idle()\nprint(len(seen))"
    )
    assert lines(code) == ["1"]


def test_a_sleep_is_as_long_as_asked_while_others_wake_up(lines):
    code = (
        "import time\nfrom machine import Timer\ntimer = Timer(-1, period=2, callback=lambda t: None)\n"
        "start = time.ticks_ms(); time.sleep_ms(60); print(time.ticks_diff(time.ticks_ms(), start) >= 60)"
    )
    assert lines(code) == ["True"]


def test_timers_outlive_the_event_loop(bare):
    code = (
        "import asyncio\nfrom machine import Timer\nseen = []\nTimer(-1, period=3, callback=seen.append)\n"
        "async def more():\n    count = len(seen)\n    while len(seen) < count + 2:\n        await asyncio.sleep_ms(1)\n"
        "asyncio.run(more()); asyncio.new_event_loop(); asyncio.run(more()); print('on and on')"
    )
    assert bare(code).stdout == "on and on\n"


def test_sleep_and_pulse(lines):
    code = (
        "import time\nfrom machine import Pin, lightsleep, time_pulse_us\nstart = time.ticks_ms(); lightsleep(20)\n"
        "print(time.ticks_diff(time.ticks_ms(), start) >= 20, time_pulse_us(Pin(5), 1, 2000), time_pulse_us(Pin(5), 0, 2000))\n"
        "import simulator\nsimulator.set('pin.5.pulse_us', 580); print(time_pulse_us(Pin(5), 1))"
    )
    assert lines(code) == ["True -2 -1", "580"]


# Programs of the system


def test_programs_use_the_pins(sim):
    script = (
        "led on; test -g 2 && echo high; led off; test -g 2 || echo low; cpufreq 80; cpufreq; lshw | grep 'CPU speed'"
    )
    assert sim(script).stdout.split() == "high low CPU speed: 80 MHz CPU speed: 80 MHz CPU speed: 80 MHz".split()
    result = sim("cpufreq 81\ntest -g 99\n> from machine import Pin, SPI\n< Pin(7, Pin.OUT)")
    assert result.stdout == "Pin(7, mode=Pin.OUT)\n"
    assert "cpufreq: 81: frequency must be" in result.stderr and "no such GPIO" in result.stderr


# Names


def test_names_that_the_port_does_not_have(lines):
    code = (
        "import machine\nfor name in ('DAC', 'HARD_RESET', 'bootloader', 'Pin', 'Nothing'):\n"
        "    try:\n        exec('from machine import ' + name)\n        found = True\n"
        "    except ImportError:\n        found = False\n    print(found == hasattr(machine, name), found)"
    )
    assert lines(code) == ["True True", "True True", "True False", "True True", "True False"]
    assert lines(code, board="pico") == ["True False", "True False", "True True", "True True", "True False"]


def test_star_brings_all_names(lines):
    assert lines("from machine import *\nprint(Pin, SoftSPI, callable(freq), WDT_RESET)")[0].endswith("True 3")
