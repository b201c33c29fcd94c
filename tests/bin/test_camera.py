"""photo and camctl with the modules of three firmwares; what many use at a time, and what fails."""

import io
import json

import pytest
from PIL import Image

FAST = {"camera.fps": 0}


def picture(path):
    return Image.open(io.BytesIO(path.read_bytes()))


def test_a_photo_is_a_file_or_goes_down_a_pipe(sim, tmp_path):
    script = """
cd /home; photo -o /mnt/out/named.jpg -s qvga; photo -o /mnt/out -q 30
photo -s 640x480 | wc -c > /mnt/out/count; photo -s SVGA -o - > /mnt/out/redirected
photo -s UXGA -o large.jpg; cat large.jpg > /mnt/out/large.jpg; ls -a | grep new
photo -s 3x4; photo -q 101; photo -f; photo -o /boot.py; photo -s QXGA; photo -o /nosuch/a.jpg; echo $?
"""
    result = sim(script, mount=[f"{tmp_path}:/mnt/out"], set=FAST, env={"TZ": "CET-1"})
    named, dated, large, status = result.stdout.split("\n")[:4]
    assert (named, large, status) == ("/mnt/out/named.jpg", "large.jpg", "1")
    assert result.stderr.splitlines() == [
        "photo: 3x4: no such frame size; 96X96, QQVGA, QCIF, HQVGA, 240X240, QVGA, CIF, HVGA, VGA, SVGA, XGA, HD, SXGA, "
        "UXGA, FHD, QXGA, QSXGA",
        "photo: quality: expected a number from 0 to 100",
        "photo: flash: no such LED in the board file",
        "photo: /boot.py: is a protected system file",
        "photo: QXGA: larger than the sensor",
        "photo: /nosuch/a.jpg: No such file or directory",
    ]
    assert picture(tmp_path / "named.jpg").size == (320, 240)
    assert picture(tmp_path / dated.rpartition("/")[2]).size == (640, 480)  # photo-DATE-TIME.jpg
    assert picture(tmp_path / "redirected").size == (800, 600)
    assert picture(tmp_path / "large.jpg").size == (1600, 1200)
    assert int((tmp_path / "count").read_text()) > 10_000


def test_settings_are_saved_and_hold_for_the_next_frame(sim, tmp_path):
    script = """
camctl frame_size=hvga quality=20 vflip=1 sharpness; camctl quality vflip; grep -o '"camera".*}' /etc/system.conf
photo -o /mnt/out/small.jpg
python -c 'import simulator; print(simulator.get("camera.vflip"))'
camctl -d quality; photo -o /mnt/out/good.jpg; camctl -d; camctl frame_size vflip
camctl quality=101; camctl zoom=2; camctl | wc -l
"""
    result = sim(script, mount=[f"{tmp_path}:/mnt/out"], set=FAST)
    lines = result.stdout.splitlines()
    assert lines[0] == "sharpness          0  -2 to 2, default 0"
    assert lines[1:3] == ["quality           20  0 to 100, default 85", "vflip              1  0 to 1, default 0"]
    saved = json.loads("{" + lines[3].partition("}")[0] + "}}")["camera"]
    assert saved == {"frame_size": "HVGA", "quality": 20, "vflip": 1}
    assert lines[4:7] == ["/mnt/out/small.jpg", "1", "/mnt/out/good.jpg"]
    assert lines[7].startswith("frame_size       VGA  96X96 QQVGA ") and lines[8].split()[1] == "0"
    assert lines[9] == "27"
    assert result.stderr.splitlines() == [
        "camctl: quality: expected a number from 0 to 100",
        "camctl: zoom: no such control; `camctl` lists them",
    ]
    assert picture(tmp_path / "small.jpg").size == picture(tmp_path / "good.jpg").size == (480, 320)
    assert (tmp_path / "small.jpg").stat().st_size < (tmp_path / "good.jpg").stat().st_size / 2


def test_many_use_the_camera_at_a_time(sim, tmp_path):
    """Each gets the frames that it wants, and the last one stops the camera."""
    script = """
for size in QVGA VGA XGA; do
    (for i in 1 2 3; do photo -s $size -o /mnt/out/$size-$i.jpg; done) &
done > /dev/null
wait
photo -s QVGA -o /mnt/out/killed.jpg & kill $!; wait
python -c 'import simulator; print(simulator.get("camera.size"))'
"""
    result = sim(script, mount=[f"{tmp_path}:/mnt/out"], set=FAST)
    assert (result.stdout.splitlines()[-1], result.stderr) == ("None", "")
    for size, pixels in (("QVGA", (320, 240)), ("VGA", (640, 480)), ("XGA", (1024, 768))):
        for i in (1, 2, 3):
            assert picture(tmp_path / f"{size}-{i}.jpg").size == pixels


@pytest.mark.parametrize("module", ["older", "espcamera"])
def test_other_modules(sim, tmp_path, module):
    script = "camctl quality=60 special_effect=2; for size in QVGA UXGA; do photo -s $size -o /mnt/out/$size.jpg; done"
    result = sim(
        script, mount=[f"{tmp_path}:/mnt/out"], set={**FAST, "camera.module": module}, heap="2M", board="esp32-cam"
    )
    assert result.stderr == ""
    assert [picture(tmp_path / f"{size}.jpg").size for size in ("QVGA", "UXGA")] == [(320, 240), (1600, 1200)]


def test_failures_say_what_is_wrong_and_the_next_photo_works(sim, tmp_path):
    photo = "photo -s UXGA -o /mnt/out/a.jpg"
    script = "".join(
        f'python -c \'import simulator; simulator.set("camera.fault", "{fault}")\'; {photo}; echo $?\n'
        for fault in ("absent", "no_psram", "overflow", "truncated", "")
    )
    result = sim(script, mount=[f"{tmp_path}:/mnt/out"], set={**FAST, "camera.timeout_ms": 200})
    assert result.stdout.splitlines() == ["1", "1", "1", "1", "/mnt/out/a.jpg", "0"]
    assert result.stderr.splitlines() == [
        "photo: camera: not found; check its cable, and the pins in the board file",
        "photo: camera: not enough PSRAM for this frame size",
        "photo: camera: no frame in time; check its cable and the power supply, or lower the quality",
        "photo: camera: damaged frames; lower the quality or the frame size",
    ]
    result = sim("photo; camctl quality", board="pico2-w")
    assert result.stdout == "quality           85  0 to 100, default 85\n"
    assert result.stderr == "photo: camera: this firmware has no camera module; see `docs/camera.md`\n"


def test_a_timelapse_keeps_what_it_is_told_to_and_nothing_else_goes(sim, tmp_path):
    script = """
cd /home; mkdir 2025-01-01; echo mine > mine.jpg; echo mine > 2025-01-01/mine.jpg; echo old > 2025-01-01/000000.jpg
timelapse -i 0.2 -n 5 -k 3 -s QVGA %Y-%m-%d/%H%M%S.jpg > shown; wc -l < shown; ls -R | grep -c '^[0-9-]*.jpg'; ls 2025-01-01; cat mine.jpg
timelapse -i 0.1 -n 4 -m 25k -s QVGA /tmp/t-%Y%m%d-%H%M%S.jpg > /dev/null; ls /tmp/t-* | wc -l
python -c 'import simulator; simulator.set("camera.fault", "absent")'
timelapse -i 0.1 -n 2; echo $?; timelapse -i 0 x; timelapse; timelapse -i 1 -k 2 %A.jpg; timelapse -i 1 -s 1x1
"""
    result = sim(script, set=FAST)
    assert result.stdout.splitlines() == ["5", "3", "mine.jpg", "mine", "2", "1"]
    assert result.stderr.splitlines()[:3] == [
        "timelapse: camera: not found; check its cable, and the pins in the board file",
        "timelapse: camera: not found; check its cable, and the pins in the board file",
        "timelapse: 0: invalid interval",
    ]
    assert "timelapse: -i: missing INTERVAL" in result.stderr
    assert "timelapse: %A.jpg: with a limit, only %Y" in result.stderr and "timelapse: 1x1: no such" in result.stderr


def test_a_power_cut_leaves_no_damaged_photo(sim, flash, tmp_path):
    """At some writes of a timelapse with a limit; the photos whose names were printed before are there, but for those removed."""
    script = "cd /home; timelapse -i 0.1 -n 4 -k 2 -s QQVGA t-%Y%m%d-%H%M%S.jpg; sync"
    path = flash()
    total = sim(script, set=FAST, count_writes=True).writes
    for cut in range(max(total - 60, 1), total, 13):
        sim(script, set=FAST, cut_power_at=f"{cut}:torn")
        sim("cp /home/*.jpg /mnt/out/ 2> /dev/null; true", mount=[f"{tmp_path}:/mnt/out"])
        found = list(tmp_path.glob("t-*.jpg"))
        assert found and len(found) <= 3
        for photo in found:
            picture(photo).load()
            photo.unlink()
    assert path


def test_motion_takes_photos_and_runs_a_command(sim, tmp_path):
    script = """
motion -n 2 -c 0 -i 0.1 -s QVGA -o /mnt/out/%H%M%S.jpg 'echo $PHOTO > /mnt/out/said; test $CELLS -ge 3 && echo moved'
printf '################\\n%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 > mask; timeout 1 motion -l -i 0.1 -m mask | sort -u
python -c 'import simulator; simulator.set("camera.still", True)'; timeout 1 motion -l -i 0.1 | tail -n 2
"""
    result = sim(script, mount=[f"{tmp_path}:/mnt/out"], set=FAST)
    lines = result.stdout.splitlines()
    assert [line for line in lines if "jpg" not in line] == ["moved", "moved", "0", "0", "0"]
    assert (tmp_path / "said").read_text().strip() == [line for line in lines if "jpg" in line][-1]
    assert {picture(path).size for path in tmp_path.glob("*.jpg")} == {(320, 240)}
