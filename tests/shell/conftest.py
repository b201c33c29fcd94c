"""A console at its prompt, for the tests of what is typed there."""

import pytest

from shell.screens import PROMPT


@pytest.fixture
def prompt(console):
    """A console at its first prompt."""
    console()
    console.expect(PROMPT)
    return console
