"""The checks that every message text and block passes, whichever way it comes."""

from dataclasses import dataclass

from bot.sandbox.slack.checks import check_blocks
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import Json
from bot.sandbox.slack.workspace import Workspace

# chat.postMessage cuts off beyond this; chat.update refuses beyond its own limit.
POST_TEXT_LIMIT = 40_000
UPDATE_TEXT_LIMIT = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a message shall show."""

    text: str = ""
    blocks: list[Json] | None = None
    metadata: Json | None = None


def read_contents(workspace: Workspace, args: Json, channel: str) -> Contents:
    """Return the checked text, blocks and metadata of a message.

    Raises:
        SlackError: If Slack would refuse them.
    """
    text, blocks = str(args.get("text") or ""), args.get("blocks")
    if blocks is not None:
        check_blocks(workspace, blocks, channel)
    if not text and not blocks and not args.get("attachments"):
        raise SlackError.breach("no_text")
    return Contents(text=text, blocks=blocks, metadata=checked_metadata(args.get("metadata")))


def checked_metadata(metadata: object) -> Json | None:
    """Return message metadata of the right shape."""
    if metadata is None:
        return None
    if (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    ):
        return metadata
    raise SlackError.breach("invalid_metadata_format")


def note_habits(workspace: Workspace, contents: Contents, method: str) -> None:
    """Record what Slack lets pass and a good app does not do."""
    if contents.blocks and not contents.text.strip():
        detail = "blocks without a text to notify with"
        workspace.report.violate("no_fallback_text", detail, method)
    if len(contents.text) > POST_TEXT_LIMIT:
        detail = f"{len(contents.text)} characters, cut off at {POST_TEXT_LIMIT}"
        workspace.report.violate("text_cut_off", detail, method)
