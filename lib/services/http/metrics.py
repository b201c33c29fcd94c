# /metrics: what Prometheus collects. Apart from system, which the dashboard needs: see run.

from micropython import const

from services.http import system

# What services.http.system.get_status finds, and what Prometheus calls it: one text, which stays in flash.
_ROWS = const(
    "uptime uptime_seconds gauge Seconds since the system was started\n"
    "memory.total memory_bytes gauge The heap\n"
    "memory.free memory_free_bytes gauge Free bytes of the heap\n"
    "storage.total storage_bytes gauge The file system at /\n"
    "storage.free storage_free_bytes gauge Free bytes of the file system at /\n"
    "processes processes gauge Processes\n"
    "connections connections gauge Connections to services\n"
    "temperature temperature_celsius gauge The temperature of the chip\n"
    "frequency cpu_frequency_hertz gauge The clock of the processor\n"
    "log log_lines_total counter Lines that were noted in the log"
)


def escaped(text):
    return str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def camera(server):
    """The figures of the camera, once it has been used."""
    if not server.frames:
        return []
    frames, size, missed = server.frames
    lines = []
    for name, kind, about, value in (
        ("viewers", "gauge", "Viewers of the stream", len(server.cast.viewers) if server.cast else 0),
        ("frames_total", "counter", "Frames that were sent, to each viewer", frames),
        ("bytes_total", "counter", "Bytes of these frames", size),
        ("drops_total", "counter", "Frames that slow viewers have missed", missed),
    ):
        name = "diatom_camera_" + name
        lines.append(f"# HELP {name} {about}.\n# TYPE {name} {kind}\n{name} {value}\n")
    return lines


async def serve(request):
    if request.method not in ("GET", "HEAD"):
        return "", 405, {"Allow": "GET, HEAD"}
    found = system.get_status(request, "")
    lines = []
    for row in _ROWS.split("\n"):
        key, name, kind, about = row.split(" ", 3)
        value = found
        for word in key.split("."):
            value = value[word] if value is not None else None
        if value is not None:
            lines.append(f"# HELP diatom_{name} {about}.\n# TYPE diatom_{name} {kind}\ndiatom_{name} {value}\n")
    labels = ",".join(
        [f'{name}="{escaped(found[name])}"' for name in ("version", "micropython", "machine", "hostname")]
    )
    lines.append(f"# HELP diatom_info What this is.\n# TYPE diatom_info gauge\ndiatom_info{{{labels}}} 1\n")
    lines += camera(request.server)
    wifi = found["wifi"] or {}
    if "rssi" in wifi:
        lines.append("# HELP diatom_wifi_rssi_dbm Strength of the signal.\n# TYPE diatom_wifi_rssi_dbm gauge\n")
        lines.append(f"diatom_wifi_rssi_dbm {wifi['rssi']}\n")
    return (
        "".join(lines),
        200,
        {"Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"},
    )
