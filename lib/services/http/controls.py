# /api/camera: the controls of the camera. services.http.camera has its pictures.

from base.errors import Failure
from cameras import controls
from services.http.api import body
from services.http.protocol import HTTPError


def get_camera(request, rest):
    """The controls, with their ranges and values."""
    saved = controls.settings()
    found = []
    for name in controls.names():
        least, most, usual = controls.bounds(name)
        found.append({"name": name, "value": saved.get(name, usual), "least": least, "most": most, "default": usual})
    sizes = [word.partition("=")[0] for word in controls.SIZES.split()]
    return {"frame_size": saved.get("frame_size", controls.default("frame_size")), "sizes": sizes, "controls": found}


def patch_camera(request, rest):
    """Set controls; null sets the default."""
    found = body(request, **dict.fromkeys(["frame_size"] + controls.names(), object))
    try:
        changes = {name: value if value is None else controls.check(name, value) for name, value in found.items()}
    except Failure as e:
        raise HTTPError(400, str(e))
    controls.save(changes)
    return get_camera(request, rest)
