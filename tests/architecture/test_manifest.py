"""The Slack app asks for exactly what Herald uses."""

import re
from pathlib import Path
from typing import Any

import yaml

from handlers.table import TABLE

ROOT = Path(__file__).parents[2]

SCOPES_OF = {
    "apps_connections_open": set(),
    "auth_test": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write", "chat:write.public"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history"},
    "usergroups_list": {"usergroups:read"},
    "usergroups_users_list": {"usergroups:read"},
    "users_info": {"users:read", "users:read.email"},
    "views_open": set(),
    "views_update": set(),
}
"""What Slack's documentation asks for each method that a bot token calls."""


def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
    return manifest


def _methods_called() -> set[str]:
    call = re.compile(r"client\.([a-z]+_\w+)\(")
    files = (ROOT / "bot" / "adapters").glob("slack_*.py")
    return {method for file in files for method in call.findall(file.read_text())}


def test_the_scopes_are_those_of_the_methods_called_and_none_more() -> None:
    needed = {"commands"}.union(*(SCOPES_OF[method] for method in _methods_called()))
    assert set(_manifest()["oauth_config"]["scopes"]["bot"]) == needed


def test_the_usage_hint_names_every_command() -> None:
    (slash,) = _manifest()["features"]["slash_commands"]
    assert slash["usage_hint"] == " | ".join(row.command.name for row in TABLE)
    assert slash["command"] == "/model"


def test_socket_mode_needs_no_address_and_interactivity() -> None:
    settings = _manifest()["settings"]
    assert settings["socket_mode_enabled"]
    assert settings["interactivity"] == {"is_enabled": True}
    assert "event_subscriptions" not in settings
