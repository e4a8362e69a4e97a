"""Block Kit checks in the form of Slack's refusals."""

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.workspace import Workspace


def check_blocks(workspace: Workspace, blocks: object, channel: str | None) -> None:
    """Refuse blocks that Slack would refuse in a message to that channel."""
    if not isinstance(blocks, list):
        raise SlackError.breach("invalid_blocks_format")


def check_view(workspace: Workspace, view: object) -> None:
    """Refuse a view that Slack would refuse."""
    if not isinstance(view, dict):
        raise SlackError.breach("invalid_arguments", "view is not an object")
