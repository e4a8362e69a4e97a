"""Commands in texts: written with the usual slash command, shown with the configured one."""

from dataclasses import replace
from typing import Any

from bot.views.message import Message

USUAL = "/model"
_QUOTED = f"`{USUAL}"


def with_slash(message: Message, slash: str) -> Message:
    """Return a message whose commands begin with the configured slash command."""
    if slash == USUAL:
        return message
    text = message.text.replace(_QUOTED, f"`{slash}")
    return replace(message, text=text, blocks=tuple(_renamed(b, slash) for b in message.blocks))


def view_with_slash(view: dict[str, Any], slash: str) -> dict[str, Any]:
    """Return a modal or home tab whose commands begin with the configured slash command."""
    renamed: dict[str, Any] = view if slash == USUAL else _renamed(view, slash)
    return renamed


def _renamed(part: Any, slash: str) -> Any:
    """Change what is shown as code; what people wrote is never shown so."""
    if isinstance(part, list | tuple):
        return [_renamed(each, slash) for each in part]
    if not isinstance(part, dict):
        return part.replace(_QUOTED, f"`{slash}") if isinstance(part, str) else part
    if (part.get("style") or {}) == {"code": True} and str(part.get("text", "")).startswith(USUAL):
        return {**part, "text": slash + part["text"].removeprefix(USUAL)}
    return {key: _renamed(value, slash) for key, value in part.items()}
