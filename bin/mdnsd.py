# mdnsd - announce the name and services of this board (mDNS)
# usage: mdnsd
#
# Publishes HOSTNAME.local (mDNS) and the running services http, ftp and telnet (DNS-SD). Start it as a service: service
# start mdns; service enable mdns. Some firmwares publish the name themselves, but not the services. If another host has
# the name, this one is HOSTNAME-2 (and so on); see dmesg.

from program import options

proc = None


async def __main__(args):
    options(args, "", most=0)
    from net import mdns  # late: not for --help
    from services import server

    await mdns.Responder(server.running).run()
