"""/proc, read by cat and by Python."""

import re

import pytest


def test_a_process_has_its_files(sim):
    result = sim(
        "cd /etc; export NAME=value; sleep 9 > /tmp/out & p=$!; cd /proc/$p; ls; head -n 4 status; tr '\\0' ' ' < cmdline; echo; "
        "tr '\\0' '\\n' < environ | grep NAME; cat cwd fd/1; kill $p; wait $p; cat /proc/$p/status"
    )
    lines = result.stdout.splitlines()
    assert lines[:6] == ["cmdline", "comm", "cwd", "environ", "fd", "status"]
    assert lines[6:8] == ["Name:\tsleep", "State:\tR (running)"]
    assert lines[8].startswith("Pid:\t") and lines[9] == "PPid:\t2"
    assert lines[10:] == ["sleep 9 ", "NAME=value", "/etc", "/tmp/out"]
    assert re.fullmatch(r"cat: /proc/\d+/status: No such file or directory\n", result.stderr)


def test_a_held_process_says_so(sim):
    assert sim("sleep 9 & hold $!; grep State /proc/$!/status; kill -9 $!").stdout == "State:\tT (held)\n"


def test_self_is_who_asks(sim):
    result = sim(
        "cat /proc/self/cmdline | tr '\\0' ' '; echo; ls /proc/self/fd; cat /proc/self/fd/1 > /tmp/x; cat /tmp/x"
    )
    assert result.stdout == "cat /proc/self/cmdline \n0\n1\n2\n/tmp/x\n"


@pytest.mark.parametrize(
    "name, pattern",
    [
        ("meminfo", r"MemTotal: +\d+ kB\nMemFree: +\d+ kB\nMemUsed: +\d+ kB\nIdfTotal: +111 kB\n(Idf.*\n){2}"),
        ("uptime", r"\d+\.\d\d \d+\.\d\d\n"),
        ("version", r"Diatom version \S+ \(MicroPython 1\.\d+\.\d+\) .+\n"),
        (
            "mounts",
            r"flash / littlefs2 rw 0 0\nnone /bin overlay rw 0 0\n(none /(dev|proc|rom) (dev|proc|rom)fs r[ow] 0 0\n){3}",
        ),
        ("cpuinfo", r"(?s)processor +: 0\n.*serial +: D1A7035E0001\ncpu MHz +: 160\n.*"),
        ("services", r"(?s)crond stopped -\n.*telnetd stopped -\n.*"),
        ("net/dev", r"(?s)interface .*\nsta .* down\nap .* down\n"),
        ("net/tcp", r"local +remote +state +service\n"),
        ("net/wifi", r"interface +ssid +channel +rssi\n"),
    ],
)
def test_the_reports(sim, name, pattern):
    result = sim(f"cat /proc/{name}")
    assert re.fullmatch(pattern, result.stdout)
    assert result.stderr == ""


def test_modules_are_those_of_lsmod(sim):
    result = sim("cut -d' ' -f1 /proc/modules | grep -c '^asyncio$'; lsmod | grep -c '^asyncio '")
    assert result.stdout == "1\n1\n"


def test_a_board_without_radio_or_firmware_heap_has_less(sim):
    result = sim("cat /proc/net/dev /proc/net/wifi | wc -l; grep -c Idf /proc/meminfo", board="pico")
    assert result.stdout == "2\n0\n"


def test_python_sees_the_same_files(sim):
    result = sim(
        "cd /proc; > import os; print('mounts' in os.listdir('/proc'), os.stat('/proc/net')[0] == 0x4000)\n"
        "> print(open('/proc/mounts').readline().split()[2], open('/proc/uptime', 'rb').read()[-1:])\n"
        "cd net; cat dev | wc -l; cd ..; cat net/../version | cut -c-6; find . -name wifi; stat -c %F uptime; pwd"
    )
    assert result.stderr == ""
    assert result.stdout == "True True\nlittlefs2 b'\\n'\n3\nDiatom\n./net/wifi\nregular empty file\n/proc\n"


@pytest.mark.parametrize(
    "command, error",
    [
        ("echo x > /proc/uptime", "Permission denied"),
        ("echo x > /proc/new", "Read-only file system"),
        ("rm /proc/uptime", "Read-only file system"),
        ("mkdir /proc/x", "Read-only file system"),
        ("mv /proc/uptime /proc/x", "Read-only file system"),
        ("cat /proc/net", "Is a directory"),
        ("cat /proc/99999/status", "No such file or directory"),
        ("cat /proc/self/fd/77", "No such file or directory"),
    ],
)
def test_what_cannot_be_done(sim, command, error):
    result = sim(command)
    assert result.status
    assert result.stderr.rstrip("\n").endswith(": " + error)
