"""What is missing, no number, stale, foreign or unreadable never passes an enforced rule."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.policy import ChangeKind, OutcomeKind, PolicyCheck
from bot.domain.verdict import VerdictKind, judge
from policies.schema import AnyRule
from tests.builders import make_policy, make_requirement
from tests.properties.sound import RULES, SOUND, check_of, checks, has_passed, kind_of
from tests.properties.spoils import ODD_NUMBERS, SPOILS, spoils_of

SPOILT = sorted((kind, spoil) for kind in RULES for spoil in spoils_of(kind))
odd_numbers = st.sampled_from(ODD_NUMBERS)
some = settings(max_examples=max(15, settings().max_examples // 6))
"""For each kind there is."""


def test_every_kind_of_rule_is_tried() -> None:
    union, _ = get_args(AnyRule)
    kinds = [get_args(kind.model_fields["type"].annotation) for kind in get_args(union)]
    assert {kind_of(name) for name in RULES} == {kind for (kind,) in kinds}


@pytest.mark.parametrize("kind", RULES)
@some
@given(data=st.data())
def test_sound_evidence_passes(kind: str, data: st.DataObject) -> None:
    check = data.draw(checks(kind))
    assert has_passed(check, SOUND), check.evaluate(SOUND)


@pytest.mark.parametrize(("kind", "spoil"), SPOILT)
@some
@given(data=st.data(), odd=odd_numbers)
def test_spoilt_evidence_never_passes(kind: str, spoil: str, data: st.DataObject, odd: Any) -> None:
    check = data.draw(checks(kind))
    outcome = check.evaluate(SPOILS[spoil](SOUND, odd))
    assert outcome.kind is not OutcomeKind.PASSED
    assert outcome.message


@pytest.mark.parametrize(("kind", "spoil"), SPOILT)
@some
@given(others=st.lists(checks(), max_size=3), data=st.data(), odd=odd_numbers)
def test_one_enforced_rule_on_spoilt_evidence_denies_beside_any_others(
    kind: str, spoil: str, others: list[PolicyCheck], data: st.DataObject, odd: Any
) -> None:
    found = data.draw(st.permutations([*others, data.draw(checks(kind))]))
    change = data.draw(st.sampled_from(ChangeKind))
    approvals = (make_requirement(),) if data.draw(st.booleans()) else ()
    policy = make_policy(checks=tuple(found), approvals=approvals)
    verdict = judge(change, (policy,), SPOILS[spoil](SOUND, odd), frozenset())
    assert verdict.kind is VerdictKind.DENIED
    assert verdict.blocking


@some
@given(check=checks(), facts=st.sampled_from(sorted(SPOILS)), odd=odd_numbers, data=st.data())
def test_no_check_breaks_on_any_evidence(
    check: PolicyCheck, facts: str, odd: Any, data: st.DataObject
) -> None:
    spoilt = SPOILS[facts](SOUND, odd)
    spoilt = SPOILS[data.draw(st.sampled_from(sorted(SPOILS)))](spoilt, odd)
    outcome = check.evaluate(spoilt)
    assert (outcome.check, outcome.severity) == (check.id, check.severity)
    assert check.evaluate(spoilt) == outcome


@some
@given(days=st.integers(15, 5000), required=st.sampled_from(["unit", "load"]))
def test_tests_older_than_allowed_never_pass(days: int, required: str) -> None:
    check = check_of("tests", {"required": [required], "max_age": "14d"})
    later = SOUND.evaluated_at + timedelta(days=days)
    assert not has_passed(check, replace(SOUND, evaluated_at=later))
