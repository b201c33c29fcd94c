# env - show the environment, or run a command in a changed one
# usage: env [-0i] [-u NAME]... [NAME=VALUE]... [COMMAND [ARGUMENT...]]
#
#   -i  start with an empty environment      -u NAME  unset NAME      -0  NUL instead of newlines
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/env.html

from base.errors import Usage
from program import options

proc = None


async def __main__(args):
    cut = 0  # the options end at the first operand: the rest is the command
    while cut < len(args) and args[cut][:1] == "-" and len(args[cut]) > 1:
        cut += 2 if args[cut] == "-u" else 1
        if args[cut - 1] == "--":
            break
    try:
        opts, _ = options(args[:cut], "0iu:", (("ignore-environment", "i"), ("null", "0"), ("unset", "u")))
    except Usage as e:
        e.status = 125  # env's own status for errors
        raise
    words = args[cut:]
    if words[:1] == ["-"]:  # the old form of -i
        env, words = {}, words[1:]
    else:
        env = {} if "i" in opts else proc.env.copy()
    for name in opts.all("u"):
        env.pop(name, None)
    while words and "=" in words[0]:
        name, _, value = words[0].partition("=")
        if not name:
            raise Usage("no name", words[0])
        env[name] = value
        words = words[1:]
    proc.env = env
    if words:
        return await proc.run(words)
    end = "\0" if "0" in opts else "\n"
    for name in sorted(env):
        proc.stdout.write(f"{name}={env[name]}{end}")
