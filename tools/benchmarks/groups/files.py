"""Programs that read and write files on the flash."""

from benchmarks import reference, rounds
from benchmarks.table import Row

SMALL = 100 * 1000
LARGE = 1024 * 1024


def measure(simulator, quick):
    script = f'> clock.write_file("/tmp/small", {SMALL})\n> clock.write_file("/tmp/large", {LARGE})\n'
    script += "grep needle /tmp/small >/dev/null; cp /tmp/small /tmp/copy\n"
    for _ in range(2 if quick else 9):
        script += rounds.empty() + rounds.timed("grep", "grep needle /tmp/small")
        script += "rm /tmp/copy\n" + rounds.timed("cp", "cp /tmp/large /tmp/copy")
    found = rounds.measure(simulator, script)
    yield Row("grep in 100 KB", found["grep"], "CAL", reference.UPYOS_GREP)
    yield Row("cp 1 MiB", found["cp"], "CAL", reference.UPYOS_COPY)
