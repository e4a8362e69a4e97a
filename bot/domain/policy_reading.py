"""What policy files say at one moment."""

from dataclasses import dataclass

from bot.domain.policy import PolicySet


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyReading:
    """What the files say as they are now.

    Attributes:
        digest: SHA-256, hex, of their names and contents, and of the environment.
        policies: None when they are not usable.
        problem: Why not; empty when they are.
    """

    digest: str
    policies: PolicySet | None = None
    problem: str = ""
