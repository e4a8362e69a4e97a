"""What several policies ask of people together, once it is known how their rules came out."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.domain.conditions import WARNED
from bot.domain.evidence import PolicyFacts, is_own_tag
from bot.domain.names import RoleName
from bot.domain.policy import ApprovalRequirement, CheckOutcome, Policy
from bot.domain.terms import AgreementTerms, Insisted, strictest


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A policy that asks people, and what it asks of them here."""

    policy: Policy
    requirements: tuple[ApprovalRequirement, ...]


def asking(
    policies: Collection[Policy],
    facts: PolicyFacts,
    outcomes: Collection[CheckOutcome],
    asked_by: frozenset[RoleName],
) -> tuple[Asking, ...]:
    """Return the policies that ask something of people now.

    Tags that Herald writes itself count for nothing: they are no evidence.
    """
    tags = {k: v for k, v in facts.candidate.version.tags.items() if not is_own_tag(k)}
    found = []
    for policy in policies:
        words = {o.check: _words(o) for o in outcomes if o.policy == policy.name}
        asked = tuple(
            requirement
            for requirement in policy.approvals
            if not requirement.unless_asked_by & asked_by
            and (requirement.when is None or requirement.when.holds(tags, words))
        )
        found.append(Asking(policy=policy, requirements=asked))
    return tuple(each for each in found if each.requirements)


def strictest_of(asked: Collection[Asking]) -> tuple[ApprovalRequirement, ...]:
    """Return one requirement for each role: the one that asks for most people."""
    kept: dict[RoleName, ApprovalRequirement] = {}
    for requirement in (r for each in asked for r in each.requirements):
        known = kept.get(requirement.role)
        if known is None or requirement.count > known.count:
            kept[requirement.role] = requirement
    return tuple(kept.values())


def terms_of(policies: Collection[Policy], asked: Collection[Asking]) -> AgreementTerms:
    """Return the strictest terms of those who ask people.

    Reasons are everybody's to ask for, and so is what a policy insists on.
    """
    terms = strictest([each.policy.terms for each in asked])
    every = strictest([policy.terms for policy in policies])
    insisted = frozenset[Insisted]().union(*(policy.insists for policy in policies))
    return replace(
        terms,
        four_eyes=terms.four_eyes or Insisted.FOUR_EYES in insisted,
        distinct=terms.distinct or Insisted.DISTINCT in insisted,
        reasons=every.reasons,
    )


def _words(outcome: CheckOutcome) -> frozenset[str]:
    return frozenset({outcome.kind.value, *([WARNED] if outcome.warns else [])})
