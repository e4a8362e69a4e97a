"""Time for those who wait for answers, however busy the machine is."""

import pytest

from bot.services import decide, freeze
from handlers import settled

PATIENCE_S = 60.0


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no wait of a second or two end early; tests about a wait set it themselves."""
    monkeypatch.setattr(settled, "SETTLE_S", PATIENCE_S)
    monkeypatch.setattr(decide, "TOLD_WITHIN_S", PATIENCE_S)
    monkeypatch.setattr(freeze, "FRESH_WITHIN_S", PATIENCE_S)
