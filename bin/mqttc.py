# mqttc - talk to an MQTT broker
# usage: mqttc [connect] -h HOST [-p PORT] [-i NAME] [-u USER] [-P PASSWORD] [-k SECONDS] [-sR]
#        mqttc pub -t TOPIC -m MESSAGE [-q QOS] [-r] [-h HOST ...]
#        mqttc sub|unsub -t TOPIC [-q QOS]
#        mqttc listen [-x COMMAND] [-n COUNT] [-v] [-t TOPIC -h HOST ...]
#        mqttc lastwill -t TOPIC -m MESSAGE [-q QOS] [-r]
#        mqttc listsub | ping | status | close
#
# connect opens a connection for the other commands. It reconnects automatically, with all subscriptions. With -h, pub and
# listen use a temporary connection of their own.
#   -q QOS  0, or 1: wait for the acknowledgement (0)     -r  retain the message
#   -s  TLS (port 8883)        -i NAME  client identifier      -k SECONDS  keep-alive interval (60)
#   -v  mark retained messages     -n COUNT  end after so many messages     -R  ignored
#   -x COMMAND  run it for each message, with $topic and $payload; in the background: mqttc listen -x ... &
# lastwill sets the message that the broker publishes if the connection is lost; it reconnects an existing connection.
# -l is listen. QoS 2 is not supported.

from base.errors import Usage
from program import options

proc = None

VERBS = ("connect", "pub", "sub", "unsub", "listen", "lastwill", "listsub", "ping", "status", "close")


async def __main__(args):
    opts, words = options(args, "h:p:i:u:P:k:sRt:m:q:rx:n:vl")
    verb = words.pop(0) if words else "listen" if opts["l"] else "connect" if opts["h"] else ""
    if verb not in VERBS or words:
        raise Usage("unknown command" if verb else "missing command", words[0] if words else verb)
    qos = opts.number("q", 0)
    if qos not in (0, 1):
        raise Usage("QoS must be 0 or 1")
    from net import mqttc  # late: not for --help

    await getattr(mqttc, verb)(opts, qos)
