"""The check ``artifacts``."""

from pathlib import Path

from bot.domain.evidence import Needs, file_part
from bot.domain.policy import OutcomeKind
from policies.artifacts import ArtifactsCheck
from tests.builders import make_version
from tests.unit.policies.files import check_of, findings, with_rule
from tests.unit.policies.given import RULE, evidence, facts, unreadable

REPORT, PLOTS = "validation/report.txt", "plots/"
CHECK = ArtifactsCheck(**RULE, required=(PLOTS, REPORT))


def test_artifacts_that_are_all_there_pass() -> None:
    outcome = CHECK.evaluate(facts(evidence(artifacts={REPORT: True, PLOTS: True})))
    assert outcome.kind is OutcomeKind.PASSED
    assert outcome.message == "plots/ is there; validation/report.txt is there"
    assert outcome.observed == outcome.expected == "plots/; validation/report.txt"
    assert outcome.source == "run run-7"


def test_what_is_not_there_is_missing_with_what_to_do() -> None:
    outcome = CHECK.evaluate(facts(evidence(artifacts={REPORT: False, PLOTS: True})))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "validation/report.txt is not there"
    assert outcome.expected == "validation/report.txt"
    assert outcome.remedy == "log `validation/report.txt` in run run-7"


def test_unreadable_artifacts_are_errored_even_beside_missing_ones() -> None:
    candidate = evidence(artifacts={PLOTS: False}, unreadable=unreadable(file_part(REPORT)))
    outcome = CHECK.evaluate(facts(candidate))
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message == (
        "plots/ is not there; "
        "nobody can tell whether validation/report.txt is there (no answer in 10 s)"
    )
    assert outcome.expected == "plots/; validation/report.txt"
    assert outcome.remedy == (
        "log `plots/` in run run-7; ask again once the run's artifacts can be read"
    )


def test_artifacts_that_nobody_looked_for_are_errored() -> None:
    outcome = CHECK.evaluate(facts(evidence()))
    assert outcome.kind is OutcomeKind.ERRORED
    assert outcome.message.endswith("report.txt is there (nobody looked for it)")


def test_version_without_a_run_has_none() -> None:
    outcome = CHECK.evaluate(facts(evidence(version=make_version(run_id=None))))
    assert outcome.kind is OutcomeKind.MISSING
    assert outcome.message == "no run, so no plots/; no run, so no validation/report.txt"
    assert outcome.remedy == (
        "register a version from a run that has plots/; "
        "register a version from a run that has validation/report.txt"
    )
    assert outcome.source == ""


def test_rule_needs_each_artifact_once() -> None:
    built = check_of(f"{{id: files, type: artifacts, required: [{REPORT}, {PLOTS}, {REPORT}]}}")
    assert built.needs == Needs(artifacts=frozenset({REPORT, PLOTS}))


def test_path_out_of_the_run_is_found_at_load(tmp_path: Path) -> None:
    rule = "{id: files, type: artifacts, required: [validation/../../key]}"
    (finding,) = findings(tmp_path, with_rule(rule))
    assert "`validation/../../key` does not do here. Write the path of a run's artifact" in finding
