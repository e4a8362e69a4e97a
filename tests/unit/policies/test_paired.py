"""The check ``compare`` on paired evidence."""

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import Needs, VersionEvidence, file_part
from bot.domain.metrics import MetricDefinition, exact
from bot.domain.policy import CheckOutcome, FirstRelease, OutcomeKind
from policies.figures import shown
from policies.paired import Paired, PairedCheck
from policies.tolerance import Tolerance
from tests.builders import make_version
from tests.unit.policies.files import check_of, findings, with_rule
from tests.unit.policies.given import LATENCY, PRECISION, RULE, evidence, facts, unreadable

TABLE = "eval/answers.json"
PLACES = "{table: eval/answers.json, id: id, correct: ok}"


def check(
    metric: MetricDefinition = PRECISION, tolerance: str = "0.01", **fields: Any
) -> PairedCheck:
    limit = Tolerance(max_drop=Decimal(tolerance))
    paired = Paired(table=TABLE, key="id", column="ok", is_truth=metric is PRECISION)
    return PairedCheck(**RULE, metric=metric, tolerance=limit, paired=paired, **fields)


def table(answers: Sequence[object], start: int = 0) -> str:
    rows = [[number, answer] for number, answer in enumerate(answers, start)]
    return json.dumps({"columns": ["id", "ok"], "data": rows})


def having(number: int, text: str | None) -> VersionEvidence:
    return evidence(number, files={TABLE: text})


def outcome(
    old: Sequence[object], new: Sequence[object], judge: PairedCheck | None = None
) -> CheckOutcome:
    compared = facts(having(7, table(new)), having(6, table(old)))
    return (judge or check()).evaluate(compared)


def truths(same: int, lost: int, won: int) -> tuple[list[bool], list[bool]]:
    old = [True] * same + [True] * lost + [False] * won
    return old, [True] * same + [False] * lost + [True] * won


def test_version_that_is_surely_worse_fails_and_says_how_sure() -> None:
    said = outcome(*truths(1000, 80, 10))
    assert said.kind is OutcomeKind.FAILED
    assert said.message == (
        "precision on 1090 examples, worse on 80 and better on 10 (p 1.1e-14): "
        "loss 0.06422 (95 % interval 0.0457 to 0.08274), needs at most 0.01"
    )
    assert (said.observed, said.expected) == ("loss 0.06422", "loss of at most 0.01")
    assert said.remedy == "propose a version that is not worse"
    assert said.source == "run run-6, eval/answers.json and run run-7, eval/answers.json"
    assert (said.metric, said.unit) == ("precision", "ratio")


def test_version_that_is_surely_as_good_passes() -> None:
    said = outcome(*truths(5000, 10, 10))
    assert said.kind is OutcomeKind.PASSED
    assert said.remedy == ""


def test_interval_that_spans_the_tolerance_is_inconclusive() -> None:
    said = outcome(*truths(280, 12, 8))
    assert said.kind is OutcomeKind.INCONCLUSIVE
    assert said.remedy == "evaluate both versions on more examples, or let people decide"


def test_interval_alone_does_not_fail_what_mcnemar_calls_chance() -> None:
    # Its interval begins above the tolerance of 0; of 5 tosses all come out so by chance 1 in 16.
    said = outcome(*truths(1, 5, 0), check(tolerance="0"))
    assert "(p 0.062)" in said.message
    assert "interval 0.04835 to 1)" in said.message
    assert said.kind is OutcomeKind.INCONCLUSIVE


def test_chance_as_great_as_the_confidence_leaves_is_small_enough() -> None:
    judge = check(tolerance="0")
    surer = replace(judge, paired=replace(judge.paired, confidence=Decimal("0.9375")))
    said = outcome(*truths(1, 5, 0), surer)
    assert "(p 0.062)" in said.message
    assert said.kind is OutcomeKind.FAILED


def test_loss_of_exactly_what_is_allowed_on_every_example_is_inconclusive() -> None:
    old = [100.1] * 40
    said = outcome(old, [110.10001] * 40, check(LATENCY, "10"))
    assert (said.kind, said.observed) == (OutcomeKind.INCONCLUSIVE, "loss 10.00001 ms")
    assert outcome(old, [110.1] * 40, check(LATENCY, "30")).kind is OutcomeKind.PASSED
    assert outcome(old, [150.1] * 40, check(LATENCY, "10")).kind is OutcomeKind.FAILED


@pytest.mark.parametrize(("examples", "kind"), [(190, "inconclusive"), (200, "passed")])
def test_numbers_that_do_not_differ_pass_once_they_are_many(examples: int, kind: str) -> None:
    # None is lost; at the worst one costs 100 ms, the distance from 0 to the slowest answer, and
    # 1.95 in 100 examples may cost that: twice 1.95 times 100 ms / 195 is 2 ms.
    slow = [100] + [20] * (examples - 1)
    assert outcome(slow, slow, check(LATENCY, "2")).kind == kind


@pytest.mark.parametrize(("examples", "kind"), [(175, "inconclusive"), (190, "passed")])
def test_what_one_example_may_cost_is_told_by_both_versions(examples: int, kind: str) -> None:
    # From -60, which the version in place has, to 40.5, which the candidate has; with either one
    # alone 175 examples would do.
    points, same = replace(PRECISION, unit="points"), [20] * (examples - 1)
    assert outcome([-60, *same], [40.5, *same], check(points, "2")).kind == kind


def test_answers_that_are_all_wrong_are_compared_too() -> None:
    said = outcome([False] * 500, [False] * 500)
    assert "interval -0.007789 to 0.007789)" in said.message
    assert said.kind is OutcomeKind.PASSED


def test_thirty_numbers_tell_something() -> None:
    said = outcome([1] * 30, [1] * 30, check(LATENCY, "1"))
    assert "(95 % interval -0.1298 ms to 0.1298 ms)" in said.message
    assert said.kind is OutcomeKind.PASSED


def test_numbers_that_are_all_0_tell_nothing() -> None:
    said = outcome([0] * 5000, [0] * 5000, check(LATENCY, "1"))
    assert said.kind is OutcomeKind.INCONCLUSIVE


@pytest.mark.parametrize(("examples", "kind"), [(190, "inconclusive"), (200, "passed")])
def test_right_answers_that_do_not_differ_pass_once_they_are_many(examples: int, kind: str) -> None:
    assert outcome(*truths(examples, 0, 0), check(tolerance="0.02")).kind == kind


def test_same_answers_of_few_examples_are_inconclusive() -> None:
    assert outcome(*truths(20, 0, 0)).kind is OutcomeKind.INCONCLUSIVE


def test_relative_tolerance_is_a_share_of_the_right_answers_in_place() -> None:
    judge = replace(check(), tolerance=Tolerance(max_drop_relative=Decimal("0.1")))
    old, new = truths(500, 0, 500)
    assert outcome(old, new, judge).expected == "loss of at most 0.05"
    said = outcome([False] * 50, [True] * 50, judge)
    assert said.kind is OutcomeKind.ERRORED
    assert said.message == "precision in place is 0, so that no share of it can be allowed"
    assert said.remedy == "let the policy say max_drop instead of max_drop_relative"


def slow(seed: int, mean: float, count: int = 200) -> list[float]:
    draw = Random(seed)  # noqa: S311 - made-up numbers
    return [round(draw.gauss(mean, 20), 3) for _ in range(count)]


def test_numbers_that_are_lower_better_fail_when_they_are_surely_higher() -> None:
    old = slow(1, 100)
    said = outcome(old, [value + 30 for value in old], check(LATENCY, "10"))
    assert said.kind is OutcomeKind.FAILED
    assert said.message == (
        "latency_p95_ms on 200 examples, worse on 200 and better on 0: loss 30 ms "
        "(95 % interval 26.43 ms to 33.57 ms), needs at most 10 ms"
    )
    assert outcome([v + 30 for v in old], old, check(LATENCY, "10")).kind is OutcomeKind.PASSED


def test_noisy_numbers_are_inconclusive() -> None:
    said = outcome(slow(1, 100), slow(2, 100), check(LATENCY, "1"))
    assert said.kind is OutcomeKind.INCONCLUSIVE


def test_few_numbers_tell_nothing() -> None:
    said = outcome([1] * 29, [1] * 29, check(LATENCY, "1"))
    assert said.kind is OutcomeKind.INCONCLUSIVE
    assert "interval -inf to inf" in said.message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ([True], [1], "the candidate is not readable: example 0 has `1`, not true or false"),
        ([None], [True], "champion v6 is not readable: example 0 has nothing, not true or false"),
        ([], [], "have no examples"),
        ([True] * 2, [True], "1 only of the version in place, 0 only of the candidate"),
    ],
)
def test_answers_that_cannot_be_compared_are_errored(
    old: list[object], new: list[object], message: str
) -> None:
    said = outcome(old, new)
    assert said.kind is OutcomeKind.ERRORED
    assert said.message.startswith("the evaluation table")
    assert said.message.endswith(message)


def test_text_for_a_number_is_errored() -> None:
    said = outcome([1], ["1"], check(LATENCY, "1"))
    assert said.message.endswith("example 0 has `1`, not a number")


def test_same_number_of_other_examples_is_errored() -> None:
    compared = facts(having(7, table([True] * 3, start=1)), having(6, table([True] * 3)))
    said = check().evaluate(compared)
    assert said.kind is OutcomeKind.ERRORED
    assert said.message == (
        "the evaluation tables are of different examples: "
        "1 only of the version in place, 1 only of the candidate"
    )
    assert said.remedy == "evaluate both versions on the same examples"


def test_candidate_without_a_table_is_missing_and_version_in_place_without_one_errored() -> None:
    whole = table([True] * 50)
    said = check().evaluate(facts(having(7, None), having(6, whole)))
    assert said.kind is OutcomeKind.MISSING
    assert said.message == "the evaluation table of the candidate is not there"
    said = check().evaluate(facts(having(7, whole), having(6, None)))
    assert said.kind is OutcomeKind.ERRORED
    assert said.message == "the evaluation table of champion v6 is not there"
    said = check().evaluate(facts(evidence(version=make_version(run_id=None)), having(6, whole)))
    assert said.kind is OutcomeKind.MISSING
    assert said.source == "run run-6, eval/answers.json"


def test_unreadable_table_is_errored() -> None:
    candidate = evidence(unreadable=unreadable(file_part(TABLE)))
    said = check().evaluate(facts(candidate, having(6, table([True]))))
    assert said.kind is OutcomeKind.ERRORED
    assert "(no answer in 10 s)" in said.message


@pytest.mark.parametrize(
    ("first", "kind", "remedy"),
    [
        (FirstRelease.ALLOW, OutcomeKind.SKIPPED, ""),
        (FirstRelease.REQUIRE_APPROVAL, OutcomeKind.INCONCLUSIVE, "let people decide"),
        (FirstRelease.DENY, OutcomeKind.MISSING, "let champion name a version first"),
    ],
)
def test_first_release_is_as_the_rule_says(
    first: FirstRelease, kind: OutcomeKind, remedy: str
) -> None:
    said = check(first_release=first).evaluate(facts(having(7, None)))
    assert said.kind is kind
    assert said.message == "champion names no version to compare with"
    assert said.remedy == remedy


def rule(fields: str) -> str:
    return f"{{id: better, type: compare, {fields}}}"


def test_rule_needs_the_tables_of_both_versions() -> None:
    built = check_of(rule(f"metrics: [precision], max_drop: 0.01, paired: {PLACES}"))
    assert isinstance(built, PairedCheck)
    assert built.needs == Needs(both_files=frozenset({TABLE}))
    assert built.paired == Paired(table=TABLE, key="id", column="ok", is_truth=True)
    numbers = "{table: a.json, id: id, value: ms, confidence: 0.9}"
    built = check_of(rule(f"metrics: [latency_p95_ms], max_drop: 10, paired: {numbers}"))
    assert isinstance(built, PairedCheck)
    assert (built.paired.is_truth, built.paired.confidence) == (False, Decimal("0.9"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            "metrics: [precision, latency_p95_ms]",
            ("one column of answers for several metrics. Write one rule for each metric"),
        ),
        (
            "metrics: [latency_p95_ms]",
            (
                "right answers make a ratio, and `latency_p95_ms` is in ms. "
                "Name a metric that is a ratio, or compare a column of numbers with `value`"
            ),
        ),
        ("metrics: [precison]", "unknown metric `precison`. Did you mean `precision`?"),
    ],
)
def test_metric_that_does_not_fit_is_found_at_load(fields: str, said: str, tmp_path: Path) -> None:
    text = with_rule(rule(f"{fields}, max_drop: 0.01, paired: {PLACES}"))
    assert findings(tmp_path, text)[-1].endswith(said)


@pytest.mark.parametrize(
    ("paired", "said"),
    [
        (
            "{table: a, id: id}",
            (
                "it takes one column to compare. "
                "Give correct (true or false in each row) or value (a number in each row)"
            ),
        ),
        (
            "{table: a, id: id, correct: a, value: b}",
            (
                "it takes one column to compare. "
                "Give correct (true or false in each row) or value (a number in each row)"
            ),
        ),
        (
            "{table: a, id: id, value: b, confidence: 95}",
            "95 is no confidence. Write a number from 0.5 to 0.999, like 0.95",
        ),
        (
            "{table: a, id: id, value: b, confidence: 0.4}",
            "0.4 is no confidence. Write a number from 0.5 to 0.999, like 0.95",
        ),
        ("{table: a, idd: id, value: b}", "unknown key `idd`. Did you mean `id`?"),
    ],
)
def test_what_is_wrong_with_the_places_is_found_at_load(
    paired: str, said: str, tmp_path: Path
) -> None:
    text = with_rule(rule(f"metrics: [precision], max_drop: 0.01, paired: {paired}"))
    assert findings(tmp_path, text)[-1].endswith(said)


answers = st.sampled_from([True, False, None, 1, "true"])


@given(old=st.lists(answers, max_size=5), new=st.lists(answers, max_size=5))
def test_spoilt_or_few_answers_never_pass(old: list[object], new: list[object]) -> None:
    assert outcome(old, new).kind is not OutcomeKind.PASSED


measured = st.floats(-1e15, 1e15, allow_subnormal=True) | st.integers(-(10**15), 10**15)


@given(pairs=st.lists(st.tuples(measured, measured), min_size=1, max_size=40))
@pytest.mark.parametrize("metric", [LATENCY, replace(PRECISION, unit="points")])
def test_numbers_are_judged_to_the_last_digit(
    metric: MetricDefinition, pairs: list[tuple[float, float]]
) -> None:
    old, new = zip(*pairs, strict=True)
    with localcontext(prec=700):
        losses = [metric.loss(_plain(before), _plain(after)) for before, after in pairs]
        total = sum(losses, Decimal())
    lost, won = sum(one > 0 for one in losses), sum(one < 0 for one in losses)
    said = outcome(old, new, check(metric, "0"))
    assert f" on {len(pairs)} examples, worse on {lost} and better on {won}: " in said.message
    assert said.observed == f"loss {shown(total / len(pairs), metric.unit, against=(Decimal(),))}"


def _plain(value: float) -> Decimal:
    number = exact(value)
    assert number is not None
    return number


@given(st.lists(st.sampled_from([(1, 1), (1, 0), (0, 1), (0, 0)]), min_size=1, max_size=40))
def test_right_answers_are_counted(pairs: list[tuple[int, int]]) -> None:
    old, new = ([bool(answer) for answer in side] for side in zip(*pairs, strict=True))
    lost, won = pairs.count((1, 0)), pairs.count((0, 1))
    said = outcome(old, new)
    assert f" on {len(pairs)} examples, worse on {lost} and better on {won} (p " in said.message
    assert said.observed == f"loss {shown(Decimal(lost - won) / len(pairs), 'ratio')}"
