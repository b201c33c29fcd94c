"""Figures to compare with, and limits. CAL is the calibration loop of board/clock.py.

upyOS 0.9.4, measured on the same host build from source on a littlefs image in a file.
"""

QUIET_CAL_MS = 6.85  # the calibration loop on the quiet host

UPYOS_RAM = 23.5  # kB at the prompt above the interpreter
UPYOS_START = {"pwd": 0.085, "echo": 0.064, "ps": 0.075, "ls": 0.32}  # CAL; ls of /
UPYOS_LOOP = 65.0  # CAL for 1,001 x (incr, if .. goto)
UPYOS_GREP = 0.58  # CAL for 100 KB
UPYOS_COPY = 3.0  # CAL for 1 MiB
UPYOS_BOOT_MS = 30  # of CPU, and 600 ms of sleeping

RAM = {"source": 64, "romfs": 36}  # kB at the prompt above the interpreter

# Parts of what upyOS takes.
CACHED = 1 / 4
BUILTIN = 1 / 10
COLD_COMPILED = 1 / 2
LS = 1 / 2
LOOP = 1 / 10

PIPELINE_HEAP = 64  # kB more than the prompt needs, for 20,000 lines through three programs
CONSTANT_HEAP = 4  # kB that a hundred times the data may need more: what the search for a least heap can tell apart
BOOT_MS = 60  # of CPU from power on to the prompt, from source
STACK_ENTRY = 4096  # bytes at the entry of a program, 64-bit host
SERVICE = 8  # kB of an idle telnetd or ftpd, from ROMFS
CROND = 10  # kB of an idle crond, from ROMFS
WIFI = 12  # kB of a Wi-Fi service that looks for its network
TOOL = 1  # kB that code of mpremote leaves behind
HTTPD = 28  # kB of an idle httpd, from ROMFS
BROWSER = 45  # kB of httpd with the dashboard and a terminal
HTTP = 1 / 0.7  # of the time of microdot's hello
SESSION = 12  # kB of a telnet session with its shell
FTP = 1.25  # of the time of a bare loop with the same buffer
ECHO_MS = 10  # that a stalled client may cost another
PHOTO = 6  # kB of a photo beside its frame, with packs
STREAM = 8  # kB of the first viewer of the camera
VIEWER = 3  # kB of each further one
STREAM_RATE = 1 / 0.85  # of the frames of a bare loop
