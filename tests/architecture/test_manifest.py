"""The Slack app asks for exactly what Herald uses."""

import re
from pathlib import Path
from typing import Any

import yaml

from bot.adapters import slack_scopes
from bot.views.ids import Shortcut
from handlers.shortcuts import LABELS
from handlers.table import TABLE
from tests.unit.handlers.chat import registered

ROOT = Path(__file__).parents[2]

EVENTS = {
    "app_home_opened": "app_home_opened",
    "app_mention": "app_mention",
    "message": "message.im",
}
"""The subscription that each event asks for."""


def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())
    return manifest


def _methods_called() -> set[str]:
    call = re.compile(r"_client\.([a-z]+_\w+)\(")
    files = (ROOT / "bot" / "adapters").glob("slack_*.py")
    return {method for file in files for method in call.findall(file.read_text())}


def test_the_scopes_are_those_of_the_methods_called_and_none_more() -> None:
    needed = {slack_scopes.COMMANDS}.union(
        *(slack_scopes.METHODS[method] for method in _methods_called()),
        *(slack_scopes.EVENTS[EVENTS[event]] for event in registered().events),
    )
    assert set(_manifest()["oauth_config"]["scopes"]["bot"]) == needed


def test_the_doctor_asks_for_the_scopes_of_the_manifest() -> None:
    assert set(_manifest()["oauth_config"]["scopes"]["bot"]) == slack_scopes.NEEDED


def test_the_usage_hint_names_every_command() -> None:
    (slash,) = _manifest()["features"]["slash_commands"]
    assert slash["usage_hint"] == " | ".join(row.command.name for row in TABLE)
    assert slash["command"] == "/model"


def test_socket_mode_needs_no_address_and_interactivity() -> None:
    settings = _manifest()["settings"]
    assert settings["socket_mode_enabled"]
    assert settings["interactivity"] == {"is_enabled": True}


def test_the_events_are_those_that_listeners_hear() -> None:
    subscribed = _manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert subscribed == sorted(EVENTS[event] for event in registered().events)


def test_the_slash_command_is_the_one_that_is_listened_to() -> None:
    assert registered().commands == ["/model"]


def test_the_shortcuts_are_those_that_listeners_hear() -> None:
    offered = _manifest()["features"]["shortcuts"]
    assert {shortcut["callback_id"] for shortcut in offered} == set(registered().shortcuts)
    assert {shortcut["callback_id"] for shortcut in offered} == set(Shortcut)
    assert {shortcut["name"] for shortcut in offered} == set(LABELS.values())
    assert {shortcut["type"] for shortcut in offered} == {"global"}


def test_the_home_tab_and_the_direct_conversation_are_open() -> None:
    assert _manifest()["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
