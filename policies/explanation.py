"""``herald policy explain``: which policies have a say in a change, why, and what they ask for."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.exemptions import Exemption
from bot.domain.freezing import FreezeWindow
from bot.domain.names import AliasName, ModelName
from bot.domain.people import Action
from bot.domain.policy import ApprovalRequirement, ChangeKind, Policy, PolicyCheck, PolicySet
from bot.domain.terms import AgreementTerms
from policies.conditional import ConditionalCheck
from policies.figures import how_long

AHEAD = timedelta(days=31)
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_ACTIONS = {ChangeKind.PROMOTE: Action.PROMOTE, ChangeKind.ROLL_BACK: Action.ROLL_BACK}
_WORDS = {ChangeKind.PROMOTE: "Promotion", ChangeKind.ROLL_BACK: "Rollback"}
_KINDS = {ChangeKind.PROMOTE: "promote", ChangeKind.ROLL_BACK: "rollback"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that somebody might ask for."""

    kind: ChangeKind
    model: ModelName
    alias: AliasName


def change_of(model: str, alias: str, *, is_rollback: bool) -> Change:
    """Return a change from what somebody typed."""
    kind = ChangeKind.ROLL_BACK if is_rollback else ChangeKind.PROMOTE
    return Change(kind=kind, model=ModelName(model), alias=AliasName(alias))


def explain(policies: PolicySet, change: Change, now: datetime) -> dict[str, Any]:
    """Return all that policies say of a change whatever its evidence, as a JSON object."""
    here = policies.environment
    reasons = [(policy, why_not(policy, change, here)) for policy in policies.policies]
    action = _ACTIONS[change.kind]
    return {
        "change": _KINDS[change.kind],
        "model": change.model,
        "alias": change.alias,
        "environment": here,
        "may_ask": sorted(role for role, actions in policies.may.items() if action in actions),
        "policies": [_said(policy, change, now) for policy, why in reasons if not why],
        "others": [{"policy": policy.name, "because": why} for policy, why in reasons if why],
    }


def why_not(policy: Policy, change: Change, environment: str) -> str:
    """Return why a policy has no say in a change; empty when it has one."""
    told = (
        (policy.is_for(environment), "it is for {}", policy.environments),
        (change.kind in policy.kinds, "it is about {}", {_KINDS[kind] for kind in policy.kinds}),
        (change.alias in policy.aliases, "it is about the alias {}", policy.aliases),
        (policy.matching_globs(change.model), "the model matches none of {}", policy.models),
        (
            policy.applies_to(change.kind, change.model, change.alias),
            "the model is excluded by {}",
            policy.exclude,
        ),
    )
    return next((words.format(", ".join(sorted(of))) for holds, words, of in told if not holds), "")


def _said(policy: Policy, change: Change, now: datetime) -> dict[str, Any]:
    content: Mapping[str, Any] = json.loads(policy.content)
    is_promotion = change.kind is ChangeKind.PROMOTE
    held = (e for e in policy.exemptions if e.expires_at > now)
    return {
        "policy": policy.name,
        "description": policy.description,
        "because": f"the model matches {', '.join(policy.matching_globs(change.model))}",
        "rules": [
            {
                "id": check.id,
                "type": content["rules"][check.id]["type"],
                "severity": check.severity.value,
                "asks": _asks(check, content["rules"][check.id]["check"]),
            }
            for check in policy.checks
        ],
        "approvals": [_approval(requirement) for requirement in policy.approvals],
        "agreement": _agreement(policy.terms) if policy.approvals else [],
        **_first_release(policy, change),
        "rejections": policy.rejections,
        "expires_h": _hours(policy.expires_after),
        "exemptions": [_exemption(e) for e in held if e.is_about(change.model)],
        **(_automatic(policy) if is_promotion else {}),
        "freezes": [_freeze(window, now) for window in policy.freezes if is_promotion],
    }


def _agreement(terms: AgreementTerms) -> list[str]:
    """Return on what terms people agree, in words."""
    return [
        "the requester never counts" if terms.four_eyes else "the requester counts too",
        f"a person fills one place in {'all' if terms.distinct else 'each role'}",
        *(f"the {who} has to say why" for who in sorted(terms.reasons)),
        f"who is missing is reminded after {how_long(terms.remind_after)}",
        *(f"{each.role} is told after {how_long(each.after)}" for each in terms.escalations),
    ]


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600


def _automatic(policy: Policy) -> dict[str, Any]:
    automatic = policy.automatic
    return {"auto": {"on": automatic.on, "per_day": automatic.per_day}} if automatic else {}


def _first_release(policy: Policy, change: Change) -> dict[str, str]:
    is_promotion = change.kind is ChangeKind.PROMOTE
    return {"first_release": policy.first_release.value} if is_promotion else {}


def _freeze(window: FreezeWindow, now: datetime) -> str:
    """Return whether a window freezes now, or when it does next, up to a month ahead."""
    try:
        span = next(iter(window.spans(now, now + AHEAD)), None)
    except Exception as error:  # noqa: BLE001 - as it decides: unreadable is frozen
        return f"{window.name}: now, until it can be read ({type(error).__name__})"
    if span is None:
        return f"{window.name}: not within {AHEAD.days} days"
    if span.holds(now):
        return f"{window.name}: now, until {_moment(span.ends_at)}"
    return f"{window.name}: next {_moment(span.begins_at)} to {_moment(span.ends_at)}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _asks(rule: PolicyCheck, check: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a rule was told, without what is said elsewhere and what is not set."""
    if isinstance(rule, ConditionalCheck):
        return {**_asks(rule.check, check["check"]), "applies_when": rule.condition.told()}
    elsewhere = {"id", "policy", "severity"}
    return {
        name: _duration(getattr(rule, name)) or _named(value)
        for name, value in check.items()
        if name not in elsewhere and value not in (None, [], {})
    }


def _duration(value: object) -> str:
    """Return a duration as policy files write it, in whole minutes at least; else nothing."""
    if not isinstance(value, timedelta):
        return ""
    whole = (f"{value // unit}{sign}" for sign, unit in _UNITS.items() if not value % unit)
    return next(whole)


def _named(value: Any) -> Any:
    """Return a metric by its name; everything else as it is."""
    if isinstance(value, list):
        return [_named(item) for item in value]
    if isinstance(value, dict):
        return value.get("name") or {k: v for k, v in value.items() if v is not None}
    return value


def _approval(requirement: ApprovalRequirement) -> str:
    unless = ", ".join(sorted(requirement.unless_asked_by))
    parts = (
        f"{requirement.count} of {requirement.role}",
        f"unless asked by {unless}" if unless else "",
        f"when {requirement.when.told()}" if requirement.when else "",
    )
    return ", ".join(part for part in parts if part)


def _exemption(exemption: Exemption) -> str:
    """Return an exemption, and for whom it does not count: others have to have approved it."""
    alone = set(exemption.approved_by)
    but = f"; it does not count when {alone.pop()} asks" if len(alone) == 1 else ""
    return f"{', '.join(sorted(exemption.rules))} {exemption.told()}{but}"


def explanation_lines(said: Mapping[str, Any]) -> Iterator[str]:
    """Yield what ``explain`` found as lines of text."""
    where = f" in {said['environment']}" if said["environment"] else ""
    change = _WORDS[next(kind for kind, word in _KINDS.items() if word == said["change"])]
    yield f"{change} of {said['model']} to {said['alias']}{where}"
    yield f"May ask: {', '.join(map(str, said['may_ask'])) or 'nobody'}"
    if not said["policies"]:
        yield "No policy has a say, so it is denied"
    for policy in said["policies"]:
        yield ""
        yield from _policy_lines(policy)
    if said["others"]:
        yield ""
    for other in said["others"]:
        yield f"{other['policy']} has no say: {other['because']}"


def _policy_lines(policy: Mapping[str, Any]) -> Iterator[str]:
    yield f"{policy['policy']} has a say: {policy['because']}"
    for rule in policy["rules"]:
        asks = " ".join(f"{name}={_shown(value)}" for name, value in rule["asks"].items())
        yield f"  {rule['severity']:8}{rule['id']}: {rule['type']} {asks}".rstrip()
    yield f"  approvals: {'; '.join(policy['approvals']) or 'none'}"
    if policy["agreement"]:
        yield f"  agreement: {'; '.join(policy['agreement'])}"
    if "first_release" in policy:
        yield f"  first release: {policy['first_release']}"
    if "auto" in policy:
        on, per_day = policy["auto"]["on"], policy["auto"]["per_day"]
        yield f"  proposed without a person when a version gets {on}, at most {per_day} a day"
    expires = how_long(timedelta(hours=policy["expires_h"]))
    yield f"  closed by {policy['rejections']} rejecting, and after {expires}"
    for exemption in policy["exemptions"]:
        yield f"  exempt: {exemption}"
    for freeze in policy["freezes"]:
        yield f"  freeze {freeze}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(
            ":".join(map(_shown, v)) if isinstance(v, list) else _shown(v) for v in value
        )
    if isinstance(value, float):
        return f"{value:.15g}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
