"""The check ``platform_privilege``: the requester may do it himself; Herald lends no power."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.evidence import Needs, PolicyFacts
from bot.domain.policy import CheckOutcome, OutcomeKind
from policies.entries import RuleEntry, RulePlace
from policies.rule import Rule

ALL = "ALL_PRIVILEGES"


class Privilege(StrEnum):
    """What somebody can hold on a model in Unity Catalog."""

    APPLY_TAG = "APPLY_TAG"
    CREATE_MODEL_VERSION = "CREATE_MODEL_VERSION"
    EXECUTE = "EXECUTE"
    MANAGE = "MANAGE"
    OWNER = "OWNER"


_BEYOND_ALL = {Privilege.MANAGE, Privilege.OWNER}
"""What ``ALL PRIVILEGES`` does not include.

Source:
    Databricks, privileges reference: it leaves out MANAGE, EXTERNAL USE SCHEMA and EXTERNAL USE
    LOCATION.
"""


class PlatformPrivilegeRule(RuleEntry):
    """The requester holds a privilege."""

    type: Literal["platform_privilege"]
    privilege: Annotated[Privilege, Field(strict=False)]

    def check(self, place: RulePlace) -> "PlatformPrivilegeCheck":
        """Return the check of the privilege."""
        return PlatformPrivilegeCheck(**self.identity(place), privilege=self.privilege)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformPrivilegeCheck(Rule):
    """The requester himself holds the privilege on the model, in the registry."""

    privilege: Privilege

    @property
    def needs(self) -> Needs:
        """The requester's privileges."""
        return Needs(privileges=True)

    def evaluate(self, facts: PolicyFacts) -> CheckOutcome:
        """Return whether he holds it, or what includes it."""
        reason = facts.why_unreadable("privileges")
        if reason is not None:
            return self._outcome(
                OutcomeKind.ERRORED,
                f"the requester's privileges could not be read ({reason})",
                "ask again once they can be read",
            )
        if facts.privileges is None:
            return self._outcome(
                OutcomeKind.MISSING,
                f"the registry knows no privileges, needs {self.privilege}",
                "keep this rule for models in Unity Catalog",
            )
        return self._judged(facts.privileges)

    def _judged(self, held: frozenset[str]) -> CheckOutcome:
        by = next((name for name in self._enough if name in held), None)
        if by is not None:
            as_ = "" if by == self.privilege else f" (as {by})"
            message = f"the requester holds {self.privilege}{as_} on the model"
            return self._outcome(OutcomeKind.PASSED, message, observed=by)
        listed = ", ".join(sorted(held)) or "nothing"
        return self._outcome(
            OutcomeKind.FAILED,
            f"the requester holds {listed} on the model, needs {self.privilege}",
            f"let somebody ask who holds {self.privilege}, or have it granted",
            listed,
        )

    @property
    def _enough(self) -> tuple[str, ...]:
        """The privilege itself, and what includes it."""
        including = () if self.privilege in _BEYOND_ALL else (ALL,)
        return (self.privilege, *including, Privilege.OWNER)

    def _outcome(
        self, kind: OutcomeKind, message: str, remedy: str = "", observed: str = ""
    ) -> CheckOutcome:
        return self.outcome(
            kind,
            message,
            observed=observed,
            expected=self.privilege,
            remedy=remedy,
            source="Unity Catalog",
        )
