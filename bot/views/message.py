"""A message as Slack takes it."""

from dataclasses import dataclass
from typing import Any

Block = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Blocks with the text that stands in for them in a notification.

    Attributes:
        text: Mrkdwn, escaped; at most 3,000 characters (Slack: chat.update refuses over 4,000).
        blocks: At most 50, with one table among them.
    """

    text: str
    blocks: tuple[Block, ...]
