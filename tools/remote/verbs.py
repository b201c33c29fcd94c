"""The verbs of tools/diatom, and their modules. A module is loaded only when its verb is used.

A module has `arguments(parser, verb)`, which adds to an argparse parser, and `run(options, out)`, which does the work and
returns the exit status (None is 0); options.verb says which of its verbs it is. `out` is an output.Output.
"""

# verb, module, one line of help
TABLE = (
    ("info", "remote.info", "what the board is, what runs on it, and its space"),
    ("scan", "remote.scan", "a table of the boards that this computer can reach"),
    ("ls", "remote.files", "list a directory of the board"),
    ("cat", "remote.files", "print files of the board"),
    ("cp", "remote.copy", "copy files and directories to, from or on the board"),
    ("rm", "remote.files", "remove files and directories of the board"),
    ("mkdir", "remote.files", "make directories on the board"),
    ("edit", "remote.files", "edit a file of the board with $EDITOR"),
    ("console", "remote.console", "the board's console in this terminal; Ctrl-] leaves"),
    ("run", "remote.run", "run a program, a script or a shell command on the board, output here"),
    ("deploy", "remote.deploy", "bring changes of the system onto the board"),
    ("install", "remote.install", "packages of Diatom, and drivers (display, sensor), onto the board"),
    ("watch", "remote.watch", "send what is saved here to the board at once, and start a program anew"),
    ("backup", "remote.backup", "the files of the board into a tar archive"),
    ("restore", "remote.backup", "the files of such an archive back onto the board"),
    ("mount", "remote.mount", "the board's files as a directory of this computer"),
    ("flash", "remote.flash", "MicroPython and Diatom onto a chip, in one step"),
    ("release", "release.make", "the files of a release: bundles, manifests, signatures, ROMFS image"),
    ("freeze", "release.freeze", "what manifest.py freezes into a firmware: the code, its identity, its names"),
    ("keygen", "release.keygen", "a new key that releases are signed with"),
    ("sign", "release.sign", "sign files with the key of releases"),
    ("serve", "release.serve", "a release for the boards of this network"),
    ("update", "remote.update", "a release onto many boards of the network, in waves"),
    ("fleet", "remote.fleet", "many boards: a table, a command or a Load Module for each, figures"),
    ("sim", "remote.simulated", "the simulator: a board that is a process of this computer"),
)

# The verbs that do not talk to a board.
BOARDLESS = ("scan", "flash", "release", "freeze", "keygen", "sign", "serve", "update", "fleet", "sim")

# The verbs that hand the words behind -- on (options.extra).
PASSES_ON = ("sim",)

# An example for each, which its help ends with.
EXAMPLES = {
    "info": "diatom info",
    "scan": "diatom scan --probe",
    "ls": "diatom ls -l board:/etc",
    "cat": "diatom cat board:/etc/motd",
    "cp": "diatom cp -r lib main.py board:/home/",
    "rm": "diatom rm -r board:/home/old",
    "mkdir": "diatom mkdir -p board:/home/a/b",
    "edit": "diatom edit board:/etc/init.sh",
    "console": "diatom -b telnet://root@192.168.1.7 console",
    "run": "diatom run -c 'ps; free'",
    "deploy": "diatom deploy --as packed",
    "install": "diatom install modem ssd1306",
    "watch": "diatom watch main.py board:/home/ --run main.py",
    "backup": "diatom backup --into ~/boards --keep 8",
    "restore": "diatom restore diatom-2026-10-01-120000.tar.gz",
    "mount": "diatom mount ~/board",
    "flash": "diatom flash pico-w --wifi HomeNet",
    "release": "diatom release dist --key ~/release.key",
    "freeze": "diatom freeze",
    "keygen": "diatom keygen ~/release.key",
    "sign": "diatom sign app.bin --key ~/release.key",
    "serve": "diatom serve dist",
    "update": "diatom update --release dist 192.168.1.7 192.168.1.8",
    "fleet": "diatom fleet --boards kitchen.txt --run uptime",
    "sim": "diatom sim start",
}
