# /metrics: what Prometheus collects.

from services.http import system

_ROWS = (
    ("uptime_seconds", "gauge", "Seconds since the system was started", "uptime"),
    ("memory_bytes", "gauge", "The heap", "memory.total"),
    ("memory_free_bytes", "gauge", "Free bytes of the heap", "memory.free"),
    ("storage_bytes", "gauge", "The file system at /", "storage.total"),
    ("storage_free_bytes", "gauge", "Free bytes of the file system at /", "storage.free"),
    ("processes", "gauge", "Processes", "processes"),
    ("connections", "gauge", "Connections to services", "connections"),
    ("temperature_celsius", "gauge", "The temperature of the chip", "temperature"),
    ("cpu_frequency_hertz", "gauge", "The clock of the processor", "frequency"),
    ("log_lines_total", "counter", "Lines that were noted in the log", "log"),
)


def escaped(text):
    return str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


async def serve(request):
    if request.method not in ("GET", "HEAD"):
        return "", 405, {"Allow": "GET, HEAD"}
    found = system.get_status(request, "")
    lines = []
    for name, kind, about, key in _ROWS:
        value = found
        for word in key.split("."):
            value = value[word] if value is not None else None
        if value is not None:
            lines.append(f"# HELP diatom_{name} {about}.\n# TYPE diatom_{name} {kind}\ndiatom_{name} {value}\n")
    labels = ",".join(
        [f'{name}="{escaped(found[name])}"' for name in ("version", "micropython", "machine", "hostname")]
    )
    lines.append(f"# HELP diatom_info What this is.\n# TYPE diatom_info gauge\ndiatom_info{{{labels}}} 1\n")
    wifi = found["wifi"] or {}
    if "rssi" in wifi:
        lines.append("# HELP diatom_wifi_rssi_dbm Strength of the signal.\n# TYPE diatom_wifi_rssi_dbm gauge\n")
        lines.append(f"diatom_wifi_rssi_dbm {wifi['rssi']}\n")
    return (
        "".join(lines),
        200,
        {"Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"},
    )
