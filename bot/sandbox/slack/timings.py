"""How long Slack waits for what; tests shorten it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Slack's deadlines, in seconds (docs.slack.dev: interactivity, Socket Mode).

    Args:
        ack_s: An app must acknowledge within this time.
        trigger_s: A trigger id lives this long.
        response_url_s: A response_url lives this long.
        response_url_uses: Answers that a response_url takes.
        refresh_warning_s: From the warning to the refresh of a Socket Mode link.
        event_retries_s: Pauses before an event that was not acknowledged is sent again.
    """

    ack_s: float = 3.0
    trigger_s: float = 3.0
    response_url_s: float = 1800.0
    response_url_uses: int = 5
    refresh_warning_s: float = 10.0
    event_retries_s: tuple[float, ...] = (0.0, 60.0, 300.0)
