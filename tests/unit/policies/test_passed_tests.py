"""The check ``tests``."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import Signature, TestResult
from bot.domain.policy import OutcomeKind
from tests.builders import NOW, make_version
from tests.unit.policies.given import evidence, facts, result, suites_check, unreadable


def test_suite_that_passed_passes_and_says_when() -> None:
    outcome = suites_check("unit").evaluate(facts(evidence(tests=(result(),))))
    assert outcome.kind is OutcomeKind.PASSED
    assert outcome.message == "unit passed 3 h ago"
    assert (outcome.observed, outcome.expected) == ("unit", "unit passed")


def test_every_required_suite_is_told_when_all_passed() -> None:
    candidate = evidence(tests=(result("unit"), result("load"), result("lint", "failed")))
    outcome = suites_check("unit", "load").evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.PASSED
    assert outcome.message == "unit passed 3 h ago; load passed 3 h ago"
    assert outcome.expected == "unit, load passed"


def test_suites_without_a_result_are_missing_and_named_with_what_to_do() -> None:
    outcome = suites_check("unit", "integration", "load").evaluate(
        facts(evidence(tests=(result("unit"),)))
    )
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "no result of integration; no result of load"
    assert outcome.remedy == (
        "run integration, load, and log the results as `validation/tests.json` of run run-7"
    )
    assert outcome.observed == "unit"


def test_run_without_test_evidence_is_missing() -> None:
    assert suites_check().evaluate(facts(evidence(tests=None))).kind is OutcomeKind.MISSING


def test_version_without_a_run_is_missing_and_needs_another_one() -> None:
    candidate = evidence(version=make_version(run_id=None), tests=(result(),))
    outcome = suites_check().evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.remedy == (
        "run unit, and register a version from a run that has validation/tests.json"
    )


def test_unreadable_results_are_errored() -> None:
    candidate = evidence(tests=None, unreadable=unreadable("tests"))
    outcome = suites_check().evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message == "the test results could not be read (no answer in 10 s)"


def test_suite_that_did_not_pass_fails_in_the_words_of_the_writer() -> None:
    outcome = suites_check().evaluate(facts(evidence(tests=(result(outcome="flaky"),))))
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == "unit did not pass (flaky)"


def test_suite_without_an_outcome_fails() -> None:
    outcome = suites_check().evaluate(facts(evidence(tests=(result(outcome=""),))))
    assert outcome.message == "unit did not pass (no outcome)"


def test_failure_outweighs_a_missing_suite_and_both_are_told() -> None:
    candidate = evidence(tests=(result("unit", "failed"),))
    outcome = suites_check("unit", "load").evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == "unit did not pass (failed); no result of load"


def test_result_as_old_as_allowed_passes() -> None:
    old = result(finished_at=NOW - timedelta(days=14))
    check = suites_check(max_age=timedelta(days=14))
    outcome = check.evaluate(facts(evidence(tests=(old,))))
    assert outcome.kind is OutcomeKind.PASSED
    assert outcome.expected == "unit passed, within 14 d"


def test_older_result_fails_with_its_age() -> None:
    old = result(finished_at=NOW - timedelta(days=20, hours=2))
    check = suites_check(max_age=timedelta(days=14))
    outcome = check.evaluate(facts(evidence(tests=(old,))))
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == "unit passed 20 d 2 h ago, more than 14 d"


def test_newest_result_of_a_suite_counts() -> None:
    older = result(outcome="failed", finished_at=NOW - timedelta(days=2))
    assert suites_check().evaluate(facts(evidence(tests=(result(), older)))).kind is (
        OutcomeKind.PASSED
    )
    newer = result(outcome="failed", finished_at=NOW)
    assert suites_check().evaluate(facts(evidence(tests=(newer, result())))).kind is (
        OutcomeKind.FAILED
    )


def test_of_two_results_at_one_moment_the_one_that_did_not_pass_counts() -> None:
    for both in ((result(), result(outcome="failed")), (result(outcome="failed"), result())):
        outcome = suites_check().evaluate(facts(evidence(tests=both)))
        assert outcome.kind is OutcomeKind.FAILED


def test_result_from_the_future_does_not_count_and_that_is_said() -> None:
    future = result(finished_at=NOW + timedelta(seconds=1))
    outcome = suites_check().evaluate(facts(evidence(tests=(future,))))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "no result of unit (a result from the future does not count)"


def test_result_of_another_run_does_not_count_and_that_is_said() -> None:
    foreign = result(run_id="run-6", outcome="failed", finished_at=NOW)
    outcome = suites_check().evaluate(facts(evidence(tests=(foreign, result()))))
    assert outcome.kind is OutcomeKind.PASSED
    assert outcome.message == ("unit passed 3 h ago (a result of another run does not count)")


def test_result_that_names_no_run_does_not_count() -> None:
    outcome = suites_check().evaluate(facts(evidence(tests=(result(run_id=""),))))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "no result of unit (a result of no named run does not count)"


def test_all_reasons_why_results_do_not_count_are_said_once() -> None:
    strange = (result(run_id=""), result(run_id="a"), result(run_id="b"))
    outcome = suites_check().evaluate(facts(evidence(tests=strange)))
    assert outcome.message == (
        "no result of unit (a result of no named run and of another run does not count)"
    )


def test_outcome_tells_where_the_results_are_and_how_old_the_oldest_is() -> None:
    older = result("load", finished_at=NOW - timedelta(hours=5))
    outcome = suites_check("unit", "load").evaluate(facts(evidence(tests=(result(), older))))
    assert outcome.source == "run run-7, validation/tests.json"
    assert outcome.age == timedelta(hours=5)


def test_signed_results_pass_and_say_by_which_key() -> None:
    candidate = evidence(tests=(result(),), tests_signature=Signature(key_id="ci"))
    outcome = suites_check(signed=True).evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.PASSED
    assert outcome.message == "unit passed 3 h ago, signed by ci"
    assert outcome.expected == "unit passed, signed"


def test_results_that_nobody_signed_are_missing_where_they_have_to_be_signed() -> None:
    candidate = evidence(tests=(result(),))
    outcome = suites_check(signed=True).evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "nobody signed the test results"
    assert suites_check().evaluate(facts(candidate)).kind is OutcomeKind.PASSED


def test_bad_signature_fails_with_its_reason() -> None:
    signature = Signature(key_id="ci", problem="names the key ci, not known")
    candidate = evidence(tests=(result(),), tests_signature=signature)
    outcome = suites_check(signed=True).evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.FAILED
    assert outcome.message == "the signature of the test results names the key ci, not known"
    assert outcome.remedy == (
        "sign `validation/tests.json` with a key that Herald knows, and log it anew"
    )


def test_without_test_evidence_there_is_nothing_to_sign() -> None:
    outcome = suites_check(signed=True).evaluate(facts(evidence()))
    assert outcome.message == "no result of unit"


results = st.builds(
    result,
    name=st.sampled_from(["unit", "load"]),
    outcome=st.sampled_from(["passed", "failed", "PASSED", ""]),
    run_id=st.sampled_from(["run-7", "run-6", ""]),
    finished_at=st.integers(-40, 5).map(lambda hours: NOW + timedelta(hours=hours)),
)


@given(tests=st.none() | st.lists(results, max_size=6).map(tuple))
def test_missing_foreign_stale_or_failed_results_never_pass(
    tests: tuple[TestResult, ...] | None,
) -> None:
    check = suites_check("unit", "load", max_age=timedelta(hours=24))
    outcome = check.evaluate(facts(evidence(tests=tests)))
    good = {
        r.name
        for r in tests or ()
        if r.outcome == "passed"
        and r.run_id == "run-7"
        and timedelta() <= NOW - r.finished_at <= timedelta(hours=24)
    }
    if outcome.kind is OutcomeKind.PASSED:
        assert good == {"unit", "load"}


def test_suites_that_passed_are_listed_and_nothing_is_to_be_done() -> None:
    candidate = evidence(tests=(result("unit"), result("load")))
    outcome = suites_check("unit", "load").evaluate(facts(candidate))
    assert (outcome.observed, outcome.remedy) == ("unit, load", "")


def test_missing_signature_says_what_is_asked_for_and_where_it_was_looked_for() -> None:
    outcome = suites_check(signed=True).evaluate(facts(evidence(tests=(result(),))))
    assert outcome.expected == "unit passed, signed"
    assert outcome.source == "run run-7, validation/tests.json"


def test_unreadable_results_say_what_is_asked_for_and_what_to_do() -> None:
    outcome = suites_check("unit").evaluate(facts(evidence(unreadable=unreadable("tests"))))
    assert outcome.expected == "unit passed"
    assert outcome.remedy == "ask again once they can be read"


def test_version_without_a_run_has_no_place_where_results_were_looked_for() -> None:
    candidate = evidence(version=make_version(run_id=None))
    assert suites_check("unit").evaluate(facts(candidate)).source == ""
