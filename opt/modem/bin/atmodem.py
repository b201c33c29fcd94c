# atmodem - talk to a modem with AT commands
# usage: atmodem [-v] [-tm] [-M NAME] COMMAND [SECONDS [EXPECTED]]
#        atmodem [-v] [-tm] [-M NAME] -f FILE
#        atmodem [-v] -c UART BAUD TX RX [NAME [RTS CTS FLOW]]
#        atmodem [-v] -r GPIO SECONDS
#
# Sends COMMAND and prints the lines of the answer until EXPECTED (OK), or for SECONDS (2). At the prompt, atmodem can be
# omitted: AT+GMR. Status 1: the modem replied ERROR, or did not reply.
#   -c  create a line: number of the UART, speed, GPIOs; NAME is modem0 (in programs sdata.modem0); FLOW is r, c, rc or off
#   -r  reset the modem: pull GPIO low, then wait SECONDS        -M NAME  another modem than modem0
#   -v  trace the line: >> sent, << received                     -tm  print the time taken
#   -f FILE  a script; a line is a COMMAND as above, or one of
#       uart UART BAUD TX RX [NAME [RTS CTS FLOW]]    reset GPIO SECONDS    sleep SECONDS    echo TEXT    # comment
# See docs/modem.md, and /opt/modem.inf for an example. atcurl and atwget go through the modem.

from base.errors import Usage
from program import options

proc = None


async def __main__(args):
    opts, words = options(args, "f:r:c:M:vtm")
    if "t" in opts and "m" not in opts or "m" in opts and "t" not in opts:
        raise Usage("invalid option", "-t" if "t" in opts else "-m")
    import modem
    from modem import script

    runner = script.Runner(proc, opts["M"] or modem.NAME, "v" in opts, "t" in opts)
    if opts["f"]:
        if words:
            raise Usage("extra operand", words[0])
        await runner.file(opts["f"])
        return runner.failed
    if opts["c"]:
        words = ["uart", opts["c"]] + words
    elif opts["r"]:
        words = ["reset", opts["r"]] + words
    elif words and len(words) == 1:
        words = script.words_of(words[0])  # the shell passes a line that begins with AT+ as one word
    if not words:
        raise Usage("missing COMMAND")
    await runner.do(words)
