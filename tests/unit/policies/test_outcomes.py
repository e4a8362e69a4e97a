"""What every rule's outcome says, and what several parts of one rule come to."""

from datetime import timedelta

import pytest

from bot.domain.policy import CheckOutcome, OutcomeKind, Severity
from policies.found import Found, together
from policies.rule import Rule

RULE = Rule(id="size", policy="baseline", severity=Severity.WARN)


def test_outcome_says_whose_it_is_and_nothing_that_nobody_said() -> None:
    assert RULE.outcome(OutcomeKind.PASSED, "well") == CheckOutcome(
        check="size",
        policy="baseline",
        severity=Severity.WARN,
        kind=OutcomeKind.PASSED,
        message="well",
        observed="",
        expected="",
        remedy="",
        unit="",
        source="",
        age=None,
    )


def test_outcome_says_all_that_it_is_given() -> None:
    said = {"observed": "5 kg", "expected": "≤ 4", "remedy": "cut", "unit": "kg", "source": "run 1"}
    outcome = RULE.outcome(OutcomeKind.FAILED, "too much", age=timedelta(hours=1), **said)
    assert {name: getattr(outcome, name) for name in said} == said
    assert (outcome.kind, outcome.message, outcome.age) == (
        OutcomeKind.FAILED,
        "too much",
        timedelta(hours=1),
    )


def part(kind: OutcomeKind, name: str) -> Found:
    return Found(kind=kind, text=name, observed=f"is {name}", expected="all", remedy=f"do {name}")


GRAVEST_FIRST = [
    OutcomeKind.FAILED,
    OutcomeKind.ERRORED,
    OutcomeKind.MISSING,
    OutcomeKind.INCONCLUSIVE,
    OutcomeKind.PASSED,
]


@pytest.mark.parametrize("number", range(4))
def test_gravest_part_decides_wherever_it_stands(number: int) -> None:
    grave, light = (part(kind, kind) for kind in GRAVEST_FIRST[number : number + 2])
    assert together(RULE, [light, grave]).kind is together(RULE, [grave, light]).kind is grave.kind


def test_unmet_parts_are_told_and_each_thing_once() -> None:
    parts = [
        part(OutcomeKind.PASSED, "a"),
        part(OutcomeKind.MISSING, "b"),
        part(OutcomeKind.FAILED, "c"),
        Found(kind=OutcomeKind.MISSING, text="d"),
    ]
    outcome = together(RULE, parts, source="here")
    assert (outcome.message, outcome.observed) == ("b; c; d", "is b; is c")
    assert (outcome.expected, outcome.remedy, outcome.source) == ("all", "do b; do c", "here")


def test_parts_that_are_met_are_told_when_all_are() -> None:
    outcome = together(RULE, [part(OutcomeKind.PASSED, "a"), part(OutcomeKind.PASSED, "b")])
    assert (outcome.message, outcome.source) == ("a; b", "")
