"""tools/diatom fleet: many boards at once."""

import re
import subprocess
import urllib.error
import urllib.request

import pytest
from harness import DIATOM, PATIENCE

LAMP = "level = 1\ndef measure():\n    return {'heat': 21.5, 'name': 'x', 'level': level}\n"
DEAD = "http://root:pw@127.0.0.1:9"


@pytest.fixture
def fleet(remote, tmp_path):
    """A board that runs micrOS's service, and a file with its address and that of one that does not answer."""
    board = remote()
    http = board.serve_http()
    board.shell("printf 'ADmin123\\nADmin123\\n' | passwd micros > /dev/null; service start micros > /dev/null")
    (tmp_path / "boards").write_text(f"{http}  # the kitchen\n\n{DEAD}\n")
    board.http = http
    board.file = tmp_path / "boards"
    return board


def test_table_commands_and_modules(fleet, tmp_path):
    result = fleet("fleet", "--boards", fleet.file)
    assert result.status == 1 and "geheim" not in result.stdout and "pw@" not in result.stdout
    lines = result.stdout.splitlines()
    assert lines[0].split()[:3] == ["ADDRESS", "NAME", "VERSION"] and "kB" in lines[1] and "refused" in lines[2]
    (found,) = fleet.json("fleet", fleet.http)
    assert found["free_memory"] > 10_000 and found["free_storage"] > 10_000 and "error" not in found

    result = fleet("fleet", fleet.http, "--run", "echo hi; false")
    assert result.status == 1 and ": hi\n" in result.stdout and ": status 1\n" in result.stdout
    (tmp_path / "macro").write_text("x=5\necho $((x + 1))\n")
    (found,) = fleet.json("fleet", fleet.http, "--script", tmp_path / "macro")
    assert (found["status"], found["output"]) == (0, "6\n")

    module = tmp_path / "LM_lamp.py"
    for level in (1, 2):
        module.write_text(LAMP.replace("1", str(level), 1))
        result = fleet("fleet", fleet.http, "--module", module)
        assert result.status == 0, result.stdout
        assert f"level: {level}" in fleet.shell("lm lamp measure")  # the new one, though the old one was loaded
    wrong = fleet("fleet", fleet.http, "--module", fleet.file)
    assert wrong.status == 2 and "no Load Module" in wrong.stderr


def test_metrics(fleet, tmp_path):
    fleet.shell("mkdir -p /local/modules; echo 'level = 1' > /local/modules/LM_lamp.py")
    (tmp_path / "LM_lamp.py").write_text(LAMP)
    assert fleet("fleet", fleet.http, "--module", tmp_path / "LM_lamp.py").status == 0
    words = ["fleet", "--boards", str(fleet.file), "--metrics", "0", "--call", "lamp measure"]
    gateway = subprocess.Popen([*DIATOM, *words], stdout=subprocess.PIPE, text=True)
    try:
        url = re.match(r"(http://\S+), 2 boards", gateway.stdout.readline())[1]
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            text = answer.read().decode()
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(url.replace("metrics", "lamp/measure"), timeout=PATIENCE)
    finally:
        gateway.kill()
        gateway.wait()
        gateway.stdout.close()
    lines = text.splitlines()
    assert [line[-1] for line in lines if line.startswith("diatom_up{")] == ["1", "0"]
    values = [line for line in lines if line.startswith("diatom_value{")]
    assert sorted(re.search(r'name="(\w+)"} (\S+)$', line).groups() for line in values) == [
        ("heat", "21.5"),
        ("level", "1"),
    ]
    assert "geheim" not in text
    parser = pytest.importorskip("prometheus_client.parser")
    assert {one.name for one in parser.text_string_to_metric_families(text)} >= {"diatom_up", "diatom_value"}
