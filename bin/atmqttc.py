# atmqttc - talk to an MQTT broker through an ESP-AT modem
# usage: atmqttc pub|lastwill -t TOPIC -m MESSAGE [-q QOS] [-r 1] [-h HOST ...]
#        atmqttc sub|unsub -t TOPIC [-q QOS] [-h HOST ...]
#        atmqttc listen [-n COUNT] [-t TOPIC] [-h HOST ...]
#        atmqttc listsub | ping | close
#
# The modem speaks MQTT itself, and keeps the connection between two runs; -h makes it. $atmqttc is c while it is there.
#   -h HOST  [-p PORT] [-u USER] [-P PASSWORD]  the broker     -R 1  the modem connects again by itself
#   -q QOS  0, 1 or 2 (0)     -r 1  the broker keeps the message     -n COUNT  end after so many messages
#   -v  show all that is said to the modem     -tm  is accepted     -M NAME  another modem than modem0     -l  is listen
# lastwill is told when connecting: give it -h, after close. For TLS use mqttc, with MODEM=modem0: man atcurl

from base.errors import Usage
from program import options

proc = None

VERBS = ("pub", "sub", "unsub", "listen", "lastwill", "listsub", "ping", "close")


async def __main__(args):
    args = [arg for arg in args if arg != "-tm"]
    opts, words = options(args, "h:p:u:P:R:t:m:q:r:n:vM:l")
    verb = words.pop(0) if words else "listen" if opts["l"] else ""
    if verb not in VERBS or words:
        raise Usage("unknown command" if verb else "missing command", words[0] if words else verb)
    from modem import mqtt

    await mqtt.run(verb, opts, opts["M"] or "modem0", show if opts["v"] else None)


def show(mark, line):
    proc.stdout.write(f"{mark} {line}\n")
