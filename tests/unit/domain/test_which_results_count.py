"""Which of several test results is evidence, and which of them decides."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from bot.domain.evidence import TestResult
from bot.domain.test_results import deciding, why_not_counted
from tests.builders import NOW

RUN = "run-7"
SECOND = timedelta(seconds=1)


def result(outcome: str = "passed", at: datetime = NOW, run_id: str = RUN) -> TestResult:
    return TestResult(name="unit", outcome=outcome, finished_at=at, run_id=run_id)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (result(), None),
        (result(at=NOW - SECOND), None),
        (result(run_id=""), "of no named run"),
        (result(run_id="run-8"), "of another run"),
        (result(at=NOW + SECOND), "from the future"),
    ],
)
def test_a_result_of_the_run_up_to_now_is_evidence(found: TestResult, why: str | None) -> None:
    assert why_not_counted(found, RUN, NOW) == why


def test_for_a_version_without_a_run_no_result_counts() -> None:
    assert why_not_counted(result(), None, NOW) == "of another run"
    assert deciding([result()], None, NOW) is None


@pytest.mark.parametrize("last", ["passed", "failed"])
def test_the_newest_result_that_counts_decides(last: str) -> None:
    found = [
        result("skipped", NOW - SECOND),
        result(last),
        result("error", NOW + SECOND),
        result("error", run_id="run-8"),
    ]
    for order in permutations(found):
        assert deciding(order, RUN, NOW) == found[1]


def test_of_two_results_at_one_moment_the_one_that_did_not_pass_decides() -> None:
    for order in permutations([result("passed"), result("failed")]):
        assert deciding(order, RUN, NOW) == result("failed")


def test_without_results_none_decides() -> None:
    assert deciding([], RUN, NOW) is None
