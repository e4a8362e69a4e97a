"""What Herald must never write is known to whoever writes its log."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings


def test_secrets_that_mlflow_reads_by_itself_are_private_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "planted-token")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "planted-password")
    settings = Settings(
        slack_bot_token=SecretStr("xoxb-1"),
        slack_app_token=SecretStr("xapp-1"),
        databricks_host="https://adb-1.example.net",
        databricks_token=SecretStr("dapi-1"),
        policies=(Path("none.yml"),),
    )
    assert {"planted-token", "planted-password", "xoxb-1", "dapi-1"} <= set(
        settings.private_words()
    )
