# usage: hardware     use the simulated devices once that the web server shows, so that none of their memory counts as its own


def __main__(args):
    import esp32
    import machine
    import network

    from base import board

    esp32.mcu_temperature()
    machine.freq()
    station = network.WLAN(network.STA_IF)
    station.active(True)
    station.ifconfig()
    for number in board.read()["gpio"][0]:
        machine.Pin(int(number)).value()
