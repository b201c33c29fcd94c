"""What Load Modules import of micrOS: data, notifications, passwords, fades."""

MODULE = """
from Common import conf_dir, data_dir, data_logger, notify, syslog, transition_gen
from Auth import sudo
from Config import cfgget, cfgput
from Notify import Notify

class Bell(Notify):
    texts = []
    @staticmethod
    def send_msg(text, *args, **named):
        if text == "bad":
            raise ValueError("no bell")
        Bell.texts.append(text)

def log(data, limit=3):
    return data_logger("it", data, limit)

def read():
    return data_logger("it")

def place(name):
    return data_dir(name)

def conf(name):
    return conf_dir(name)

def ring(text):
    Bell.add_subscriber(Bell()) if not Notify._SUBSCRIBERS else None
    return notify(text), Notify.notify(text, channels="Bell"), len(Bell.texts)

def fade():
    steps, ms = transition_gen(0, 100, interval_sec=0.1)
    found = list(steps)
    return found[0], found[-1], ms

def secrets():
    return cfgget("appwd"), cfgget("utc"), cfgput("utc", 120), cfgget("utc"), cfgput("nothing", 1)

def warn(text):
    return syslog("[ERR] " + text)

@sudo
def guarded():
    return "in"

@sudo(_when_true=("force", 0))
def sometimes(force=False):
    return "in"

def help(widgets=False):
    return "guarded", "sometimes"
"""


def test_data_keeps_its_last_lines_and_its_directory(node):
    node = node({"LM_it.py": MODULE})
    for i in range(5):
        assert node.lm(f"it log line{i}") == ("True", 0)
    lines = node.lm("it read")[0].splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["line2", "line3", "line4"]
    assert node.lm("it log last limit=1") == ("True", 0)
    assert node.lm("it read")[0].endswith(" last") and len(node.lm("it read")[0].splitlines()) == 1
    assert node.lm("it place a.txt") == ("/local/micros/data/a.txt", 0)
    for name in ("../../../etc/shadow", "a/../../x", ".."):
        assert node.lm(f"it place {name}")[1] == 1
    assert "Protected resource" in node.lm("it conf node_config.json")[0]


def test_notifications_reach_who_subscribes(node):
    node = node({"LM_it.py": MODULE})
    sent = "Sent over Bell (1/1) client(s) - errors: (0)"
    assert node.lm("it ring hello") == (f"(True, '{sent}', 2)", 0)
    assert "errors: (1)" in node.lm("it ring bad")[0]
    assert node.lm("system notifications False") == ("Notifications[Bell]: disabled", 0)
    assert node.lm("it ring hello") == ("(True, 'Notifications disabled', 2)", 0)


def test_a_guarded_function_needs_the_password(node):
    node = node({"LM_it.py": MODULE})
    refused = "Access denied, wrong password (pwd)"
    assert refused in node.lm("it guarded")[0] and refused in node.lm("it guarded pwd=wrong")[0]
    assert node.lm("it guarded pwd=ADmin123") == ("in", 0)
    assert node.lm("it sometimes") == ("in", 0)
    assert refused in node.lm("it sometimes True")[0] and refused in node.lm("it sometimes force=True")[0]


def test_settings_log_and_fades(node):
    node = node({"LM_it.py": MODULE})
    assert node.lm("it secrets") == ("('********', 60, True, 120, False)", 0)
    assert node.lm("it fade") == ("(0, 100, 5)", 0)
    assert node.lm("it warn smoke") == ("True", 0)
    assert "smoke" in node.board.run("dmesg")[0]
    assert "NOK alarm: 1" in node.lm("system alarms")[0]
