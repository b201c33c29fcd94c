# atmqttc - talk to an MQTT broker through an ESP-AT modem
# usage: atmqttc pub|lastwill -t TOPIC -m MESSAGE [-q QOS] [-r 1] [-h HOST ...]
#        atmqttc sub|unsub -t TOPIC [-q QOS] [-h HOST ...]
#        atmqttc listen [-n COUNT] [-t TOPIC] [-h HOST ...]
#        atmqttc listsub | ping | close
#
# Uses the modem's own MQTT client, whose connection persists between runs; -h connects. $atmqttc is c while connected.
#   -h HOST  [-p PORT] [-u USER] [-P PASSWORD]  the broker     -R 1  the modem reconnects automatically
#   -q QOS  0, 1 or 2 (0)     -r 1  retain the message     -n COUNT  end after so many messages
#   -v  trace the line to the modem     -tm  ignored     -M NAME  another modem than modem0     -l  same as listen
# A last will is set when connecting: use lastwill with -h, after close. For TLS use mqttc, with MODEM=modem0: man atcurl

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
