# photo - take a photo with the camera of the board
# usage: photo [-f] [-s SIZE] [-q QUALITY] [-o FILE]
#
# Write a JPEG to FILE and print its name; without -o, to photo-DATE-TIME.jpg in the current directory, or to standard output
# if that is a pipe or a file. A file is complete, or not there, even after a power cut.
#   -s SIZE     the frame size: QVGA, VGA, SVGA, XGA, UXGA ..., or 640x480
#   -q QUALITY  0 to 100; higher is better
#   -o FILE     the file; a directory: with that name in it; -: standard output
#   -f          light the scene with the LED that the board file calls `flash`
# What is not given is as `camctl` has set it.
# Examples:  photo -s UXGA -o /sd/door.jpg      photo | wget -O - --post-file=- http://server/photos
#            photo -o - | nc host 9000          while sleep 600; do photo -o /sd; done

from base.paths import isdir, join
from cameras import photos
from cameras.camera import Camera
from program import options, protected

proc = None


async def __main__(args):
    opts, _ = options(args, "fs:q:o:", most=0)
    path = opts["o"]
    if path is None and not proc.stdout.isatty():
        path = "-"
    if path is None or (path != "-" and isdir(path)):
        path = photos.name(join(path, photos.PATTERN) if path else photos.PATTERN, proc.getenv("TZ"))
    protected(path)
    with photos.Flash(opts["f"]), Camera(opts["s"], opts["q"]) as camera:
        frame = await camera.capture()
        if path == "-":
            await photos.send(frame, proc.stdout)
            return
        photos.save(frame, path)
    proc.value = path
    proc.stdout.write(path + "\n")
