# usage: bare_camera PORT CLIENTS     send frames of the camera to one client after the other: the least code for a stream
#
# It blocks the board meanwhile.

import socket

from camera import Camera, FrameSize, GrabMode, PixelFormat

HEAD = b"Content-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"


def __main__(args):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(socket.getaddrinfo("0.0.0.0", int(args[0]))[0][-1])
    listener.listen(1)
    for _ in range(int(args[1])):
        sock = listener.accept()[0]
        camera = Camera(
            pixel_format=PixelFormat.JPEG,
            frame_size=FrameSize.VGA,
            jpeg_quality=85,
            fb_count=2,
            grab_mode=GrabMode.LATEST,
        )
        try:
            while True:
                frame = camera.capture()
                sock.write(HEAD % len(frame))
                sock.write(frame)
                sock.write(b"\r\n--frame\r\n")
        except OSError:
            pass
        camera.deinit()
        sock.close()
    listener.close()
