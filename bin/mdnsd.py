# mdnsd - answer for the name of this board in its network
# usage: mdnsd
#
# Makes HOSTNAME.local known (mDNS), and what services run here: http, ftp and telnet (DNS-SD). Start it as a service:
# service start mdns; service enable mdns. Some firmwares answer for the name themselves, but not for the services.
# Where another host has the name, this one is HOSTNAME-2 (and so on); dmesg tells which.

from program import options

proc = None


async def __main__(args):
    options(args, "", most=0)
    from net import mdns
    from services import server

    await mdns.Responder(server.running).run()
