"""An exemption lifts one rule for some models until it is over, and says so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.domain.exemptions import Exemption, approvers_of, longest
from bot.domain.names import ModelName, SlackUserId
from bot.domain.policy import ChangeKind, CheckOutcome, OutcomeKind, Severity
from bot.domain.verdict import Verdict, VerdictKind, judge, lapsed
from tests.builders import LEAD, NOW, REQUESTER, make_facts, make_policy
from tests.unit.domain.checks import Broken, Scripted

LATER = NOW + timedelta(days=1)


def exemption(**fields: Any) -> Exemption:
    built = Exemption(
        policy="champion",
        rules=frozenset({"soak", "broken"}),
        models=("prod.fraud.*",),
        reason="INC-4411",
        requested_by=REQUESTER,
        approved_by=(LEAD, SlackUserId("U0RISK")),
        expires_at=LATER,
    )
    return replace(built, **fields)


def judged(
    *checks: Scripted | Broken,
    lifted: tuple[Exemption, ...] = (exemption(),),
    own: tuple[SlackUserId, ...] = (),
) -> Verdict:
    policy = make_policy(checks=checks, approvals=(), exemptions=lifted)
    return judge(ChangeKind.PROMOTE, (policy,), make_facts(), frozenset(), frozenset(own))


def soak(kind: OutcomeKind, severity: Severity = Severity.ENFORCE) -> Scripted:
    return Scripted(id="soak", kind=kind, severity=severity)


def lifted_outcome(verdict: Verdict) -> CheckOutcome:
    return verdict.outcomes[-1]


@pytest.mark.parametrize(
    "kind",
    [OutcomeKind.FAILED, OutcomeKind.MISSING, OutcomeKind.ERRORED, OutcomeKind.INCONCLUSIVE],
)
def test_exempted_rule_neither_denies_nor_asks_people(kind: OutcomeKind) -> None:
    verdict = judged(Scripted(), soak(kind))
    assert verdict.kind is VerdictKind.ALLOWED
    assert lifted_outcome(verdict).kind is OutcomeKind.EXEMPT


def test_exempted_outcome_keeps_what_was_found_and_tells_why() -> None:
    outcome = lifted_outcome(judged(Scripted(), soak(OutcomeKind.FAILED)))
    assert outcome.message == f"seen at {NOW}"
    assert outcome.exempt_because == (
        "until 2026-03-03 09:30 UTC (INC-4411); "
        "asked for by U0REQUESTER, approved by U0MLLEAD, U0RISK"
    )


@pytest.mark.parametrize("kind", [OutcomeKind.PASSED, OutcomeKind.SKIPPED])
def test_rule_that_is_fine_needs_no_exemption(kind: OutcomeKind) -> None:
    outcome = lifted_outcome(judged(Scripted(), soak(kind)))
    assert (outcome.kind, outcome.exempt_because) == (kind, "")


def test_check_that_breaks_can_be_exempted() -> None:
    assert judged(Scripted(), Broken()).kind is VerdictKind.ALLOWED


@pytest.mark.parametrize(
    "useless",
    [
        exemption(expires_at=NOW),
        exemption(models=("prod.churn.*", "fraud")),
        exemption(rules=frozenset({"tests"})),
    ],
)
def test_exemption_that_is_over_or_about_something_else_does_nothing(useless: Exemption) -> None:
    verdict = judged(Scripted(), soak(OutcomeKind.FAILED), lifted=(useless,))
    assert verdict.kind is VerdictKind.DENIED
    assert lifted_outcome(verdict).kind is OutcomeKind.FAILED


def test_exemption_is_no_evidence() -> None:
    verdict = judged(soak(OutcomeKind.FAILED))
    assert verdict.kind is VerdictKind.DENIED
    assert verdict.reasons == ("no check passed: a promotion needs evidence",)


def test_exempted_outcome_is_shown_among_the_warnings() -> None:
    verdict = judged(Scripted(), soak(OutcomeKind.FAILED))
    assert [outcome.check for outcome in verdict.warnings] == ["soak"]


def test_of_several_exemptions_the_one_that_holds_longest_is_told() -> None:
    longer = exemption(expires_at=LATER + timedelta(days=1), reason="INC-1")
    for lifted in ((exemption(), longer), (longer, exemption())):
        assert longest(lifted) == longer


def test_of_no_exemptions_none_holds_longest() -> None:
    assert longest(()) is None


def test_exemption_that_nobody_but_the_requester_approved_does_not_count_for_him() -> None:
    own = exemption(approved_by=(LEAD,))
    verdict = judged(Scripted(), soak(OutcomeKind.FAILED), lifted=(own,), own=(LEAD, REQUESTER))
    assert verdict.kind is VerdictKind.DENIED
    outcome = lifted_outcome(verdict)
    assert (outcome.kind, outcome.exempt_because) == (OutcomeKind.FAILED, "")
    assert outcome.message == (
        f"seen at {NOW}; its exemption does not count: only the requester approved it"
    )


@pytest.mark.parametrize("accounts", [(REQUESTER,), ()])
def test_exemption_of_one_approver_counts_for_others(accounts: tuple[SlackUserId, ...]) -> None:
    own = exemption(approved_by=(LEAD,))
    verdict = judged(Scripted(), soak(OutcomeKind.FAILED), lifted=(own,), own=accounts)
    assert lifted_outcome(verdict).kind is OutcomeKind.EXEMPT


def test_exemption_that_another_approved_too_counts_for_its_approver() -> None:
    verdict = judged(Scripted(), soak(OutcomeKind.FAILED), own=(LEAD, REQUESTER))
    assert lifted_outcome(verdict).kind is OutcomeKind.EXEMPT


def test_of_two_exemptions_that_of_another_counts_though_it_ends_sooner() -> None:
    own = exemption(approved_by=(LEAD,), expires_at=LATER + timedelta(days=1), reason="own")
    lifted = (own, exemption())
    verdict = judged(Scripted(), soak(OutcomeKind.FAILED), lifted=lifted, own=(LEAD, REQUESTER))
    assert "INC-4411" in lifted_outcome(verdict).exempt_because


def test_moments_of_other_zones_are_told_in_utc() -> None:
    berlin = datetime(2026, 12, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    said = exemption(expires_at=berlin).told()
    assert said.startswith("until 2026-11-30 23:30 UTC (INC-4411)")
    assert exemption(expires_at=berlin.astimezone(UTC)).told() == said


@pytest.mark.usefixtures("machine_in_berlin")
def test_the_clock_of_the_machine_plays_no_part() -> None:
    assert exemption().told().startswith("until 2026-03-03 09:30 UTC ")


def lapsing(*lifted: Exemption, at: datetime = NOW, own: SlackUserId = REQUESTER) -> list[str]:
    """Return which rules of a verdict under one exemption are exempt no more."""
    then = judged(Scripted(), soak(OutcomeKind.FAILED))
    policy = make_policy(exemptions=lifted)
    return [o.check for o in lapsed(then, (policy,), make_facts().name, at, frozenset({own}))]


def test_an_exemption_that_holds_has_not_lapsed() -> None:
    assert lapsing(exemption(rules=frozenset({"other"})), exemption()) == []


@pytest.mark.parametrize(
    "lifted",
    [
        exemption(reason="INC-4412"),
        exemption(rules=frozenset({"broken"})),
        exemption(models=("dev.*",)),
    ],
)
def test_an_exemption_that_is_not_the_same_any_more_has_lapsed(lifted: Exemption) -> None:
    assert lapsing(lifted) == ["soak"]


def test_an_exemption_lapses_at_the_moment_at_which_it_is_over() -> None:
    assert lapsing(exemption(), at=LATER - timedelta(microseconds=1)) == []
    assert lapsing(exemption(), at=LATER) == ["soak"]


def test_an_exemption_lapses_once_only_the_requester_is_left_who_approved_it() -> None:
    alone = exemption(approved_by=(LEAD,))
    then = judged(Scripted(), soak(OutcomeKind.FAILED), lifted=(alone,))
    policy, model = make_policy(exemptions=(alone,)), make_facts().name
    assert lapsed(then, (policy,), model, NOW) == ()
    assert lapsed(then, (policy,), model, NOW, frozenset({LEAD}))


def test_all_who_approved_an_exemption_of_a_model_are_found_over_or_not() -> None:
    both = (exemption(), exemption(expires_at=NOW, approved_by=(REQUESTER,)))
    others = exemption(models=("prod.churn.*",), approved_by=(SlackUserId("U0OPS"),))
    found = approvers_of((*both, others), ModelName("prod.fraud.scorer"))
    assert found == {LEAD, "U0RISK", REQUESTER}
