# The bootloader of a simulated ESP32: which of its two firmware partitions runs, and the way back from a bad one.
#
# What it remembers is FLASH.otadata on this computer, beside the flash image; without that file ota_0 runs. The start
# of the board calls start(): a partition that set_boot has chosen gets one try, and unless its system calls
# mark_app_valid_cancel_rollback in it, the next start goes back to the one before.

import json

import vfs

_host = None  # the file system of this computer
_path = None  # of the flash image
running = "ota_0"


def connect(path):
    """Take the files that belong to the flash image at path."""
    global _host, _path
    if not _host:
        _host = vfs.VfsPosix()  # without a root: with one, rename confuses its two paths (1.29)
        _path = path


def open_beside(kind, mode):
    """Open the file FLASH.kind; OSError where it does not exist."""
    return _host.open(_path + "." + kind, mode)


def load(kind):
    """What FLASH.kind holds; an empty dictionary where there is none."""
    try:
        with open_beside(kind, "r") as file:
            return json.load(file)
    except OSError:
        return {}


def save(kind, content):
    """Write FLASH.kind at one stroke."""
    with open_beside(kind + ".new", "w") as file:
        json.dump(content, file)
    _host.rename(_path + "." + kind + ".new", _path + "." + kind)


def start(path, cause):
    """Choose the partition that runs."""
    global running
    connect(path)
    data = load("otadata")
    if not data:
        return
    if cause != "soft":
        if data["state"] == "pending":
            data["boot"] = data["before"]
            data["state"] = "valid"
        elif data["state"] == "new":
            data["state"] = "pending"
        data["running"] = data["boot"]
        save("otadata", data)
    running = data["running"]


def boot():
    """The label of the partition that the next start runs."""
    data = load("otadata")
    if not data or data["state"] == "pending":
        return running
    return data["boot"]


def set_boot(label):
    """Let the next start run this partition."""
    save("otadata", {"boot": label, "state": "new", "before": running, "running": running})


def mark_valid():
    """The partition that runs is good."""
    data = load("otadata")
    if data and data["state"] == "pending":
        data["state"] = "valid"
        save("otadata", data)
