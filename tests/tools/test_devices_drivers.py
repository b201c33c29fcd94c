"""The drivers of tools/libraries.lock, on simulated devices that follow the data sheets."""

import json
import shutil

import pytest

from simulator import libraries


@pytest.fixture
def driver(sim, tmp_path):
    """Callable: the output lines of a program that can import a driver's module, with devices on I2C bus 0."""

    def driver(module, devices, program):
        for path, name in libraries.fetched(libraries.optional()[module]):
            shutil.copyfile(path, tmp_path / name.rpartition("/")[2])
        (tmp_path / "main.py").write_text("from machine import I2C\nimport simulator\ni2c = I2C(0)\n" + program)
        world = {"i2c.0.devices": json.dumps(devices)}
        result = sim("cd /mnt/host; python -m main", mount=f"{tmp_path}:/mnt/host", set=world, env={"PWD": "/mnt/host"})
        assert result.stderr == ""
        return result.stdout.splitlines()

    return driver


@pytest.mark.parametrize("measured", [(25.08, 1006.53, 45), (-12.5, 870, 8), (61.25, 1080.5, 97)])
def test_bme280(driver, measured):
    entry = dict(zip(("temperature", "pressure", "humidity"), measured, strict=True), chip="bme280")
    program = (
        "from bme280 import BME280\nsensor = BME280(i2c=i2c)\nsensor.values\nprint(*sensor.values)\n"
        "entry = simulator.get('i2c.0.devices')['118']\nentry['temperature'] += 1\nprint(sensor.values[0])"
    )
    first, second = driver("bme280", {"118": entry}, program)
    found = [float(word.rstrip("ChPa%")) for word in first.split()]
    assert found == pytest.approx(measured, abs=0.03)
    assert float(second.rstrip("C")) == pytest.approx(measured[0] + 1, abs=0.03)


def test_ads1115(driver):
    volts = [1.5, 0.25, 3, 1]
    program = (
        "import ADS1115 as ads\nadc = ads.ADS1115(0x48, i2c)\n"
        "def measure():\n    adc.startSingleMeasurement()\n    while adc.isBusy():\n        pass\n    return adc.getResult_V()\n"
        "adc.setVoltageRange_mV(ads.ADS1115_RANGE_6144)\n"
        "for channel in range(4):\n    adc.setSingleChannel(channel)\n    print(measure())\n"
        "adc.setCompareChannels(ads.ADS1115_COMP_0_3)\nprint(measure())\n"
        "adc.setVoltageRange_mV(ads.ADS1115_RANGE_1024)\nadc.setSingleChannel(2)\nprint(measure())\n"
        "adc.setMeasureMode(ads.ADS1115_CONTINUOUS)\nadc.setSingleChannel(1)\nprint(adc.getResult_V())"
    )
    found = [float(line) for line in driver("ADS1115", {"72": {"chip": "ads1115", "volts": volts}}, program)]
    assert found == pytest.approx([*volts, 0.5, 1.024, 0.25], abs=0.0005)  # 3 V are more than the range of 1.024


def test_ssd1306(driver):
    program = (
        "import ssd1306\ndisplay = ssd1306.SSD1306_I2C(128, 64, i2c)\ndisplay.fill(0)\ndisplay.pixel(3, 9, 1)\n"
        "display.hline(0, 63, 128, 1)\ndisplay.show()\ndisplay.contrast(77)\ndisplay.invert(1)\n"
        "entry = simulator.get('i2c.0.devices')['60']\nprint(entry['screen'])\n"
        "print(entry['on'], entry['contrast'], entry['inverted'])\ndisplay.poweroff()\nprint(entry['on'])"
    )
    screen, state, after = driver("ssd1306", {"60": {"chip": "ssd1306"}}, program)
    expected = bytearray(1024)
    expected[128 + 3] = 1 << 1
    expected[7 * 128 :] = b"\x80" * 128
    assert bytes.fromhex(screen) == bytes(expected)
    assert (state, after) == ("True 77 True", "False")


def test_what_is_repaired_must_be_there():
    library = libraries.optional()["bme280"]
    library.repairs["libx/bme280.py"].append(("what is not in it", "x"))
    with pytest.raises(libraries.LibraryError, match="there is no 'what is not in it' in"):
        libraries.fetched(library)
