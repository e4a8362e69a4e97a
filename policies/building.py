"""From checked policy files to the policies that decide."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.domain.canonical import canonical_json
from bot.domain.metrics import MetricDefinition
from bot.domain.names import AliasName, RoleName
from bot.domain.policy import (
    ApprovalRequirement,
    ChangeKind,
    Policy,
    PolicyCheck,
    PolicySet,
)
from policies.conditional import check_of
from policies.entries import Catalogue, RulePlace
from policies.exemptions import exemptions_of
from policies.schema import (
    MetricEntry,
    PolicyEntry,
    PolicyFile,
)

_KINDS = {"promote": ChangeKind.PROMOTE, "rollback": ChangeKind.ROLL_BACK}


def build(files: Iterable[PolicyFile], source: str, environment: str) -> PolicySet:
    """Return what the files say together.

    Args:
        files: Files that were checked: everything that they refer to is there.
        source: Where they were read from, for people.
        environment: Where they are to decide.
    """
    files = tuple(files)
    catalogue = {name: _metric(name, m) for file in files for name, m in file.metrics.items()}
    exempted = [entry for file in files for entry in file.exemptions]
    return PolicySet(
        policies=tuple(
            replace(_policy(entry, catalogue), exemptions=exemptions_of(entry.name, exempted))
            for file in files
            for entry in file.policies
        ),
        roles={RoleName(name): r.members() for file in files for name, r in file.roles.items()},
        may={RoleName(r): frozenset(acts) for file in files for r, acts in file.may.items()},
        metrics=catalogue,
        source=source,
        environment=environment,
    )


def _metric(name: str, entry: MetricEntry) -> MetricDefinition:
    return MetricDefinition(
        name=name,
        direction=entry.direction,
        unit=entry.unit,
        aliases=tuple(sorted(set(entry.aliases))),
    )


def _policy(entry: PolicyEntry, catalogue: Catalogue) -> Policy:
    place = RulePlace(policy=entry.name, severity=entry.severity, catalogue=catalogue)
    checks = {rule.id: check_of(rule, place) for rule in entry.rules}
    approvals = tuple(each.requirement() for each in entry.approvals)
    return Policy(
        name=entry.name,
        description=entry.description,
        kinds=frozenset(_KINDS[change] for change in entry.changes),
        models=tuple(entry.match.models),
        exclude=tuple(entry.match.exclude),
        aliases=frozenset(map(AliasName, entry.match.aliases)),
        environments=frozenset(entry.match.environments),
        checks=tuple(checks.values()),
        approvals=approvals,
        first_release=entry.first_release,
        rejections=entry.rejections,
        expires_after=entry.expires,
        freezes=tuple(each.window() for each in entry.freeze),
        terms=entry.terms(),
        insists=entry.insists(),
        automatic=entry.auto.automatic() if entry.auto else None,
        content=_content(entry, checks, approvals),
    )


def _content(
    entry: PolicyEntry,
    checks: Mapping[str, PolicyCheck],
    approvals: tuple[ApprovalRequirement, ...],
) -> str:
    """Return the policy as one text, in which everything that means something shows, and no more.

    Comments, notation and the order of rules do not show; the definitions of the metrics used, the
    kinds of rules and all defaults do.
    """
    return canonical_json(
        {
            "name": entry.name,
            "description": entry.description,
            "changes": frozenset(entry.changes),
            "models": frozenset(entry.match.models),
            "exclude": frozenset(entry.match.exclude),
            "aliases": frozenset(entry.match.aliases),
            "environments": frozenset(entry.match.environments),
            "rules": {
                rule.id: {"type": rule.type, "check": _said(checks[rule.id])}
                for rule in entry.rules
            },
            "approvals": sorted(map(canonical_json, approvals)),
            "first_release": entry.first_release,
            "rejections": entry.rejections,
            "expires": entry.expires,
            **_freezes(entry),
            **({"auto": entry.auto.automatic()} if entry.auto else {}),
            "terms": entry.terms(),
            **({"insists": entry.insists()} if entry.insists() else {}),
        }
    )


def _said(check: PolicyCheck) -> dict[str, Any]:
    """Return what a rule says; without an address it is the text it was before there were some."""
    said: dict[str, Any] = json.loads(canonical_json(check))
    within = {"check": _without_address(said["check"])} if "check" in said else {}
    return _without_address(said | within)


def _without_address(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if (name, value) != ("docs", "")}


def _freezes(entry: PolicyEntry) -> dict[str, object]:
    """Return the freeze windows; a policy without any is the text it was before there were some."""
    windows = sorted(canonical_json(each.content()) for each in entry.freeze)
    return {"freeze": windows} if windows else {}
