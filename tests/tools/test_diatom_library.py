"""tools/diatom library: drivers from the lock file."""

import pytest

from simulator import libraries


def test_drivers_come_compiled_and_once(remote):
    board = remote(image="mpy")
    names = ["ssd1306", "bme280", "ADS1115"]
    assert [entry["name"] for entry in board.json("library")] == names
    paths = [f"/libx/{name}.mpy" for name in names]
    assert board.json("library", "-n", *names)["written"] == paths
    assert board("ls", paths[0]).status == 1
    assert board.json("library", *names)["written"] == paths
    assert board.json("library", *names) == {"written": [], "same": paths, "dry_run": False}
    script = "> import ssd1306, bme280, ADS1115; print(ssd1306.SSD1306_I2C.__name__, bme280.BME280.__name__)"
    assert board.shell(script) == "SSD1306_I2C BME280\n"
    wrong = board("library", "nix")
    assert wrong.status == 1 and "no such library (ssd1306, bme280, ADS1115)" in wrong.stderr


def test_an_archive_with_another_hash_is_not_taken():
    library = libraries.optional()["ssd1306"]
    other = libraries.Library(library.registry, library.name, library.version, "0" * 64, "optional")
    other.files = library.files
    with pytest.raises(libraries.LibraryError, match="no file with the SHA-256"):
        libraries.fetched(other)


def test_no_image_has_them():
    places = [name for _, name in libraries.files(strict=True)]
    assert not [name for name in places if "ssd1306" in name] and "www/xterm.js" in places
