"""What tests of the domain need of the machine."""

import time
from collections.abc import Iterator

import pytest


@pytest.fixture
def machine_in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the clock of this machine be an hour or two ahead of UTC."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()
