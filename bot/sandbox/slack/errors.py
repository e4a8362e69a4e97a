"""Refusals: those that Slack's Web API answers, and those of the human side."""

from bot.sandbox.slack.people import Json


class SlackError(Exception):
    """An answer `{"ok": false, "error": ...}` of the Web API.

    Args:
        error: Slack's name of the error.
        rule: The rule of Slack that the app broke; None for an answer that any app may meet.
        detail: What was wrong, for the report.
        extra: Further keys of the answer.
    """

    def __init__(
        self, error: str, *, rule: str | None = None, detail: str = "", extra: Json | None = None
    ) -> None:
        super().__init__(error)
        self.error = error
        self.rule = rule
        self.detail = detail or error
        self.extra = extra or {}

    @classmethod
    def breach(cls, error: str, detail: str = "") -> "SlackError":
        """Return a refusal that is also a violation of the rule of the same name."""
        return cls(error, rule=error, detail=detail)


class HumanError(Exception):
    """Something that no person could have done in Slack's client."""

    def __init__(self, error: str, *, status: int = 404) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
