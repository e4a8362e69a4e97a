"""The check ``lineage``."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.evidence import NOTHING_MORE, Needs, VersionEvidence
from bot.domain.policy import CheckOutcome, OutcomeKind
from bot.domain.registry import Dataset
from policies.lineage import LineageCheck
from tests.builders import make_run, make_version
from tests.unit.policies.files import check_of, findings, with_rule
from tests.unit.policies.given import RULE, evidence, facts, unreadable

CARDS = Dataset(name="cards", digest="d1", context="training", source="prod.payments.cards")
CODE = Dataset(name="", digest="d2")


def outcome(*read: Dataset, datasets: int = 0, upstream: tuple[str, ...] = ()) -> CheckOutcome:
    check = LineageCheck(**RULE, datasets=datasets, upstream=upstream)
    return check.evaluate(facts(evidence(run=make_run(datasets=read))))


def test_known_run_is_enough_when_nothing_more_is_asked() -> None:
    said = outcome()
    assert said.kind is OutcomeKind.PASSED
    assert said.message == "made by run run-7"
    assert said.source == "run run-7"


def test_version_without_a_run_is_missing() -> None:
    said = LineageCheck(**RULE).evaluate(facts(evidence(version=make_version(run_id=None))))
    assert said.kind is OutcomeKind.MISSING
    assert said.message == "the version names no run"
    assert said.source == ""
    assert said.remedy == "register a version from the run that made it"


def test_unreadable_run_is_errored() -> None:
    candidate = evidence(run=None, unreadable=unreadable("run"))
    said = LineageCheck(**RULE).evaluate(facts(candidate))
    assert said.kind is OutcomeKind.ERRORED
    assert said.message == "the run could not be read (no answer in 10 s)"
    assert said.remedy == "ask again once the run can be read"


def test_run_that_was_not_read_is_errored() -> None:
    said = LineageCheck(**RULE).evaluate(facts(evidence(run=None)))
    assert said.kind is OutcomeKind.ERRORED
    assert said.message == "the run could not be read (nobody knows why)"


def test_enough_datasets_pass() -> None:
    said = outcome(CARDS, CODE, datasets=2)
    assert said.kind is OutcomeKind.PASSED
    assert said.message == "made by run run-7; it read 2 datasets"
    assert said.observed == "run-7; 2 datasets"
    assert said.expected == "2 or more datasets"


@pytest.mark.parametrize(("read", "number"), [((), "no datasets"), ((CARDS,), "1 dataset")])
def test_too_few_datasets_are_missing(read: tuple[Dataset, ...], number: str) -> None:
    said = outcome(*read, datasets=2)
    assert said.kind is OutcomeKind.MISSING
    assert said.message == f"the run names {number}, needs 2 or more datasets"
    assert (said.observed, said.expected) == (number, "2 or more datasets")
    assert said.remedy == "log what run run-7 read as its inputs (mlflow.log_input)"


def test_dataset_that_names_its_table_has_an_upstream() -> None:
    said = outcome(CARDS, CODE, upstream=("*",))
    assert said.kind is OutcomeKind.PASSED
    assert said.message == "made by run run-7; it was made from prod.payments.cards"
    assert (said.observed, said.expected) == ("run-7; prod.payments.cards", "a table or path")


def test_all_sources_that_fit_are_told_and_all_others_when_none_does() -> None:
    other = replace(CARDS, name="users", source="dev.payments.users")
    said = outcome(CARDS, other, upstream=("*.payments.*",))
    assert (
        said.message
        == "made by run run-7; it was made from dev.payments.users, prod.payments.cards"
    )
    assert said.observed == "run-7; dev.payments.users, prod.payments.cards"
    assert said.expected == "`*.payments.*`"
    said = outcome(CARDS, other, upstream=("x.*",))
    assert said.message == (
        "run and registry name only dev.payments.users, prod.payments.cards "
        "as a source of its data, needs `x.*`"
    )
    assert said.observed == "dev.payments.users, prod.payments.cards"
    assert said.expected == "`x.*`"
    assert said.remedy == "log the dataset with its source in run run-7 (mlflow.log_input)"


def test_dataset_from_nowhere_has_no_upstream() -> None:
    said = outcome(CODE, upstream=("*",))
    assert said.kind is OutcomeKind.MISSING
    assert said.message == (
        "run and registry name no table and no path as a source of its data, needs a table or path"
    )


def noted(*tables: str, **fields: Any) -> VersionEvidence:
    return evidence(run=make_run(datasets=(CODE,)), tables=tables, **fields)


def test_table_that_the_registry_notes_with_the_version_is_an_upstream() -> None:
    check = LineageCheck(**RULE, upstream=("prod.features.*",))
    said = check.evaluate(facts(noted("prod.features.cards", "dev.x")))
    assert said.kind is OutcomeKind.PASSED
    assert said.message == "made by run run-7; it was made from prod.features.cards"
    said = check.evaluate(facts(noted("dev.x")))
    assert said.kind is OutcomeKind.MISSING
    assert said.observed == "dev.x"


def test_what_the_registry_notes_is_needed_only_where_sources_are_asked_for() -> None:
    assert LineageCheck(**RULE, upstream=("*",)).needs == Needs(tables=True)
    assert LineageCheck(**RULE, datasets=1).needs == NOTHING_MORE


def test_notes_that_cannot_be_read_are_errored_unless_the_run_names_a_source() -> None:
    check = LineageCheck(**RULE, upstream=("*",))
    said = check.evaluate(facts(noted(unreadable=unreadable("tables"))))
    assert said.kind is OutcomeKind.ERRORED
    assert said.message == (
        "the run names no table and no path as a source of its data, and what the registry "
        "notes could not be read (no answer in 10 s), needs a table or path"
    )
    assert (said.observed, said.expected) == ("", "a table or path")
    assert said.remedy == "ask again once it can be read"
    known = evidence(run=make_run(datasets=(CARDS,)), unreadable=unreadable("tables"))
    assert check.evaluate(facts(known)).kind is OutcomeKind.PASSED


def test_every_glob_needs_a_source_that_fits() -> None:
    said = outcome(CARDS, upstream=("prod.*", "prod.labels.*"))
    assert said.kind is OutcomeKind.MISSING
    assert said.message == (
        "run and registry name only prod.payments.cards "
        "as a source of its data, needs `prod.labels.*`"
    )
    assert said.observed == "prod.payments.cards"


def test_rule_takes_any_source_or_named_ones() -> None:
    built = check_of("{id: a, type: lineage, run: required, datasets: 2, upstream: at_least_one}")
    assert isinstance(built, LineageCheck)
    assert (built.datasets, built.upstream) == (2, ("*",))
    built = check_of("{id: a, type: lineage, upstream: [prod.*, dev.*, prod.*]}")
    assert isinstance(built, LineageCheck)
    assert (built.datasets, built.upstream) == (0, ("dev.*", "prod.*"))
    built = check_of("{id: a, type: lineage, run: required}")
    assert isinstance(built, LineageCheck)
    assert built.upstream == ()


def test_rule_that_asks_for_nothing_is_found_at_load(tmp_path: Path) -> None:
    (finding,) = findings(tmp_path, with_rule("{id: a, type: lineage}"))
    assert "rule `a` asks for nothing. Add run, datasets or upstream" in finding
