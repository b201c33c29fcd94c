"""Power cuts during an update: a sample of the points, or all if EVERY_POINT is set (tools/prove-updates)."""

import os
import random

import pytest

from update.hub import Hub
from update.proof import Proof

SAMPLE = 24
WEB_SAMPLE = 8


@pytest.mark.slow(70)
def test_the_board_boots_after_a_power_cut_at_any_write(proof):
    points = proof.points()
    if not os.environ.get("EVERY_POINT"):
        points = random.sample(points, SAMPLE)
    failed = []
    for phase, number, torn in points:
        try:
            proof.attempt(phase, number, torn)
        except AssertionError as e:
            failed.append(f"{phase.name}: write {number}{' torn' if torn else ''}: {e}")
    assert not failed, "\n".join(failed)


@pytest.mark.slow(70)
def test_it_boots_also_where_the_release_comes_from_the_web(releases, tmp_path):
    hub = Hub(releases.directory)
    try:
        proof = Proof(releases, tmp_path, source=hub.url)
        points = [
            point for point in proof.points() if "download" in point[0].name or point[0].name == "firmware: write"
        ]
        for phase, number, torn in random.sample(points, WEB_SAMPLE):
            proof.attempt(phase, number, torn)
    finally:
        hub.close()


def test_the_proof_covers_all_of_an_update(proof):
    assert [phase.name for phase in proof.phases] == [
        "download",
        "switch",
        "another boot",
        "confirm",
        "ask for the old one",
        "rollback",
        "ask after the confirmation",
        "rollback after the confirmation",
        "factory: download",
        "factory: switch",
        "factory: rollback",
        "firmware: write",
        "firmware: confirm",
        "rescue: download",
        "rescue: switch",
    ]
    assert all(phase.writes > 0 for phase in proof.phases)
