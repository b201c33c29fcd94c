# The system's data as programs written for upyOS know it: `import sdata`. What costs something is made when asked for.

name = "Diatom"
debug = False  # True: programs that die show where
log = False  # True: utls.log() prints
d0 = None  # the display, for the program that finds one

_upyos = None


def __getattr__(name):
    global _upyos
    if name == "upyos":  # the kernel
        if _upyos is None:
            import upyos  # late: few programs ask

            _upyos = upyos.Kernel()
        return _upyos
    if name == "procs":
        import upyos  # late: few programs ask

        return upyos.Processes()
    if name == "sysconfig":
        import upyos  # late: few programs ask

        from base import config  # late: few programs ask

        return upyos.Settings(config.content())
    if name == "board":
        from base import board  # late: few programs ask

        return board.read()
    if name == "sid":
        from base import board  # late: few programs ask

        return board.unique_id()
    if name == "initime":
        import base  # late: few programs ask

        return base.started[0]
    if name == "version":
        from base import VERSION  # late: few programs ask

        return VERSION
    raise AttributeError(name)
