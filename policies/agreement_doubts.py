"""What policy files say of agreement that holds, and yet can hardly be meant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from policies.approvals import RoleEntry
from policies.definitions import ParsedFile
from policies.document import Trail
from policies.findings import Finding
from policies.schema import PolicyEntry


def agreement_doubts(file: ParsedFile, files: Sequence[ParsedFile]) -> Iterator[Finding]:
    """Yield what a file can hardly mean of the people who have to agree, among all files."""
    roles = {name: role for each in files for name, role in each.content.roles.items()}
    policies = [policy for each in files for policy in each.content.policies]
    for number, policy in enumerate(file.content.policies):
        look = _Look(
            file=file,
            policy=policy,
            trail=("policies", number),
            roles=roles,
            others=tuple(other for other in policies if _meet(other, policy)),
        )
        yield from look.findings()


def _meet(one: PolicyEntry, other: PolicyEntry) -> bool:
    """Tell whether two policies have a say in the same change, as far as their globs show it."""
    here, there = one.match, other.match
    everywhere = not (here.environments and there.environments)
    return (
        one is not other
        and not set(one.changes).isdisjoint(other.changes)
        and not set(here.aliases).isdisjoint(there.aliases)
        and (everywhere or not set(here.environments).isdisjoint(there.environments))
        and any(
            fnmatchcase(mine, yours) or fnmatchcase(yours, mine)
            for mine in here.models
            for yours in there.models
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One policy, among the roles and the policies beside which it decides."""

    file: ParsedFile
    policy: PolicyEntry
    trail: Trail
    roles: dict[str, RoleEntry]
    others: tuple[PolicyEntry, ...]

    def findings(self) -> Iterator[Finding]:
        """Yield what can hardly be meant."""
        yield from self._repeated_roles()
        yield from self._too_few()
        yield from self._never_rejected()
        yield from self._never_reminded()
        yield from self._over_before()

    def _repeated_roles(self) -> Iterator[Finding]:
        seen: set[str] = set()
        for number, approval in enumerate(self.policy.approvals):
            if approval.when is None and approval.role in seen:
                yield self.file.at_value(
                    (*self.trail, "approvals", number, "role"),
                    f"role `{approval.role}` is asked twice: the higher count holds, not the sum",
                    "Write it once, with the count that is meant",
                )
            seen |= {approval.role} if approval.when is None else set()

    def _too_few(self) -> Iterator[Finding]:
        for number, approval in enumerate(self.policy.approvals):
            most, role = _most(self.roles.get(approval.role)), approval.role
            if most is not None and most < approval.count:
                yield self.file.at_value(
                    (*self.trail, "approvals", number, "role"),
                    f"role `{role}` has at most {most} of {approval.count} who have to agree",
                    "Lower the count, or give the role more people",
                )

    def _never_rejected(self) -> Iterator[Finding]:
        asked = [each.role for one in (self.policy, *self.others) for each in one.approvals]
        most, needed = _most(*map(self.roles.get, asked)), self.policy.rejections
        if asked and most is not None and most < needed:
            yield self.file.at_value(
                (*self.trail, "rejections"),
                f"nobody can ever reject: who is asked is at most {most} of {needed} people",
                "Lower the number, or give the roles more people",
            )

    def _never_reminded(self) -> Iterator[Finding]:
        policy = self.policy
        if policy.remind < policy.expires:
            return
        is_said = "remind" in policy.model_fields_set
        yield self.file.at_value(
            (*self.trail, "remind" if is_said else "expires"),
            "nobody is ever reminded: the request is over by then"
            + ("" if is_said else f" (`remind` is {policy.remind} where it is not given)"),
            "Let `remind` come before `expires`",
        )

    def _over_before(self) -> Iterator[Finding]:
        escalate = self.policy.escalate
        for other in self.others:
            if escalate and escalate.after >= other.expires:
                yield self.file.at_value(
                    (*self.trail, "escalate", "after"),
                    f"where policy `{other.name}` has a say too, the request is over by then",
                    "Let `escalate` come before the `expires` of both",
                )


def _most(*roles: RoleEntry | None) -> int | None:
    """Return how many people roles can have; None where only Slack or Databricks know."""
    people: set[str] = set()
    for role in roles:
        if role is None or role.slack_groups or role.databricks_groups:
            return None
        people.update(role.slack_users, role.emails)
    return len(people)
