"""Keys of those who sign test results come from the environment, and stay secret."""

import pytest

from bot.domain.errors import ConfigurationError
from bot.read_settings import load_settings

KEY = "a secret of the CI system"
WHOLE = {
    "HERALD_POLICIES": "none.yml",
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "HERALD_REGISTRY": "mlflow",
    "MLFLOW_TRACKING_URI": "sqlite:///none.db",
    "HERALD_EVIDENCE_KEYS__CI": KEY,
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)


def test_key_is_read_by_its_id_in_lower_case_and_never_shown() -> None:
    settings = load_settings()
    assert settings.evidence_keys["ci"].get_secret_value() == KEY
    assert KEY in settings.private_words()
    assert KEY not in repr(settings)


def test_key_that_could_be_guessed_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HERALD_EVIDENCE_KEYS__CI", "hunter2")
    with pytest.raises(ConfigurationError, match="HERALD_EVIDENCE_KEYS__CI") as caught:
        load_settings()
    assert "hunter2" not in str(caught.value)
