"""Times to ratios. The machine is noisy, and its speed has two levels: each time is divided by the calibration
loop that ran right before and after it, rounds in which the speed has changed do not count, and the median of the
rest is the figure."""

from statistics import median

from benchmarks.simulation import BOARD

PRELUDE = f'> import sys; sys.path.append("{BOARD}"); import clock\n'
BEGIN = "> clock.begin()\n"
STEADY = 1.1  # two calibrations around a round that counts are at most so far from each other
EMPTY = "-"  # the name of the measurement that measures nothing


def timed(name, commands, count=1):
    """Script lines that take the time of some commands; count says how many times the figure they are."""
    return f'{BEGIN}{commands}\n> clock.end("{name}", {count})\n'


def empty():
    """Measured once a round by every script: the cost of measuring, which ratios() subtracts."""
    return f'{BEGIN}> clock.end("{EMPTY}")\n'


def ratios(samples):
    """{name: median of time / CAL} from what clock.end() printed, the cost of measuring taken off."""
    rounds = {}
    for name, took, before, after, count in samples:
        took, before, after, count = int(took), int(before), int(after), int(count)
        entry = rounds.setdefault(name, [])
        entry.append((max(before, after) / min(before, after), took * 2 / (before + after), count))
    middle = {}
    for name, entries in rounds.items():
        steady = [entry for entry in entries if entry[0] <= STEADY] or entries
        middle[name] = median(ratio for _, ratio, _ in steady), entries[0][2]
    cost = middle.pop(EMPTY, (0, 1))[0]
    return {name: max(ratio - cost, 0) / count for name, (ratio, count) in middle.items()}


def measure(simulator, script, **board):
    """Run a script of such lines on a board; returns the ratios."""
    samples = simulator.measure(PRELUDE + script, **board)
    simulator.calibrations += [int(number) for sample in samples for number in sample[2:4]]
    return ratios(samples)
