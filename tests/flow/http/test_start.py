"""What HTTP mode needs in order to start, told in one line when it is missing."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.domain.errors import ConfigurationError
from bot.read_settings import load_settings
from bot.settings import Mode

NEEDED = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "DATABRICKS_HOST": "http://127.0.0.1:9",
    "DATABRICKS_TOKEN": "none",
    "HERALD_POLICIES": "none.yml",
}


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.delenv(name, raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"HERALD_MODE": "http"}, "SLACK_SIGNING_SECRET: it is not set. Set SLACK_SIGNING_SECRET"),
        (
            {"HERALD_MODE": "http", "SLACK_SIGNING_SECRET": " "},
            "SLACK_SIGNING_SECRET: it is not set. Set SLACK_SIGNING_SECRET",
        ),
        ({"HERALD_MODE": "socket"}, "SLACK_APP_TOKEN: it is not set. Set SLACK_APP_TOKEN"),
        ({}, "SLACK_APP_TOKEN: it is not set. Set SLACK_APP_TOKEN"),
        (
            {"HERALD_MODE": "pigeon", "SLACK_APP_TOKEN": "xapp-1"},
            "HERALD_MODE: input should be 'socket' or 'http'. Set HERALD_MODE in",
        ),
        (
            {"HERALD_HTTP_PORT": "70000", "SLACK_APP_TOKEN": "xapp-1"},
            "HERALD_HTTP_PORT: input should be less than or equal to 65535",
        ),
    ],
)
def test_what_is_missing_is_named(
    environment: pytest.MonkeyPatch, given: dict[str, str], told: str
) -> None:
    for name, value in given.items():
        environment.setenv(name, value)
    with pytest.raises(ConfigurationError) as refused:
        load_settings()
    assert str(refused.value).startswith(told)


def test_http_mode_needs_no_app_token_and_listens_on_this_machine(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("HERALD_MODE", "http")
    environment.setenv("SLACK_SIGNING_SECRET", "s3cret")
    settings = load_settings()
    assert settings.mode is Mode.HTTP
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 3000)
    assert settings.slack_signing_secret == SecretStr("s3cret")
    assert "s3cret" not in repr(settings)
