"""micrOS's own Load Modules drive the simulated hardware of an ESP32 as they do on a board."""

import json

import pytest

pytestmark = pytest.mark.slow

BME280 = {"chip": "bme280", "temperature": 21.5, "pressure": 1000, "humidity": 40}
AHT10 = {
    "registers": {"0": [28, 128, 0, 8, 0, 0]}
}  # an answer that is 50 % and 50 degrees below zero, by its data sheet
WORLD = {
    "i2c.0.devices": json.dumps({"118": BME280}),
    "i2c.soft.devices": json.dumps({"60": {"chip": "ssd1306"}, "56": AHT10}),
    "dht.32.temperature": "21.5",
    "dht.32.humidity": "40",
    "ds18x20.19": '{"28aabbccddeeff01": 21.5}',
    "adc.34.volts": "1.2",
}

# A call, words in what it prints, and what the hardware does then: paths and values.
CALLS = [
    ("neopixel color 255 0 10", "R: 255", {}),
    ("rgb color 1000 20 30", "R: 1000", {"pwm.14.duty_u16": 64062, "pwm.12.duty_u16": 1281, "pwm.15.duty_u16": 1922}),
    ("cct white 100 200", "CW: 100", {"pwm.26.duty_u16": 6406}),
    ("dimmer set_value 500", "X: 500", {"pwm.33.duty_u16": 32031}),
    ("switch set_state True", "SET STATE: 1", {"pin.26.value": 1}),
    ("servo sduty 60", "SET SERVO1: duty: 60", {"pwm.27.duty_u16": 3844}),
    ("buzzer bipp 1", "Bip on 600 Hz", {"pwm.33.freq": 600}),
    ("genIO set_pwm 4 500", "freq: 20480", {"pwm.4.duty_u16": 32031}),
    ("genIO set_out 5 True", "state: True", {"pin.5.value": 1}),
    ("genIO get_adc 34", "volt: 1.2", {}),
    ("bme280 measure", "hum[%]: 40.0", {}),
    ("dht11 measure", "temp[C]: 22", {}),
    ("dht22 measure", "21.5", {}),
    ("dht22 measure True", "21.5", {}),
    ("dht22 logger", "'hum[%]': 40", {}),
    ("pacman datdump", "'hum[%]': 40", {}),
    ("ds18 measure", "21.5", {}),
    ("aht10 measure", "temp [\u00baC]: -50.0", {}),
    ("i2c discover", "OLED: 0x3c", {}),
    ("stepper step 10", "Move 10 step", {}),
    ("rencoder load", "Init RotaryEncoder", {}),
    ("presence load", "Init presence module", {}),
    ("esp32 temp", "MCU temp [C]: 42", {}),
]


def test_calls_and_pins(node, toolkit):
    node = node(
        mount=toolkit / "micrOS" / "source" / "modules", board="esp32-wroom-32", heap="4M", image="mpy", set=WORLD
    )
    wrong = {}
    for call, words, hardware in CALLS:
        node.board.run("service restart micros")  # several use the same pins
        output, status = node.lm(call)
        found = {
            path: node.board.run(f"python -c \"import simulator; print(simulator.get('{path}'))\"")[0]
            for path in hardware
        }
        if status or words not in output or {path: int(text) for path, text in found.items()} != hardware:
            wrong[call] = output, found
    assert wrong == {}


def test_a_display_shows_a_text(node, toolkit):
    node = node(
        mount=toolkit / "micrOS" / "source" / "modules", board="esp32-wroom-32", heap="4M", image="mpy", set=WORLD
    )
    assert node.lm("oled text hello 0 0") == ("True", 0)
    assert node.lm("oled show")[1] == 0
    screen = node.board.run(
        "python -c \"import simulator; print(simulator.get('i2c.soft.devices')['60']['screen'][:40])\""
    )
    assert int(screen[0], 16) != 0


def test_a_pin_has_one_user(node, toolkit):
    node = node(mount=toolkit / "micrOS" / "source" / "modules", board="esp32-wroom-32", heap="4M", image="mpy")
    assert node.lm("neopixel load")[1] == 0
    assert node.lm("rgb load") == ("lm: Core error: LM_rgb->load: [io] Pin rgbue is busy: neop:15", 1)
    assert "15: 'neop'" in node.lm("system pinmap")[0]
