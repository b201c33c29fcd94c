"""The tests of packages (opt/): on a flash with all of them installed."""

import pytest


@pytest.fixture
def pristine(pristine):
    def with_packages(**options):
        return pristine(**{"packages": "all", **options})

    return with_packages
