"""Load Modules: found, imported once, called by their public functions."""

import json
import re

import pytest

LAMP = """
from Common import micro_task, syslog
from Types import resolve

level = 0
_hidden = 1

def on(value=100, text=""):
    global level
    level = value
    return {"level": level, "text": text}

def status():
    return level

def fail():
    raise ValueError("no lamp")

def _private():
    return "seen"

async def _fade(task_tag, steps):
    with micro_task(task_tag) as task:
        for i in range(steps):
            task.out = "step %d" % i
            await task.feed(5)

def fade(steps=1000):
    return micro_task("lamp._fade", _fade("lamp._fade", steps))

def help(widgets=False):
    return resolve(("BUTTON status", "SLIDER on value=<0-100-5>", 'TEXTBOX{"refresh": 500} status', "fade"), widgets)
"""


@pytest.fixture
def lamp(node):
    return node({"LM_lamp.py": LAMP, "LM_other.py": "import LM_lamp\ndef level():\n    return LM_lamp.status()\n"})


def test_a_module_keeps_its_state_between_calls(lamp):
    assert lamp.lm("lamp status") == ("0", 0)
    assert sorted(lamp.lm("lamp on 30 'text=two words'")[0].split("\n")) == [" level: 30", " text: two words"]
    assert json.loads(lamp.lm("lamp on 30 'text=two words' '>json'")[0]) == {"level": 30, "text": "two words"}
    assert lamp.lm("lamp status") == ("30", 0)
    assert lamp.lm("other level") == ("30", 0)
    assert "'lamp'" in lamp.lm("modules")[0]
    assert lamp.lm("modules all") == ("['cluster', 'lamp', 'other', 'pacman', 'system', 'task']", 0)
    lamp.board.run("service restart micros")
    assert lamp.lm("lamp status") == ("0", 0)


def test_errors_read_as_those_of_micros(lamp):
    for line, message in (
        ("nothing on", "LM_nothing->on: No module named 'LM_nothing'"),
        ("lamp blink", "LM_lamp->blink: 'module' object has no attribute 'blink'"),
        ("lamp fail", "LM_lamp->fail: no lamp"),
        ("lamp on 1 2 3", "LM_lamp->on: on() takes"),
        ("'lamp on \"'", "LM_lamp->on: unterminated string"),
    ):
        output, status = lamp.lm(line)
        assert status == 1 and output.startswith("lm: Core error: " + message), output


def test_what_is_not_public_cannot_be_called(lamp):
    """Functions with an underscore, what a module has imported, and files elsewhere."""
    for line in ("lamp _private", "lamp __init__", "lamp _hidden"):
        assert "no attribute" in lamp.lm(line)[0]
    for line in ("lamp micro_task x", "lamp resolve x", "lamp level"):
        assert lamp.lm(line)[0].startswith("lm: Shell: for hints type help.")
    for name in ("../../etc/shadow", "os", "..", "_x", "1", "''", "LM_lamp.py"):
        assert "No module named" in lamp.lm(f"{name} on")[0]


def test_help_is_text_or_widgets(lamp):
    assert lamp.lm("lamp help") == (" status,\n on value=<0-100-5>,\n status,\n fade,", 0)
    output = lamp.lm("lamp help True '>json'")[0]
    assert '\\"callback\\": \\"on value=:range:\\"' in output and "[0, 100, 5]" in output and "500" in output


def test_a_task_is_a_process(lamp):
    assert lamp.lm("lamp fade") == (" lamp._fade: Starting", 0)
    assert lamp.lm("lamp fade") == (" lamp._fade: Already running", 0)
    assert "Yes       lamp._fade" in lamp.lm("task list")[0]
    assert "lamp._fade" in lamp.board.run("ps")[0]
    lamp.board.wait("lm task show lamp._fade", "step")
    assert lamp.lm("task kill 'lamp.*'") == ("Kill: lamp._fade|True", 0)
    assert lamp.lm("task show lamp._fade") == ("No task found: lamp._fade", 0)
    assert "lamp._fade" not in lamp.board.run("ps")[0]


def test_calls_in_the_background_have_a_limit(lamp):
    assert lamp.lm("lamp status '&&50'") == ("{'lamp.status': 'Starting'}", 0)
    lamp.board.wait("lm task show lamp.status", "0")
    for name in ("on", "fail", "help", "fade"):
        assert lamp.lm(f"lamp {name} '&5000'") == ("{'lamp.%s': 'Starting'}" % name, 0)
    assert lamp.lm("other level '&'") == ("{'other.level': '[aio] Task queue full: 5'}", 0)
    pid = lamp.board.run("pgrep lamp.status")[0].strip()
    lamp.board.run(f"kill {pid}")
    assert "No        lamp.status" in lamp.board.wait("lm task list", "No        lamp.status")
    assert lamp.lm("other level '&'") == ("{'other.level': 'Starting'}", 0)
    lamp.board.run("service stop micros")
    assert "lamp" not in lamp.board.run("ps")[0] + lamp.board.run("lsmod")[0]


def test_a_task_that_is_killed_before_it_begins_is_no_longer_busy(lamp):
    line = (
        "python -c \"from services.micros import tasks, commands; commands.run('lamp status &5000'); "
        "tasks.get('lamp.status').process.kill(15); print(tasks.is_busy('lamp.status'), tasks.free())\""
    )
    assert lamp.board.run(line) == ("False 5\n", 0)
    assert lamp.lm("lamp status '&'") == ("{'lamp.status': 'Starting'}", 0)


def test_a_call_that_fails_ends_its_loop(lamp):
    lamp.lm("lamp fail '&&20'")
    lamp.board.wait("lm task list", "No        lamp.fail")
    assert lamp.lm("task show lamp.fail") == ("Core error: LM_lamp->fail: no lamp", 0)


def test_without_the_service_lm_says_so(board):
    output, status = board().run("lm system clock")
    assert (output, status) == ("lm: the service is not running; use `service start micros`\n", 1)


def test_tab_completes_modules_functions_and_arguments(lamp):
    run = lamp.board.run
    assert json.loads(lamp.lm("lamp on 30 '>json'")[0])["level"] == 30
    assert run("lm lam\ts\t")[0].strip() == "30"
    assert "level: 7" in run("lm lamp on va\t7")[0]
    assert run("lm oth\tle\t")[0].strip() == "7"  # not loaded: from its source
    assert run("service stop micros; lm lam\t")[1] == 1


def test_the_load_is_that_since_the_last_call(node):
    node = node()
    node.lm("system top")
    node.board.run("i=0; while [ $i -lt 3000 ]; do i=$((i + 1)); done")
    busy = json.loads(node.lm("system top '>json'")[0])["CPU load [%]"]
    node.board.run("sleep 1")
    idle = json.loads(node.lm("system top '>json'")[0])["CPU load [%]"]
    assert 100 >= busy > idle >= 0
    assert re.search(r"#load: \d+%", node.lm("task list")[0])
