"""A board with its services, as tests/services has it."""

from services.conftest import board  # noqa: F401
