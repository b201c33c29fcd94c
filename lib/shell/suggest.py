# What to use here instead of a command that other systems have, or the package that brings it: for "not found".

from packages.commands import not_found

_INSTEAD = (
    "apt=pkg apt-get=pkg pip=mip pip3=mip python3=python micropython=python nano=edit pico=edit emacs=edit vim=vi nvim=vi "
    "view=vi poweroff=deepsleep halt=deepsleep shutdown=reboot ip=ifconfig iw=wifi iwconfig=wifi nmcli=wifi ss=netstat "
    "dig=nslookup host=nslookup w=who htop=top systemctl=service journalctl=dmesg lsusb=lshw lscpu=lshw lsblk=df vmstat=free "
    "adduser=useradd deluser=userdel zsh=sh dash=sh ash=sh ksh=sh busybox=help info=man ll=ls_-l la=ls_-A dir=ls cls=clear "
    "traceroute=ping mosquitto_pub=mqttc mosquitto_sub=mqttc hd=hexdump perl=awk gawk=awk mawk=awk ntpdate=ntpupdate "
    "fc=history"
)


def missing(shell, argv, shown):
    """Report a command that is not found, with what may be meant; shown: its name for the message."""
    why = not_found(argv[0])
    for entry in _INSTEAD.split():
        theirs, _, ours = entry.partition("=")
        if theirs == argv[0]:
            why = "not found; try " + ours.replace("_", " ")
    if argv[0] == "atmodem":
        why += ": no modem takes the line " + argv[1]
    elif argv[0] == "sudo":
        why = "not found; leave it out"
    shell.complain(shown, why)
