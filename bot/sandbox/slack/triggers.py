"""Trigger ids: each opens one modal, once, within three seconds."""

import secrets
import time
from dataclasses import dataclass, field

from bot.sandbox.slack.errors import SlackError


@dataclass(slots=True, kw_only=True)
class Trigger:
    """The right to put one modal on one person's screen."""

    user: str
    view_id: str | None
    expires_at: float
    is_used: bool = False


@dataclass(slots=True)
class Triggers:
    """All trigger ids given out since the start."""

    lifetime_s: float
    issued: dict[str, Trigger] = field(default_factory=dict)

    def issue(self, user: str, view_id: str | None = None) -> str:
        """Return a fresh trigger id for what that person just did, in that view if any."""
        trigger_id = (
            f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**9)}.{secrets.token_hex(16)}"
        )
        self.issued[trigger_id] = Trigger(
            user=user, view_id=view_id, expires_at=time.monotonic() + self.lifetime_s
        )
        return trigger_id

    def check(self, trigger_id: object) -> Trigger:
        """Return the trigger that may still be used.

        Raises:
            SlackError: If it was never issued, is used up or too old.
        """
        trigger = self.issued.get(str(trigger_id))
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.is_used:
            raise SlackError.breach("exchanged_trigger_id")
        if time.monotonic() > trigger.expires_at:
            raise SlackError.breach("expired_trigger_id")
        return trigger
