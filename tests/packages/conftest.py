"""A package server's directory, and a board that installs from it."""

import hashlib
import json

import pytest

from release import keys

GREET = "import greeting\n\n\ndef __main__(args):\n    print(greeting.text)\n"


class Shelf:
    """A place with packages."""

    def __init__(self, place):
        self.place = place
        self.packages = {}
        self.key = None
        place.mkdir()

    def add(self, name, version, files, needs=(), about="A test", changes=()):
        entries = []
        for path, text in files.items():
            origin = f"{name}-{version}-{path.replace('/', '-')}"
            (self.place / origin).write_text(text)
            entries.append([path, origin, len(text), hashlib.sha256(text.encode()).hexdigest()])
        entry = {"name": name, "version": version, "about": about, "needs": list(needs), "files": entries}
        self.packages[name] = {**entry, **dict(changes)}
        self.write()

    def write(self):
        lines = ",\n".join(json.dumps(package) for package in self.packages.values())
        text = f'{{"format": 1, "packages": [\n{lines}\n]}}\n'
        (self.place / "packages.json").write_text(text)
        if self.key:
            (self.place / "packages.json.sig").write_bytes(keys.sign(self.key, text.encode()))


@pytest.fixture
def shelf(tmp_path):
    shelf = Shelf(tmp_path / "shelf")
    shelf.add("greeting", "1.0.0", {"libx/greeting.py": "text = 'hello'\n"}, about="Words to say")
    shelf.add("greet", "1.0.0", {"bin/greet.py": GREET, "opt/greet/notes": "none\n"}, ["greeting"])
    return shelf


@pytest.fixture
def pkg(request, sim, flash, shelf, tmp_path):
    """Callable: run a script on the board, whose packages come from the shelf; a parameter is the kind of its image."""
    flash(**({"image": request.param} if hasattr(request, "param") else {}))
    settings = {"pkg": {"url": "/mnt/shelf", "unsigned": True}}
    (tmp_path / "system.conf").write_text(json.dumps(settings))
    mounts = [f"{shelf.place}:/mnt/shelf", f"{tmp_path}:/mnt/host"]
    sim("cp /mnt/host/system.conf /etc/system.conf; mkdir -p /local", mount=mounts)

    def pkg(script, **options):
        return sim(script, **{"mount": mounts, **options})

    return pkg
