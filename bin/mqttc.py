# mqttc - talk to an MQTT broker
# usage: mqttc [connect] -h HOST [-p PORT] [-i NAME] [-u USER] [-P PASSWORD] [-k SECONDS] [-sR]
#        mqttc pub -t TOPIC -m MESSAGE [-q QOS] [-r] [-h HOST ...]
#        mqttc sub|unsub -t TOPIC [-q QOS]
#        mqttc listen [-x COMMAND] [-n COUNT] [-v] [-t TOPIC -h HOST ...]
#        mqttc lastwill -t TOPIC -m MESSAGE [-q QOS] [-r]
#        mqttc listsub | ping | status | close
#
# connect leaves a connection that the other words use. It is kept up: after a loss it comes back, with all that was
# subscribed. With -h, pub and listen use a connection of their own, and end it.
#   -q QOS  0, or 1: until the broker has it (0)     -r  the broker keeps the message for those who come later
#   -s  TLS (port 8883)        -i NAME  that the broker knows us by      -k SECONDS  between signs of life (60)
#   -v  show that a message was kept     -n COUNT  end after so many messages     -R  is accepted
#   -x COMMAND  run it for each message, with $topic and $payload; in the background: mqttc listen -x ... &
# lastwill is what the broker says for us when we vanish; it holds from the next connect on, which it makes itself
# where there is a connection. -l is listen. QoS 2 is not there.

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
    from net import mqttc

    await getattr(mqttc, verb)(opts, qos)
