"""A door with a file and a network that can be cut."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.mobile_app.door import DoorBench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[DoorBench]:
    bench = DoorBench(tmp_path)
    yield bench
    bench.close()
