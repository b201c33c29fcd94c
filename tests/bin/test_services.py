"""Services: their definitions, their supervisor, the log."""

import re

import pytest
from cases import Case, outcome, parametrize

TICK = """
cat > /bin/tick.py <<'EOF'
import asyncio

proc = None


async def __main__(args):
    print("tick of", proc.pid)
    await asyncio.sleep(60)
