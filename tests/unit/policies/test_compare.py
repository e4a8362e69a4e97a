"""The check ``compare``."""

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import CheckOutcome, FirstRelease, OutcomeKind
from bot.domain.registry import Metric
from policies.compare import CompareCheck, SameDataset
from tests.builders import make_version
from tests.unit.policies.given import (
    LATENCY,
    PRECISION,
    compare_check,
    evidence,
    facts,
    logged,
    unreadable,
)


def compared(check: CompareCheck, before: list[Metric], after: list[Metric]) -> CheckOutcome:
    return check.evaluate(facts(evidence(7, after), evidence(6, before)))


def latency(value: float) -> Metric:
    return logged(value, key="latency_p95_ms")


def test_first_release_has_nothing_to_compare_with() -> None:
    outcome = compare_check(max_drop="0").evaluate(facts(evidence(metrics=[logged(0.9)])))
    assert outcome.kind is OutcomeKind.SKIPPED
    assert outcome.message == "champion names no version to compare with"


def test_better_value_passes_and_says_against_what() -> None:
    outcome = compared(compare_check(max_drop="0.02"), [logged(0.83)], [logged(0.86)])
    assert outcome.kind is OutcomeKind.PASSED
    assert outcome.message == "precision 0.86, needs ≥ 0.81: champion v6 has 0.83"
    assert outcome.observed == "0.86"
    assert outcome.expected == "≥ 0.81 (at most 0.02 below champion v6)"
    assert outcome.remedy == ""


def test_greater_loss_than_allowed_fails() -> None:
    outcome = compared(compare_check(max_drop="0.02"), [logged(0.83)], [logged(0.80)])
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == "precision 0.8, needs ≥ 0.81: champion v6 has 0.83"
    assert outcome.remedy == "propose a version that is not worse"


def test_lower_is_better_where_the_catalogue_says_so() -> None:
    check = compare_check(LATENCY, max_drop_relative="0.1")
    outcome = compared(check, [latency(100)], [latency(111)])
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == "latency_p95_ms 111 ms, needs ≤ 110 ms: champion v6 has 100 ms"
    assert outcome.expected == "≤ 110 ms (at most 10 % above champion v6)"
    assert compared(check, [latency(100)], [latency(110)]).kind is OutcomeKind.PASSED


def test_relative_loss_counts_from_the_absolute_value() -> None:
    check = compare_check(max_drop_relative="0.1")
    assert compared(check, [logged(-1.0)], [logged(-1.1)]).kind is OutcomeKind.PASSED
    assert compared(check, [logged(-1.0)], [logged(-1.11)]).kind is OutcomeKind.FAILED


def test_both_allowances_hold() -> None:
    check = compare_check(max_drop="0.1", max_drop_relative="0.05")
    outcome = compared(check, [logged(0.8)], [logged(0.75)])
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.expected == "≥ 0.76 (at most 0.1 and 5 % below champion v6)"


def test_float_noise_on_the_tolerance_does_not_fail() -> None:
    assert not 0.469 >= 0.519 - 0.05
    check = compare_check(max_drop="0.05")
    assert compared(check, [logged(0.519)], [logged(0.469)]).kind is OutcomeKind.PASSED


def test_rounding_never_hides_which_side_of_the_limit_a_value_is_on() -> None:
    outcome = compared(compare_check(max_drop="0"), [logged(0.868333)], [logged(0.868332)])
    assert outcome.message == "precision 0.868332, needs ≥ 0.868333: champion v6 has 0.8683"


def test_metric_that_the_candidate_lacks_is_missing() -> None:
    outcome = compared(compare_check(max_drop="0"), [logged(0.8)], [])
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "precision of the candidate was not logged"
    assert outcome.remedy == "log `precision` on the model of the candidate, or on its run"


def test_metric_that_the_version_in_place_lacks_is_errored() -> None:
    outcome = compared(compare_check(max_drop="0"), [], [logged(0.8)])
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message == "precision of champion v6 was not logged"


@pytest.mark.parametrize("whose", ["the candidate", "champion v6"])
def test_absent_metric_is_errored_while_the_run_is_unreadable(whose: str) -> None:
    blind: dict[str, Any] = {"run": None, "unreadable": unreadable("run")}
    is_candidate = whose == "the candidate"
    candidate = evidence(7, **blind) if is_candidate else evidence(7, [logged(0.8)])
    current = evidence(6, [logged(0.8)]) if is_candidate else evidence(6, **blind)
    outcome = compare_check(max_drop="0").evaluate(facts(candidate, current))
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message == f"precision of {whose} could not be read (no answer in 10 s)"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("is_candidate", [True, False])
def test_value_that_is_no_finite_number_is_errored(value: float, is_candidate: bool) -> None:  # noqa: FBT001 - a parameter of the test
    odd, good = [logged(value), logged(0.8, "d2")], [logged(0.8), logged(0.8, "d2")]
    before, after = (good, odd) if is_candidate else (odd, good)
    outcome = compared(compare_check(max_drop="0.5"), before, after)
    assert outcome.kind is OutcomeKind.ERRORED
    assert f"is {value}" in outcome.message
    assert outcome.observed == str(value)


def test_no_share_of_zero_can_be_allowed() -> None:
    outcome = compared(compare_check(max_drop_relative="0.1"), [logged(0.0)], [logged(0.5)])
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message.startswith("precision of champion v6 is 0, ")
    assert outcome.remedy == "let the policy say max_drop instead of max_drop_relative"


def test_absolute_allowance_works_from_zero() -> None:
    assert compared(compare_check(max_drop="0"), [logged(0.0)], [logged(0.5)]).kind is (
        OutcomeKind.PASSED
    )


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("d1", "d2", "(holdout-d2 d2, not holdout-d1 d1)"),
        (None, "d2", "(holdout-d2 d2, not an unnamed one)"),
        (None, None, "(an unnamed one, not an unnamed one)"),
    ],
)
def test_values_of_different_datasets_cannot_be_compared_where_the_same_is_required(
    before: str | None, after: str | None, said: str
) -> None:
    outcome = compared(compare_check(max_drop="0"), [logged(0.8, before)], [logged(0.9, after)])
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message == f"precision was not measured on the dataset of champion v6 {said}"
    assert outcome.remedy == "measure both on one dataset, and log precision with that dataset"


def test_dataset_without_a_name_is_told_by_its_digest() -> None:
    nameless = Metric(key="precision", value=0.9, dataset_digest="0123456789")
    outcome = compared(compare_check(max_drop="0"), [logged(0.8)], [nameless])
    assert "(dataset 01234567, not holdout-d1 d1)" in outcome.message


def test_candidate_may_not_leave_out_a_dataset_of_the_version_in_place() -> None:
    before = [logged(0.8, "easy"), logged(0.7, "hard")]
    outcome = compared(compare_check(max_drop="0"), before, [logged(0.9, "easy")])
    assert outcome.kind is OutcomeKind.ERRORED


def test_candidate_may_be_measured_on_more_datasets() -> None:
    after = [logged(0.9, "easy"), logged(0.2, "new")]
    outcome = compared(compare_check(max_drop="0"), [logged(0.8, "easy")], after)
    assert outcome.kind is OutcomeKind.PASSED


def test_greatest_loss_on_any_dataset_counts() -> None:
    before = [logged(0.8, "a"), logged(0.9, "b")]
    outcome = compared(compare_check(max_drop="0.01"), before, [logged(0.9, "a"), logged(0.8, "b")])
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.observed == "0.8"


def test_good_value_on_another_dataset_lets_people_decide_under_warn() -> None:
    check = compare_check(max_drop="0", same_dataset=SameDataset.WARN)
    outcome = compared(check, [logged(0.8, "a")], [logged(0.9, "b")])
    assert outcome.kind is OutcomeKind.INCONCLUSIVE
    assert outcome.message.endswith("champion v6 has 0.8, measured on different datasets")


def test_bad_value_on_another_dataset_fails_under_warn() -> None:
    check = compare_check(max_drop="0", same_dataset=SameDataset.WARN)
    assert compared(check, [logged(0.8, "a")], [logged(0.7, "b")]).kind is OutcomeKind.FAILED


def test_same_dataset_passes_under_warn() -> None:
    check = compare_check(max_drop="0", same_dataset=SameDataset.WARN)
    assert compared(check, [logged(0.8)], [logged(0.8)]).kind is OutcomeKind.PASSED


def test_other_dataset_does_not_matter_under_ignore_but_is_told() -> None:
    check = compare_check(max_drop="0", same_dataset=SameDataset.IGNORE)
    outcome = compared(check, [logged(0.8, "a")], [logged(0.9, "b")])
    assert outcome.kind is OutcomeKind.PASSED
    assert "different datasets" in outcome.message


def test_each_value_in_place_meets_the_worst_of_the_candidate_where_datasets_differ() -> None:
    check = compare_check(max_drop="0", same_dataset=SameDataset.IGNORE)
    outcome = compared(check, [logged(0.8, "a")], [logged(0.9, "b"), logged(0.7, "c")])
    assert outcome.kind is OutcomeKind.FAILED


def test_several_metrics_all_have_to_hold_and_only_the_unmet_are_told() -> None:
    check = compare_check(PRECISION, LATENCY, max_drop_relative="0.1")
    outcome = compared(check, [logged(0.8), latency(100)], [logged(0.9), latency(200)])
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == "latency_p95_ms 200 ms, needs ≤ 110 ms: champion v6 has 100 ms"


def test_several_metrics_that_hold_are_all_told() -> None:
    check = compare_check(PRECISION, LATENCY, max_drop_relative="0.1")
    outcome = compared(check, [logged(0.8), latency(100)], [logged(0.9), latency(90)])
    assert outcome.kind is OutcomeKind.PASSED
    assert outcome.observed == "0.9; 90 ms"


@pytest.mark.parametrize(
    ("precision", "kind"),
    [
        ([logged(0.1)], OutcomeKind.FAILED),
        ([logged(math.nan)], OutcomeKind.ERRORED),
        ([], OutcomeKind.MISSING),
    ],
)
def test_gravest_finding_decides(precision: list[Metric], kind: OutcomeKind) -> None:
    check = compare_check(PRECISION, LATENCY, max_drop_relative="0.1")
    outcome = compared(check, [logged(0.8), latency(100)], [*precision, latency(90)])
    assert outcome.kind is kind


def test_failure_outweighs_what_cannot_be_told() -> None:
    check = compare_check(PRECISION, LATENCY, max_drop_relative="0.1")
    outcome = compared(check, [logged(0.8), latency(100)], [logged(0.1)])
    assert outcome.kind is OutcomeKind.FAILED
    assert "latency_p95_ms of the candidate was not logged" in outcome.message


thousandths = st.integers(min_value=-2000, max_value=2000)


@given(
    before=thousandths,
    after=thousandths,
    drop=st.integers(min_value=0, max_value=500),
    lower=st.booleans(),
)
def test_absolute_tolerance_is_exact_in_decimals(
    before: int,
    after: int,
    drop: int,
    lower: bool,  # noqa: FBT001 - drawn
) -> None:
    metric = LATENCY if lower else PRECISION
    values = [logged(v / 1000, key=metric.name) for v in (before, after)]
    check = compare_check(metric, max_drop=f"{drop}e-3")
    loss = (after - before) if lower else (before - after)
    passed = compared(check, values[:1], values[1:]).kind is OutcomeKind.PASSED
    assert passed == (loss <= drop)


@given(before=thousandths.filter(bool), after=thousandths, share=st.integers(0, 100))
def test_relative_tolerance_is_exact_in_decimals(before: int, after: int, share: int) -> None:
    check = compare_check(max_drop_relative=str(Decimal(share) / 100))
    outcome = compared(check, [logged(before / 1000)], [logged(after / 1000)])
    assert (outcome.kind is OutcomeKind.PASSED) == (100 * (before - after) <= share * abs(before))


values = st.lists(
    st.builds(logged, st.floats(), st.sampled_from(["d1", "d2", None])), min_size=0, max_size=3
)


@given(before=values, after=values, same=st.sampled_from(SameDataset))
def test_unknown_values_never_pass(
    before: list[Metric], after: list[Metric], same: SameDataset
) -> None:
    check = compare_check(max_drop="0.5", max_drop_relative="0.5", same_dataset=same)
    outcome = compared(check, before, after)
    is_known = before and after and all(math.isfinite(m.value) for m in before + after)
    digests = {m.dataset_digest for m in after} - {None}
    is_same = all(m.dataset_digest in digests for m in before)
    if outcome.kind is OutcomeKind.PASSED:
        assert is_known
        assert is_same or same is SameDataset.IGNORE


def test_first_release_may_ask_people_or_deny() -> None:
    check = compare_check(max_drop="0", first_release=FirstRelease.REQUIRE_APPROVAL)
    outcome = check.evaluate(facts(evidence()))
    assert outcome.kind is OutcomeKind.INCONCLUSIVE
    assert outcome.remedy == "let people decide"
    check = compare_check(max_drop="0", first_release=FirstRelease.DENY)
    outcome = check.evaluate(facts(evidence()))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.remedy == "let champion name a version first"


def test_outcome_names_the_versions_and_runs_that_were_compared() -> None:
    current = evidence(6, [logged(0.9)], version=make_version(6, run_id=None))
    check = compare_check(max_drop="0")
    assert check.evaluate(facts(evidence(7), current)).source == "v7 (run run-7) and v6"


def test_allowed_loss_is_told_in_the_unit_of_the_metric() -> None:
    both = [evidence(n, [logged(100, key="latency_p95_ms")]) for n in (7, 6)]
    outcome = compare_check(LATENCY, max_drop="20").evaluate(facts(*both))
    assert "(at most 20 ms above champion v6)" in outcome.expected


def test_value_that_is_no_number_is_to_be_looked_into() -> None:
    odd = [logged(math.nan, key="eval/precision")]
    outcome = compared(compare_check(max_drop="0.02"), [logged(0.9)], odd)
    assert outcome.remedy == "find out why `eval/precision` came out so, and log it anew"


def test_run_that_could_not_be_read_is_to_be_asked_for_again() -> None:
    outcome = compare_check(max_drop="0.02").evaluate(
        facts(evidence(7, unreadable=unreadable("run")), evidence(6, [logged(0.9)]))
    )
    assert outcome.remedy == "ask again once the run can be read"
