# The kernel's command line, which only the simulator gives (a board has none). Unloaded after boot: 0.7 kB.
#   -c COMMANDS   run them instead of the console      -f FILE ARGS...   run a script instead of the console
#   -r  recovery: no user code      -q  no banner      --cwd DIR      --env NAME=VALUE
#   --port-offset N  added to the ports of services    --board NAME  the board, whatever system.conf says


class Options:
    """The kernel's command line."""

    def __init__(self, argv):
        self.command = None
        self.script = None
        self.recovery = False
        self.quiet = False
        self.cwd = None
        self.env = {}
        self.port_offset = 0
        self.board = None
        self.login = False  # the console asks for a name and a password, by system.conf
        i = 0
        while i < len(argv):
            arg = argv[i]
            value = argv[i + 1] if i + 1 < len(argv) else ""
            i += 2
            if arg == "-c":
                self.command = value
            elif arg == "-f":
                self.script = (value, argv[i:])
                break
            elif arg == "--cwd":
                self.cwd = value
            elif arg == "--env":
                name, _, value = value.partition("=")
                self.env[name] = value
            elif arg == "--port-offset":
                self.port_offset = int(value)
            elif arg == "--board":
                self.board = value
            else:
                i -= 1
                if arg == "-r":
                    self.recovery = True
                elif arg == "-q":
                    self.quiet = True
