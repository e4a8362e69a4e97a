"""A refusal: what was not done, why, and what to do now."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An expected 'no', with all its reasons at once.

    Attributes:
        what: One line: what was not done.
        reasons: Why; empty when ``what`` says it all.
        remedies: What to do now: a command to copy, a person to ask.
        is_trouble: A back end failed, so it is nobody's mistake and worth another try.
    """

    what: str
    reasons: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    is_trouble: bool = False
