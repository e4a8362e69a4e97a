from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.conditions import WARNED, Condition
from bot.domain.evidence import PolicyFacts
from bot.domain.names import RoleName
from bot.domain.policy import ChangeKind, FirstRelease, OutcomeKind, Policy, Severity
from bot.domain.terms import AgreementTerms, Insisted, ReasonFrom
from bot.domain.verdict import Verdict, VerdictKind, judge
from tests.builders import (
    LEADS,
    make_facts,
    make_policy,
    make_requirement,
    make_version,
    make_version_evidence,
)
from tests.unit.domain.checks import Broken, Scripted

RISK = RoleName("risk")
NOBODY: frozenset[RoleName] = frozenset()
UNMET = [OutcomeKind.FAILED, OutcomeKind.MISSING, OutcomeKind.ERRORED]
FIRST = make_facts(current=None)
FEW = settings(max_examples=30)
"""Policies take long to draw."""

checks = st.builds(
    Scripted,
    kind=st.sampled_from(OutcomeKind),
    severity=st.sampled_from(Severity),
    id=st.sampled_from(["auc", "recall", "tests"]),
)
requirements = st.builds(
    make_requirement,
    st.sampled_from([LEADS, RISK]),
    st.integers(min_value=1, max_value=3),
    unless_asked_by=st.frozensets(st.sampled_from([LEADS, RISK])),
)
policy_lists = st.lists(
    st.builds(
        make_policy,
        st.sampled_from(["one", "two", "three"]),
        checks=st.lists(checks, max_size=3).map(tuple),
        approvals=st.lists(requirements, max_size=2).map(tuple),
        first_release=st.sampled_from(FirstRelease),
        rejections=st.integers(min_value=1, max_value=3),
        expires_after=st.integers(min_value=1, max_value=48).map(lambda h: timedelta(hours=h)),
    ),
    max_size=3,
)
facts_ = st.sampled_from([make_facts(), FIRST])
askers = st.frozensets(st.sampled_from([LEADS, RISK]))


def judged(
    *policies: Policy,
    kind: ChangeKind = ChangeKind.PROMOTE,
    facts: PolicyFacts | None = None,
    asked_by: frozenset[RoleName] = NOBODY,
) -> Verdict:
    return judge(kind, policies, facts or make_facts(), asked_by)


def with_checks(*scripted: Scripted | Broken, approved: bool = False) -> Policy:
    approvals = (make_requirement(),) if approved else ()
    return make_policy(checks=scripted, approvals=approvals)


def strictness(verdict: Verdict) -> int:
    order = [VerdictKind.ALLOWED, VerdictKind.NEEDS_APPROVAL, VerdictKind.DENIED]
    return order.index(verdict.kind)


def test_passed_checks_without_requirements_allow() -> None:
    verdict = judged(with_checks(Scripted()))
    assert verdict.kind is VerdictKind.ALLOWED
    assert verdict.reasons == ()


def test_passed_checks_with_requirements_need_approval() -> None:
    verdict = judged(with_checks(Scripted(), approved=True))
    assert verdict.kind is VerdictKind.NEEDS_APPROVAL
    assert verdict.requirements == (make_requirement(),)


@pytest.mark.parametrize("kind", ChangeKind)
def test_no_policy_denies(kind: ChangeKind) -> None:
    verdict = judged(kind=kind)
    assert verdict.kind is VerdictKind.DENIED
    assert verdict.reasons == ("no policy covers this change of prod.fraud.scorer to champion",)


def test_promotion_without_any_check_is_denied() -> None:
    verdict = judged(with_checks(approved=True))
    assert verdict.kind is VerdictKind.DENIED
    assert verdict.reasons == ("no check passed: a promotion needs evidence",)


@pytest.mark.parametrize("kind", [OutcomeKind.SKIPPED, OutcomeKind.EXEMPT])
def test_promotion_of_which_nothing_passed_is_denied(kind: OutcomeKind) -> None:
    assert judged(with_checks(Scripted(kind=kind), approved=True)).kind is VerdictKind.DENIED


def test_rollback_needs_no_checks() -> None:
    assert judged(with_checks(), kind=ChangeKind.ROLL_BACK).kind is VerdictKind.ALLOWED


@pytest.mark.parametrize("kind", UNMET)
@pytest.mark.parametrize("change", ChangeKind)
def test_unmet_enforced_check_denies(kind: OutcomeKind, change: ChangeKind) -> None:
    policy = with_checks(Scripted(), Scripted(id="recall", kind=kind), approved=True)
    verdict = judged(policy, kind=change)
    assert verdict.kind is VerdictKind.DENIED
    assert [outcome.check for outcome in verdict.blocking] == ["recall"]


@pytest.mark.parametrize("severity", [Severity.WARN, Severity.AUDIT])
@pytest.mark.parametrize("kind", [*UNMET, OutcomeKind.INCONCLUSIVE])
@pytest.mark.parametrize("approved", [True, False])
def test_check_that_is_not_enforced_changes_no_verdict(
    kind: OutcomeKind, severity: Severity, *, approved: bool
) -> None:
    unmet = Scripted(id="recall", kind=kind, severity=severity)
    with_it = judged(with_checks(Scripted(), unmet, approved=approved))
    assert with_it.kind is judged(with_checks(Scripted(), approved=approved)).kind
    assert with_it.blocking == ()


def test_warnings_are_what_people_should_read() -> None:
    policy = with_checks(
        Scripted(),
        Scripted(id="warned", kind=OutcomeKind.FAILED, severity=Severity.WARN),
        Scripted(id="audited", kind=OutcomeKind.FAILED, severity=Severity.AUDIT),
        Scripted(id="unsure", kind=OutcomeKind.INCONCLUSIVE),
        Scripted(id="exempted", kind=OutcomeKind.EXEMPT),
        Scripted(id="skipped", kind=OutcomeKind.SKIPPED),
        approved=True,
    )
    warned = [outcome.check for outcome in judged(policy).warnings]
    assert warned == ["warned", "unsure", "exempted"]


def test_inconclusive_check_needs_approval() -> None:
    unsure = Scripted(id="recall", kind=OutcomeKind.INCONCLUSIVE)
    verdict = judged(with_checks(Scripted(), unsure, approved=True))
    assert verdict.kind is VerdictKind.NEEDS_APPROVAL
    assert verdict.reasons == ("recall is inconclusive, so people decide",)


def test_inconclusive_check_that_nobody_may_settle_denies() -> None:
    verdict = judged(with_checks(Scripted(), Scripted(id="recall", kind=OutcomeKind.INCONCLUSIVE)))
    assert verdict.kind is VerdictKind.DENIED
    assert verdict.reasons == (
        "recall is inconclusive, so people decide, and no policy names who may approve",
    )


def test_broken_enforced_check_denies_and_says_so() -> None:
    verdict = judged(with_checks(Scripted(), Broken(), approved=True))
    assert verdict.kind is VerdictKind.DENIED
    (broken,) = verdict.blocking
    assert broken.kind is OutcomeKind.ERRORED
    assert (broken.check, broken.policy) == ("broken", "champion")
    assert broken.message == "the check broke (ZeroDivisionError)"


def test_broken_check_that_only_warns_does_not_deny() -> None:
    verdict = judged(with_checks(Scripted(), Broken(severity=Severity.WARN)))
    assert verdict.kind is VerdictKind.ALLOWED
    assert [outcome.kind for outcome in verdict.warnings] == [OutcomeKind.ERRORED]


def test_every_outcome_of_every_policy_is_shown() -> None:
    one = make_policy("one", checks=(Scripted(kind=OutcomeKind.FAILED), Scripted(id="recall")))
    two = make_policy("two", checks=(Scripted(id="tests", policy="two"),))
    verdict = judged(one, two)
    assert [outcome.check for outcome in verdict.outcomes] == ["auc", "recall", "tests"]
    assert verdict.policies == ("one", "two")


def test_first_release_is_decided_by_people() -> None:
    verdict = judged(with_checks(Scripted(), approved=True), facts=FIRST)
    assert verdict.kind is VerdictKind.NEEDS_APPROVAL
    assert verdict.reasons == ("this is the first release, so people decide",)


def test_first_release_that_nobody_may_approve_is_denied() -> None:
    assert judged(with_checks(Scripted()), facts=FIRST).kind is VerdictKind.DENIED


def test_policies_may_let_first_releases_pass() -> None:
    policy = replace(with_checks(Scripted()), first_release=FirstRelease.ALLOW)
    assert judged(policy, facts=FIRST).kind is VerdictKind.ALLOWED


def test_one_policy_that_asks_people_about_first_releases_is_enough() -> None:
    easy = replace(with_checks(Scripted()), name="easy", first_release=FirstRelease.ALLOW)
    verdict = judged(easy, with_checks(Scripted()), facts=FIRST)
    assert verdict.kind is VerdictKind.DENIED


def test_policy_may_deny_first_releases() -> None:
    policy = replace(with_checks(Scripted(), approved=True), first_release=FirstRelease.DENY)
    verdict = judged(policy, facts=FIRST)
    assert verdict.kind is VerdictKind.DENIED
    assert verdict.reasons == ("policy champion allows no first release",)
    assert judged(policy).kind is VerdictKind.NEEDS_APPROVAL


def test_denying_one_of_two_policies_denies_a_first_release() -> None:
    strict = replace(with_checks(Scripted()), name="strict", first_release=FirstRelease.DENY)
    verdict = judged(with_checks(Scripted(), approved=True), strict, facts=FIRST)
    assert verdict.reasons == ("policy strict allows no first release",)


def test_requirement_falls_away_when_one_of_its_roles_asks() -> None:
    lighter = make_requirement(unless_asked_by=frozenset({LEADS}))
    policy = make_policy(checks=(Scripted(),), approvals=(lighter,))
    assert judged(policy, asked_by=frozenset({LEADS})).kind is VerdictKind.ALLOWED
    assert judged(policy, asked_by=frozenset({RISK})).kind is VerdictKind.NEEDS_APPROVAL


@pytest.mark.parametrize("facts", [make_facts(), FIRST])
def test_requirement_stays_when_people_have_to_decide(facts: PolicyFacts) -> None:
    lighter = make_requirement(unless_asked_by=frozenset({LEADS}))
    unsure = Scripted(id="recall", kind=OutcomeKind.INCONCLUSIVE)
    policy = make_policy(checks=(Scripted(), unsure), approvals=(lighter,))
    verdict = judged(policy, facts=facts, asked_by=frozenset({LEADS}))
    assert verdict.kind is VerdictKind.NEEDS_APPROVAL
    assert verdict.requirements == (lighter,)


def test_highest_count_of_a_role_holds() -> None:
    policies = [
        make_policy(name, checks=(Scripted(),), approvals=(make_requirement(count=count),))
        for name, count in [("one", 1), ("three", 3), ("two", 2)]
    ]
    assert judged(*policies).requirements == (make_requirement(count=3),)


def test_requirements_of_different_roles_add_up() -> None:
    one = make_policy("one", checks=(Scripted(),))
    two = make_policy("two", approvals=(make_requirement(RISK),))
    assert judged(one, two).requirements == (make_requirement(), make_requirement(RISK))


def test_fewest_rejections_and_shortest_wait_hold() -> None:
    patient = make_policy("patient", rejections=4, expires_after=timedelta(hours=48))
    strict = make_policy("strict", rejections=3, expires_after=timedelta(hours=8))
    verdict = judged(patient, strict)
    assert (verdict.rejections, verdict.expires_after) == (3, timedelta(hours=8))


@FEW
@given(st.sampled_from(ChangeKind), policy_lists, facts_, askers, st.data())
def test_one_more_policy_never_makes_a_change_easier(
    kind: ChangeKind,
    policies: Sequence[Policy],
    facts: PolicyFacts,
    asked_by: frozenset[RoleName],
    data: st.DataObject,
) -> None:
    basis = make_policy("basis", checks=(Scripted(),))
    more = data.draw(policy_lists.filter(bool))
    before = judge(kind, (basis, *policies), facts, asked_by)
    after = judge(kind, (basis, *policies, *more), facts, asked_by)
    assert strictness(after) >= strictness(before)
    assert after.rejections <= before.rejections
    assert after.expires_after <= before.expires_after


@FEW
@given(st.sampled_from(ChangeKind), policy_lists, facts_, askers)
def test_enforced_unmet_check_always_denies(
    kind: ChangeKind, policies: Sequence[Policy], facts: PolicyFacts, asked_by: frozenset[RoleName]
) -> None:
    verdict = judge(kind, tuple(policies), facts, asked_by)
    if any(o.severity is Severity.ENFORCE and o.kind in UNMET for o in verdict.outcomes):
        assert verdict.kind is VerdictKind.DENIED


@FEW
@given(st.sampled_from(ChangeKind), policy_lists, facts_, askers)
def test_denial_always_has_a_reason_to_show(
    kind: ChangeKind, policies: Sequence[Policy], facts: PolicyFacts, asked_by: frozenset[RoleName]
) -> None:
    verdict = judge(kind, tuple(policies), facts, asked_by)
    if verdict.kind is VerdictKind.DENIED:
        assert verdict.blocking or verdict.reasons
    else:
        assert not verdict.blocking


@FEW
@given(policy_lists, facts_, askers)
def test_promotion_that_is_not_denied_has_passed_something(
    policies: Sequence[Policy], facts: PolicyFacts, asked_by: frozenset[RoleName]
) -> None:
    verdict = judge(ChangeKind.PROMOTE, tuple(policies), facts, asked_by)
    if verdict.kind is not VerdictKind.DENIED:
        assert any(outcome.kind is OutcomeKind.PASSED for outcome in verdict.outcomes)


@FEW
@given(st.sampled_from(ChangeKind), policy_lists, facts_, askers)
def test_people_are_asked_exactly_when_approval_is_needed(
    kind: ChangeKind, policies: Sequence[Policy], facts: PolicyFacts, asked_by: frozenset[RoleName]
) -> None:
    verdict = judge(kind, tuple(policies), facts, asked_by)
    if verdict.kind is not VerdictKind.DENIED:
        assert bool(verdict.requirements) is (verdict.kind is VerdictKind.NEEDS_APPROVAL)
    roles = [requirement.role for requirement in verdict.requirements]
    assert len(roles) == len(set(roles))


HIGH = make_requirement(RISK, when=Condition(tags=(("risk", "high"),)))
DOUBTFUL = make_requirement(
    RISK, when=Condition(outcomes=(("recall", frozenset({WARNED, "failed"})),))
)


def with_tag(value: str, key: str = "risk") -> PolicyFacts:
    return make_facts(
        candidate=replace(make_version_evidence(), version=make_version(tags={key: value}))
    )


def test_a_conditional_requirement_holds_when_its_tag_fits() -> None:
    policy = make_policy(checks=(Scripted(),), approvals=(make_requirement(), HIGH))
    assert judged(policy, facts=with_tag("high")).requirements == (make_requirement(), HIGH)
    assert judged(policy, facts=with_tag("low")).requirements == (make_requirement(),)


def test_a_tag_that_herald_writes_brings_no_requirement_about() -> None:
    own = make_requirement(when=Condition(tags=(("herald.request", ".+"),)))
    policy = make_policy(checks=(Scripted(),), approvals=(own,))
    assert judged(policy, facts=with_tag("CR-1", "herald.request")).requirements == ()


@pytest.mark.parametrize(
    ("kind", "asked"),
    [(OutcomeKind.PASSED, False), (OutcomeKind.FAILED, True), (OutcomeKind.MISSING, True)],
)
def test_a_conditional_requirement_holds_when_its_rule_came_out_so(
    kind: OutcomeKind, *, asked: bool
) -> None:
    doubtful = Scripted(id="recall", kind=kind, severity=Severity.WARN)
    policy = make_policy(checks=(Scripted(), doubtful), approvals=(DOUBTFUL,))
    assert bool(judged(policy).requirements) is asked


def test_a_rule_of_another_policy_brings_no_requirement_about() -> None:
    doubtful = Scripted(id="recall", kind=OutcomeKind.FAILED, severity=Severity.WARN)
    other = make_policy("other", checks=(replace(doubtful, policy="other"),), approvals=())
    policy = make_policy(checks=(Scripted(),), approvals=(DOUBTFUL,))
    assert judged(other, policy).requirements == ()


LENIENT = AgreementTerms(four_eyes=False, reasons=frozenset({ReasonFrom.REQUESTER}))


def test_terms_are_the_strictest_of_the_policies_that_ask_people() -> None:
    lenient = make_policy("lenient", checks=(Scripted(),), terms=LENIENT)
    silent = make_policy("silent", approvals=())
    assert judged(lenient, silent).terms == LENIENT
    assert judged(lenient, make_policy("strict")).terms.four_eyes
    assert judged(make_policy("silent", approvals=(), terms=LENIENT)).terms.four_eyes


@pytest.mark.parametrize(
    ("term", "four_eyes", "distinct"),
    [(Insisted.FOUR_EYES, True, False), (Insisted.DISTINCT, False, True)],
)
def test_what_a_policy_insists_on_holds_though_it_asks_nobody(
    term: Insisted,
    four_eyes: bool,  # noqa: FBT001 - a parameter
    distinct: bool,  # noqa: FBT001 - a parameter
) -> None:
    lax = replace(LENIENT, distinct=False)
    lenient = make_policy("lenient", checks=(Scripted(),), terms=lax)
    firm = make_policy("firm", approvals=(), insists=frozenset({term}))
    terms = judged(lenient, firm).terms
    assert (terms.four_eyes, terms.distinct) == (four_eyes, distinct)


def test_a_policy_that_asks_nobody_may_still_ask_for_a_reason() -> None:
    silent = make_policy("silent", approvals=(), terms=LENIENT)
    assert judged(silent, make_policy()).terms.reasons == {ReasonFrom.REQUESTER}


def test_every_reason_of_a_denial_is_told() -> None:
    verdict = judged(with_checks(), facts=FIRST)
    assert verdict.reasons == (
        "no check passed: a promotion needs evidence",
        "this is the first release, so people decide, and no policy names who may approve",
    )


def test_without_a_policy_the_usual_times_and_counts_hold() -> None:
    verdict = judged()
    assert (verdict.rejections, verdict.expires_after) == (1, timedelta(hours=24))


def test_broken_check_says_whom_to_tell() -> None:
    (outcome,) = judged(with_checks(Broken())).outcomes
    assert outcome.remedy == "report this to whoever runs Herald"


def test_of_two_that_ask_for_as_many_people_the_first_is_shown() -> None:
    first = make_requirement(unless_asked_by=frozenset({RISK}))
    policies = [
        make_policy(name, checks=(Scripted(),), approvals=(requirement,))
        for name, requirement in (("one", first), ("two", make_requirement()))
    ]
    assert judged(*policies).requirements == (first,)
