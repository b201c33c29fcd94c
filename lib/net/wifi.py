# The commands of `wifi` for saved networks: add, forget, list, setup.


import wireless
from base.errors import Failure, Usage
from net import networks
from process import cpu


async def command(word, words, priority):
    """Run a command; returns the exit status."""
    if word == "add":
        if not 1 <= len(words) <= 2:
            raise Usage("expected SSID [PASSWORD]")
        await add(words[0], words[1] if len(words) > 1 else None, priority)
    elif word == "forget":
        if len(words) != 1:
            raise Usage("missing SSID")
        networks.forget(words[0])
    elif word == "list":
        if words:
            raise Usage("extra operand", words[0])
        show()
    elif words and words[0] == "off" and len(words) == 1:
        networks.setup(None)
    elif words and words[0] == "on" and len(words) < 3:
        key = words[1] if len(words) > 1 else networks.new_key()
        if not key:
            raise Failure("setup", "the access point requires a password")
        name = networks.setup(key)
        cpu.current.stdout.write(f"without a network: access point {name}, password {key}\n")
    else:
        raise Usage("expected on or off", "setup")


async def add(ssid, key, priority):
    if key is None:
        from process.ask import ask  # late: only if a password is missing

        try:
            key = await ask(f"Password for {wireless.printable(ssid)} (none: open network): ")
        except EOFError:
            raise Failure(ssid, "no password given")
    networks.add(ssid, key, priority)
    if not networks.supervisor():
        cpu.current.stderr.write("wifi: to connect: service start wifi; at every boot: service enable wifi\n")


def show():
    """Print the saved networks and the state of the connection."""
    write = cpu.current.stdout.write
    joined = None
    try:
        wlan = wireless.interface()
        if wlan.isconnected():
            joined = wlan.config("ssid")
    except Failure:  # no radio: print the list without the state
        pass
    write("PRIORITY SECURITY STATE     SSID\n")
    for one in networks.by_priority():
        how = "password" if one["key"] else "open"
        state = "connected" if one["ssid"] == joined else "-"
        write(f"{one['priority']:>8} {how:<8} {state:<9} {wireless.printable(one['ssid'])}\n")
    content = networks.load()
    if "setup" in content:
        write(f"set-up page: access point {content['setup']['ssid']}, password {content['setup']['key']}\n")
    supervisor = networks.supervisor()
    if supervisor:
        write(f"service wifi: {supervisor.state}\n")
        for ssid in supervisor.failures:
            write(f"  {supervisor.failures[ssid]}\n")
