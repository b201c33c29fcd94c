"""tools/diatom install: packages of the tree, and drivers from the lock file."""

import pytest

from simulator import libraries, packages


def test_drivers_come_compiled_and_once(remote):
    board = remote(image="mpy")
    names = ["ssd1306", "bme280", "ADS1115"]
    table = board.json("install")
    assert [entry["name"] for entry in table] == [*packages.names(), *names, "umqtt.simple", "umqtt.robust"]
    paths = [f"/libx/{name}.mpy" for name in names]
    assert board.json("install", "-n", *names)["written"] == paths
    assert board("ls", paths[0]).status == 1
    assert board.json("install", *names)["written"] == paths
    assert board.json("install", *names) == {"written": [], "same": paths, "dry_run": False}
    script = "> import ssd1306, bme280, ADS1115; print(ssd1306.SSD1306_I2C.__name__, bme280.BME280.__name__)"
    assert board.shell(script) == "SSD1306_I2C BME280\n"
    wrong = board("install", "nix")
    assert (
        wrong.status == 1
        and "no such package (" in wrong.stderr
        and "ssd1306, bme280, ADS1115, umqtt.simple, umqtt.robust)" in wrong.stderr
    )


def test_a_module_of_a_package_comes_with_what_it_needs(remote):
    board = remote(image="mpy")
    paths = ["/libx/umqtt/simple.mpy", "/libx/umqtt/robust.mpy"]
    assert board.json("install", "umqtt.robust")["written"] == paths
    assert board.shell("> from umqtt.robust import MQTTClient; print(MQTTClient.DELAY)") == "2\n"


def test_a_package_is_known_to_pkg(remote):
    board = remote(image="mpy")
    assert board.shell("factor 12 || true").endswith(" factor: not found (pkg install factor)\n")
    assert board.json("install", "factor")["written"] == ["/bin/factor.py", "/local/packages/factor.json"]
    assert board.shell("factor 12; pkg list; help factor | head -n 1") == (
        "12: 2 2 3\nfactor 0.1.0 \nfactor - print the prime factors of numbers\n"
    )
    assert board.shell("pkg remove factor; ls -A /local/packages /bin/factor* || true").startswith(
        "ls: /bin/factor*: No such"
    )


def test_an_archive_with_another_hash_is_not_taken():
    library = libraries.optional()["ssd1306"]
    other = libraries.Library(library.registry, library.name, library.version, "0" * 64, "optional")
    other.files = library.files
    with pytest.raises(libraries.LibraryError, match="no file with the SHA-256"):
        libraries.fetched(other)


def test_no_image_has_them():
    places = [name for _, name in libraries.files(strict=True)]
    assert not [name for name in places if "ssd1306" in name] and "www/xterm.js" in places
