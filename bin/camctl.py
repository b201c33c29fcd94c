# camctl - show and set the controls of the camera
# usage: camctl [-d] [NAME[=VALUE]...]
#        camctl token NAME | revoke NAME | tokens
#
# Show the controls with their ranges, or those named; set those with a VALUE. Settings are saved in /etc/system.conf; they
# hold from the next frame on, in a running stream, too. What a sensor does not take is noted in the log.
#   -d  set the defaults: all, or of those named
#   frame_size  VGA; see `photo`       quality  higher is better      settle  frames skipped after a start, while exposure settles
#   vflip, hmirror  turn the picture   brightness, contrast, saturation, sharpness  -2 to 2      denoise  not on an OV2640
#   special_effect  1 negative, 2 grey, 3 red, 4 green, 5 blue, 6 sepia
#   wb_mode         white balance: 0 automatic, 1 sunny, 2 cloudy, 3 office, 4 home (whitebal, awb_gain: on or off)
#   exposure_ctrl   1 automatic, with ae_level and aec2; 0: aec_value
#   gain_ctrl       1 automatic, up to gainceiling (0 is 2x, 6 is 128x); 0: agc_gain
#   lenc, bpc, wpc, raw_gma, dcw    corrections of the sensor      colorbar  a test picture
# A token opens /stream and /capture.jpg of the web server to a recorder that cannot log in, and nothing else. `token` makes
# one and prints it, which is done once; revoke ends it; tokens lists the names.
# Examples:  camctl frame_size=SVGA quality=80 vflip=1      camctl token nas

from base.errors import Failure, Usage
from cameras import controls
from program import options

proc = None


def __main__(args):
    opts, words = options(args, "d")
    if words and words[0] in ("token", "revoke", "tokens"):
        return manage_tokens(words)
    changes = {}
    shown = []
    for word in words:
        name, equals, value = word.partition("=")
        controls.default(name)  # Failure for a name that is none
        if equals and "d" in opts:
            raise Usage("extra operand", word)
        if equals:
            changes[name] = controls.check(name, value)
        elif "d" in opts:
            changes[name] = None
        else:
            shown.append(name)
    names = ["frame_size"] + controls.names()
    if "d" in opts and not words:
        changes = dict.fromkeys(names)
    if changes:
        controls.save(changes)
    if not words and "d" not in opts:
        shown = names
    saved = controls.settings()
    for name in shown:
        value = saved.get(name, controls.default(name))
        if name == "frame_size":
            bounds = " ".join([word.partition("=")[0] for word in controls.SIZES.split()])
        else:
            least, most, usual = controls.bounds(name)
            bounds = f"{least} to {most}, default {usual}"
        proc.stdout.write(f"{name:15} {value!s:>4}  {bounds}\n")


def manage_tokens(words):
    from cameras import tokens  # late: rarely used

    verb = words[0]
    if len(words) != (1 if verb == "tokens" else 2):
        raise Usage("expected a NAME" if verb != "tokens" else "extra operand")
    if verb == "tokens":
        for name in sorted(tokens.names()):
            proc.stdout.write(name + "\n")
    elif verb == "revoke":
        if not tokens.revoke(words[1]):
            raise Failure(words[1], "no such token")
    else:
        proc.stdout.write(tokens.make(words[1]) + "\n")
