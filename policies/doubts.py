"""What may be a slip in policy files that do what they say all the same."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from policies.agreement_doubts import agreement_doubts
from policies.approvals import RoleEntry
from policies.definitions import ParsedFile
from policies.findings import Finding


def doubts(files: Sequence[ParsedFile], now: datetime) -> Iterator[Finding]:
    """Yield a warning for what is over, and for exemptions approved by people without a role.

    And for whoever has to agree and hardly can, or is told when it is too late.
    Who is in a group only Slack or Databricks can tell: where a role has one, nobody is doubted.
    """
    known = _everybody([role for file in files for role in file.content.roles.values()])
    for file in files:
        found = [*_over(file, now), *agreement_doubts(file, files)]
        found += _without_role(file, known) if known else ()
        for finding in sorted(found, key=lambda each: each.place):
            yield replace(finding, is_warning=True)


def _everybody(roles: Iterable[RoleEntry]) -> frozenset[str]:
    """Return the ids of all who have a role; none when files alone cannot tell."""
    people: set[str] = set()
    for role in roles:
        if role.slack_groups or role.emails or role.databricks_groups:
            return frozenset()
        people.update(role.slack_users)
    return frozenset(people)


def _over(file: ParsedFile, now: datetime) -> Iterator[Finding]:
    for number, entry in enumerate(file.content.exemptions):
        if entry.expires <= now:
            trail = ("exemptions", number, "expires")
            yield file.at_value(trail, "this exemption is over", "Remove it, or renew it")
    for number, policy in enumerate(file.content.policies):
        for index, freeze in enumerate(policy.freeze):
            if freeze.is_over(now):
                place = ("policies", number, "freeze", index, "to")
                yield file.at_value(place, "this freeze is over", "Remove it")
            elif freeze.is_empty(now):
                place = ("policies", number, "freeze", index, "ics")
                remedy = "Look whether the file is the right one, and whether its events end"
                yield file.at_value(place, "this calendar freezes nothing within a year", remedy)


def _without_role(file: ParsedFile, known: frozenset[str]) -> Iterator[Finding]:
    for number, entry in enumerate(file.content.exemptions):
        for index, user in enumerate(entry.approved_by):
            if user not in known:
                yield file.at_value(
                    ("exemptions", number, "approved_by", index),
                    f"`{user}` approved this exemption and has no role",
                    "Name somebody who has one, or give them one",
                )
