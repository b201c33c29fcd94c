"""snapshot: wake up, photo, upload, deep sleep."""

import io
import re

from harness import wait_until
from PIL import Image

from photo.test_photoq import server  # noqa: F401


def test_a_board_on_a_battery_sends_a_photo_at_each_wake_up(console, sim, server, tmp_path):  # noqa: F811
    command = f"snapshot -t 0.3 -w 0 -b 33*2 {server.url}/in/ >> /mnt/here/log"
    lines = f"command={command}\\nrestart=never\\nenabled=yes\\n"
    sim(f"mkdir -p /local/services; printf '{lines}' > /local/services/snapshot")
    server.failures, server.refused = 2, b"nothing"
    console(set={"adc.33.volts": 2.01}, mount=[f"{tmp_path}:/mnt/here"])
    wait_until(lambda: console.display() and len(server.photos) >= 4, "photos of four wake-ups")
    console.close()
    assert len(server.stored()) == len(server.photos)
    for method, _, _, body in server.photos:
        assert method == "PUT"
        with Image.open(io.BytesIO(body)) as image:
            image.load()
    last = (tmp_path / "log").read_text().splitlines()[2]
    assert re.fullmatch(r"deep sleep \(timer\), 4\.02 V, \d+ bytes, 1 sent, 0 wait", last)


def test_a_phase_that_fails_does_not_end_the_others(sim, server):  # noqa: F811
    script = f"echo old | photoq add; snapshot {server.url}/in/; echo $?; snapshot -d /tmp/s -u 1 http://127.0.0.1:1/; snapshot -b 99; snapshot -b x"
    result = sim(script, set={"camera.fault": "absent"})
    first, status, second = result.stdout.splitlines()
    assert first.startswith("power on, photo: ") and first.endswith(", 1 sent, 0 wait") and status == "1"
    assert second.startswith("power on, photo: ") and second.endswith(", 0 sent, 0 wait")
    assert [body for _, _, _, body in server.photos] == [b"old\n"]
    result = sim("snapshot -u 1 http://127.0.0.1:1/; photoq list | wc -l")
    assert result.stdout.endswith(" bytes, upload: 127.0.0.1:1: Connection refused; 0 sent, 1 wait\n1\n")
