"""Each part of a compliance report says how it stands, what was found and what to do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.compliance import (
    Approval,
    ComplianceReport,
    Item,
    Part,
    PartState,
    approvals_of,
    items_of,
)
from bot.domain.evidence import Signature, TestResult, Unreadable
from bot.domain.names import CardKey, SlackUserId
from bot.domain.policy import CheckOutcome, OutcomeKind
from bot.domain.registry import ModelContents
from tests.builders import (
    CHALLENGER,
    CHAMPION,
    LEAD,
    MODEL,
    NOW,
    make_outcome,
    make_version,
    make_version_evidence,
)

RISK = SlackUserId("U0RISK")
AGREED = (Approval(by=LEAD, request="CR-1"),)


def passed(name: str, outcome: str = "passed") -> TestResult:
    run = make_version().run_id or ""
    return TestResult(name=name, outcome=outcome, finished_at=NOW, run_id=run)


def item(
    part: Part,
    *,
    card: CheckOutcome | None = None,
    approvals: tuple[Approval, ...] = AGREED,
    **evidence: Any,
) -> Item:
    """Return one part of the report of a version with this evidence."""
    found = items_of(make_version_evidence(**evidence), card or make_outcome(), approvals, NOW)
    return {each.part: each for each in found}[part]


def described(text: str) -> Item:
    evidence = replace(make_version_evidence(), version=make_version(description=text))
    return items_of(evidence, make_outcome(), (), NOW)[0]


def fine(part: Part, found: str) -> Item:
    return Item(part=part, state=PartState.OK, found=found)


def missing(part: Part, found: str, remedy: str) -> Item:
    return Item(part=part, state=PartState.MISSING, found=found, remedy=remedy)


def test_every_part_is_reported_in_the_order_of_the_list() -> None:
    items = items_of(make_version_evidence(), make_outcome(), (), NOW)
    assert [each.part for each in items] == list(Part)


@pytest.mark.parametrize(
    ("description", "found"), [("Scorer", "one word"), (" Better  recall ", "2 words")]
)
def test_description_counts_its_words(description: str, found: str) -> None:
    shown = described(description)
    assert shown == fine(Part.DESCRIPTION, found)


@pytest.mark.parametrize("blank", [" \n", "\u200b", "--"])
def test_blank_description_is_none(blank: str) -> None:
    shown = described(blank)
    assert shown == missing(Part.DESCRIPTION, "none", "describe the version in the registry")


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (OutcomeKind.PASSED, PartState.OK),
        (OutcomeKind.ERRORED, PartState.UNREADABLE),
        (OutcomeKind.MISSING, PartState.MISSING),
        (OutcomeKind.FAILED, PartState.MISSING),
    ],
)
def test_model_card_stands_as_its_check_came_out(kind: OutcomeKind, state: PartState) -> None:
    card = make_outcome(kind, message="no card", remedy="file one")
    shown = item(Part.MODEL_CARD, card=card)
    assert shown == Item(part=Part.MODEL_CARD, state=state, found="no card", remedy="file one")


@pytest.mark.parametrize(
    ("lines", "found"),
    [(("numpy",), "1 package"), (("numpy", " ", "scipy"), "2 packages")],
)
def test_requirements_count_what_is_no_blank_line(lines: tuple[str, ...], found: str) -> None:
    shown = item(Part.REQUIREMENTS, contents=ModelContents(requirements=lines))
    assert shown == fine(Part.REQUIREMENTS, found)


@pytest.mark.parametrize(
    "contents", [None, ModelContents(), ModelContents(requirements=("", "  "))]
)
def test_without_requirements_they_are_missing(contents: ModelContents | None) -> None:
    remedy = "log the model with its pip requirements"
    shown = item(Part.REQUIREMENTS, contents=contents)
    assert shown == missing(Part.REQUIREMENTS, "none", remedy)


def test_tests_that_passed_are_named_once_each() -> None:
    shown = item(Part.TESTS, tests=(passed("unit"), passed("load"), passed("unit")))
    assert shown == fine(Part.TESTS, "load, unit passed")


def test_tests_with_a_good_signature_tell_whose() -> None:
    shown = item(Part.TESTS, tests=(passed("unit"),), tests_signature=Signature(key_id="ci"))
    assert shown == fine(Part.TESTS, "unit passed, signed by ci")


def test_tests_with_a_wrong_signature_prove_nothing() -> None:
    wrong = Signature(key_id="ci", problem="is not one of these results by the key ci")
    shown = item(Part.TESTS, tests=(passed("unit"),), tests_signature=wrong)
    assert shown == missing(
        Part.TESTS,
        "their signature is not one of these results by the key ci",
        "sign `validation/tests.json` with a key that Herald knows, and log it anew",
    )


def test_every_test_that_did_not_pass_is_named() -> None:
    results = (passed("unit", "failed"), passed("drift"), passed("load", "skipped"))
    shown = item(Part.TESTS, tests=results)
    assert shown == missing(Part.TESTS, "load, unit did not pass", "mend the model or the tests")


def test_of_several_results_of_a_test_the_newest_counts() -> None:
    later = replace(passed("load"), finished_at=NOW - timedelta(seconds=1))
    first = replace(passed("load", "failed"), finished_at=NOW - timedelta(seconds=2))
    assert item(Part.TESTS, tests=(later, first)) == fine(Part.TESTS, "load passed")


def test_results_that_are_not_of_this_run_up_to_now_are_none() -> None:
    results = (
        replace(passed("unit"), run_id="run-8"),
        replace(passed("load"), finished_at=NOW + timedelta(seconds=1)),
    )
    remedy = "log `validation/tests.json` from the run that tests it"
    shown = item(Part.TESTS, tests=results)
    assert shown == missing(Part.TESTS, "none that counts for this run", remedy)
    beside = item(Part.TESTS, tests=(*results, passed("drift")))
    assert beside == fine(Part.TESTS, "drift passed")


@pytest.mark.parametrize("tests", [None, ()])
def test_without_results_the_tests_are_missing(tests: tuple[TestResult, ...] | None) -> None:
    remedy = "log `validation/tests.json` from the run that tests it"
    assert item(Part.TESTS, tests=tests) == missing(Part.TESTS, "none", remedy)


@pytest.mark.parametrize(
    ("approvals", "found"),
    [
        (AGREED, "1 person agreed, in CR-1"),
        (
            (*AGREED, Approval(by=RISK, request="CR-1"), Approval(by=LEAD, request="CR-2")),
            "2 people agreed, in CR-1, CR-2",
        ),
    ],
)
def test_approvals_count_people_and_name_requests(
    approvals: tuple[Approval, ...], found: str
) -> None:
    assert item(Part.APPROVALS, approvals=approvals) == fine(Part.APPROVALS, found)


def test_a_version_that_nobody_approved_says_how_to_ask() -> None:
    shown = item(Part.APPROVALS, approvals=())
    assert shown == missing(Part.APPROVALS, "nobody has approved it", "ask for its promotion")


def test_a_version_that_waits_for_approval_names_the_request() -> None:
    found = items_of(make_version_evidence(), make_outcome(), (), NOW, "CR-7")
    (shown,) = [each for each in found if each.part is Part.APPROVALS]
    assert shown == missing(
        Part.APPROVALS,
        "CR-7 waits for approval",
        "`/model request CR-7` shows who may approve",
    )


FOLDERS = [
    (Part.DOCUMENTATION, "documentation/", "documentation/model_card.yaml"),
    (Part.VALIDATION, "validation/", "validation/report.txt"),
]


@pytest.mark.parametrize(("part", "folder", "_example"), FOLDERS)
def test_a_folder_with_files_is_in_order(part: Part, folder: str, _example: str) -> None:
    assert item(part, artifacts={folder: True}) == fine(part, f"there are files in {folder}")


@pytest.mark.parametrize(("part", "folder", "example"), FOLDERS)
def test_an_empty_folder_says_what_to_log(part: Part, folder: str, example: str) -> None:
    expected = missing(part, f"nothing in {folder}", f"log it, for example as `{example}`")
    assert item(part, artifacts={folder: False}) == item(part) == expected


@pytest.mark.parametrize(
    ("part", "source"),
    [
        (Part.REQUIREMENTS, "contents"),
        (Part.TESTS, "tests"),
        (Part.DOCUMENTATION, "file documentation/"),
        (Part.VALIDATION, "file validation/"),
    ],
)
def test_what_cannot_be_read_says_why_and_to_ask_again(part: Part, source: str) -> None:
    shown = item(part, unreadable=(Unreadable(part=source, reason="no permission"),))
    assert shown == Item(
        part=part,
        state=PartState.UNREADABLE,
        found="no permission",
        remedy="ask again once it can be read",
    )


def test_a_person_approves_a_request_once_however_often_he_clicked() -> None:
    decided = [("CR-2", LEAD), ("CR-1", RISK), ("CR-2", LEAD), ("CR-1", LEAD)]
    assert list(approvals_of(decided)) == [
        Approval(by=LEAD, request="CR-2"),
        Approval(by=RISK, request="CR-1"),
        Approval(by=LEAD, request="CR-1"),
    ]


REPORT = ComplianceReport(
    key=CardKey("k"),
    model=MODEL,
    version=7,
    aliases=(CHAMPION, CHALLENGER),
    items=(fine(Part.TESTS, "unit passed"),),
    approvals=AGREED,
    at=NOW,
)


def test_the_kept_report_holds_every_part_in_one_form() -> None:
    gap = missing(Part.DESCRIPTION, "none", "describe it")
    kept = replace(REPORT, items=(*REPORT.items, gap)).content()
    assert kept == {
        "schema": 1,
        "model": MODEL,
        "version": 7,
        "aliases": ["challenger", "champion"],
        "at": NOW,
        "complete": False,
        "parts": {
            "tests": {"state": "ok", "found": "unit passed", "remedy": ""},
            "description": {"state": "missing", "found": "none", "remedy": "describe it"},
        },
        "approvals": [{"by": LEAD, "request": "CR-1"}],
    }


def test_a_report_is_complete_when_every_part_is_in_order() -> None:
    assert REPORT.is_complete
    assert REPORT.content()["complete"] is True
